"""As little of the site as a worker needs, with a clock that is quicker."""

import environ

env = environ.Env()

SECRET_KEY = "for-tests-only"
INSTALLED_APPS = ["django.contrib.contenttypes", "jobs", "tests.jobs.chaos"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": env.db_url("DATABASE_URL")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
LOGGING_CONFIG = None

JOBS_HEARTBEAT_SECONDS = 0.3
JOBS_STALE_SECONDS = 2
REDIS_URL = CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": 1.0, "options": {"expires": 1.0}}
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_REDBEAT_LOCK_TIMEOUT = 5
