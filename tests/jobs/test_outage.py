"""An outage is told from a wrong question by what the database said."""

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from jobs.outage import is_away


class Cause(Exception):
    def __init__(self, **said):
        vars(self).update(said)


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ({"pgcode": None}, True),  # the connection is lost
        ({"pgcode": "08006"}, True),
        ({"pgcode": "53300"}, True),  # too many connections
        ({"pgcode": "55P03"}, True),  # a lock was not given in time
        ({"pgcode": "57P01"}, True),  # shut down
        ({"pgcode": "57014"}, True),  # took too long
        ({"pgcode": "55000"}, False),
        ({"pgcode": "42703"}, False),  # no such column
        ({"sqlite_errorname": "SQLITE_BUSY"}, True),
        ({"sqlite_errorname": "SQLITE_IOERR_WRITE"}, True),
        ({"sqlite_errorname": "SQLITE_ERROR"}, False),  # no such table
    ],
)
@pytest.mark.parametrize("kind", [InterfaceError, OperationalError])
def test_what_the_database_says_decides(kind, said, away):
    error = kind("no")
    error.__cause__ = Cause(**said)

    assert is_away(error) is away


@pytest.mark.parametrize("error", [None, ValueError(), ProgrammingError("no such column")])
def test_other_errors_are_none(error):
    assert not is_away(error)
