"""The Celery app. Every number here was measured; docs/operations.md says what it is for."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musicsite.settings")

SWEEP_SECONDS = 15.0

app = Celery("musicsite")
app.conf.update(
    # The broker is only a bell: the state of the work is in the Job rows.
    task_ignore_result=True,
    result_backend=None,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="interactive",
    # A ring is heard again when the process that heard it dies.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_acks_on_failure_or_timeout=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=600_000,  # kB
    worker_cancel_long_running_tasks_on_connection_loss=False,  # claimed rows are not run twice
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 1800,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "max_retries": 1,
    },
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
    },
    beat_scheduler="redbeat.RedBeatScheduler",
    redbeat_lock_timeout=30,
    beat_max_loop_interval=5,
    beat_schedule={
        "sweep": {
            "task": "jobs.sweep",
            "schedule": SWEEP_SECONDS,
            "options": {"queue": "interactive", "expires": SWEEP_SECONDS},
        }
    },
)
# Root is warned of a pickled message's powers; ours are JSON and no other is accepted.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def tell_beat_where_its_redis_is(sender: Celery, **kwargs: Any) -> None:
    """RedBeat writes a Unix socket in another way than Celery, and would die of a lost Redis."""
    sender.conf.redbeat_redis_url = settings.REDIS_URL
    sender.conf.redbeat_redis_options = {"retry": Retry(ExponentialBackoff(cap=5, base=0.1), -1)}


@setup_logging.connect
def keep_the_sites_logging(**kwargs: Any) -> None:
    """Celery configures logging only where nobody listens to this."""
