"""One place turns a refusal into an HTTP answer."""

from __future__ import annotations

from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException

from accounts.services import AccountError
from jobs.outage import AGAIN, is_away
from listening.services.feedback import FeedbackError
from listening.services.importing import NotNow
from recommendations.serving import NoModel

# The message of these may be shown as it stands. Anything else is a bug: a 500.
REFUSALS: tuple[type[Exception], ...] = (AccountError, FeedbackError, NotNow)


class Refused(APIException):
    status_code = 409
    default_code = "refused"


class NotYet(APIException):
    status_code = 503
    default_code = "not_yet"


class Away(APIException):
    status_code = 503
    default_code = "away"
    default_detail = "The database does not answer. Nothing was changed; ask again soon."
    wait = AGAIN


class Handler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, REFUSALS):
            return Refused(str(exc))
        if isinstance(exc, NoModel):
            return NotYet(str(exc))
        if is_away(exc):
            return Away()
        return super().convert_known_exceptions(exc)
