"""How gunicorn serves the site: each process at one request, with threads for those that wait."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musicsite.settings")
# Lists are made by many requests at once; each does its small sums alone.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from django.conf import settings
from prometheus_client import multiprocess

wsgi_app = "musicsite.wsgi"
bind = "0.0.0.0:8000"  # a container's own; `manage.py serve` says 127.0.0.1
worker_class = "musicsite.serve.threads.Worker"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
if Path("/dev/shm").is_dir():  # noqa: S108 -- memory, so that a slow disk stops no heartbeat
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The site's own lines say what was asked; gunicorn's tell of its processes.
logconfig_dict = settings.LOGGING | {
    "loggers": settings.LOGGING["loggers"]
    | {
        "gunicorn.error": {"level": "INFO", "propagate": True},
        "gunicorn.access": {"level": "WARNING", "propagate": True},
    },
}

# The counts of all workers add up in files; those of an earlier run are none of ours.
_metrics = os.environ.setdefault(
    "PROMETHEUS_MULTIPROC_DIR", str(Path(tempfile.gettempdir(), f"segue-metrics-{os.getpid()}"))
)


def on_starting(server):
    shutil.rmtree(_metrics, ignore_errors=True)
    Path(_metrics).mkdir(parents=True)


def post_worker_init(worker):
    from musicsite import urls  # noqa: F401 -- it loads the pages; the site is set up only now
    from recommendations import serving

    serving.warm_up()
    gc.collect()
    gc.freeze()  # what stands now stays: no collection looks through it again


def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(_metrics, ignore_errors=True)
