"""Kept connections: one that the server has ended is noticed before it is used, without asking."""

import select

import pytest
from django.db import connection, connections

from musicsite.postgresql.base import DatabaseWrapper

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kept():
    """A connection of its own, as the site keeps one from request to request."""
    kept = connections.create_connection("default")
    kept.health_check_enabled = True
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield kept
    kept.close()


@pytest.fixture
def asked(monkeypatch):
    """How often the server was asked how it is."""
    asked = []
    is_usable = DatabaseWrapper.is_usable

    def counted(self):
        asked.append(self)
        return is_usable(self)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", counted)
    return asked


def process_of(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def ask(kept):
    """As the next request does."""
    kept.health_check_done = False
    return process_of(kept)


def test_a_connection_that_is_well_is_kept_and_asked_nothing(kept, asked):
    before = process_of(kept)
    assert ask(kept) == before
    assert not asked


def test_one_that_the_server_has_ended_is_replaced_before_it_is_used(kept, asked):
    before = process_of(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert ask(kept) != before
    assert len(asked) == 1


def test_one_that_is_closed_on_our_side_is_replaced(kept, asked):
    before = process_of(kept)
    kept.connection.close()
    assert ask(kept) != before


def test_one_on_which_something_waits_unasked_is_looked_at_and_kept(kept, asked):
    before = process_of(kept)
    with kept.cursor() as cursor:
        cursor.execute("LISTEN told")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY told")
    assert select.select([kept.connection], [], [], 10)[0]  # it comes after the answer, not with it

    assert ask(kept) == before
    assert len(asked) == 1
