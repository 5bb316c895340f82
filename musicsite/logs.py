"""How the site speaks to its operator: JSON lines in production, readable ones elsewhere."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from jobs.redaction import redact


class StandardError(logging.StreamHandler):
    """Finds the stream anew for each line: supervisors and tests put others in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    hidden: EventDict = redact(event)
    return hidden


# What every line gets, whether it comes from structlog or from a library that uses logging.
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
]


def _formatter(*last: Processor) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        # The traceback becomes text first, so that a secret in it is found as well.
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            hide_secrets,
            *last,
        ],
    }


def logging_config(*, plain: bool, level: str = "INFO") -> dict[str, Any]:
    """Return the LOGGING setting, and set structlog up to go through it."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED[:-1],
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    readable = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=24,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": _formatter(structlog.processors.JSONRenderer(default=str)),
            "plain": _formatter(readable),
        },
        "filters": {"in_production": {"()": "django.utils.log.RequireDebugFalse"}},
        "handlers": {
            "operator": {
                "class": "django.utils.log.AdminEmailHandler",
                "level": "ERROR",
                "filters": ["in_production"],
            },
            "console": {
                "()": StandardError,
                "formatter": "plain" if plain else "json",
            },
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The request line of django_structlog says it all, once, with the request's id.
            "django": {"handlers": ["operator"], "level": "INFO"},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "django.request": {"level": "ERROR"},
            # Rings and sweeps come and go all day long; what jobs do is said by jobs itself.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }


def report_errors(dsn: str, *, environment: str) -> None:
    """Send what goes wrong to Sentry (or GlitchTip): no personal data, no secrets."""
    import sentry_sdk  # here, so that a site without it need not wait for it

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        traces_sample_rate=0,
        before_send=lambda event, hint: redact(event),
    )
