import pytest
from django.db import connection

from catalog.models import Artist
from catalog.services import storing
from tests.factories import NOON

pytestmark = pytest.mark.django_db

ODD = ["a\\b", "tab\tnew\nline\rback", "\\N", "\\.", "", "ünï 夜 🌊", "'\"", "a,b;c"]


@pytest.mark.parametrize("or_ignore", [False, True])
def test_every_letter_is_stored_as_it_is(or_ignore):
    now = storing.as_moment(NOON)
    rows = [(name, f"key {number}", "curator", None, now) for number, name in enumerate(ODD)]
    fields = ("name", "match_key", "source", "canonical", "created_at")

    storing.insert(Artist, fields, rows, or_ignore=or_ignore)

    stored = Artist.objects.order_by("pk").values_list(
        "name", "canonical", "language", "created_at"
    )
    assert list(stored) == [(name, None, "", NOON) for name in ODD]


def test_few_pages_are_kept_while_it_lasts():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps pages for all, not for one")

    before = pages()
    with storing.few_pages(4000):
        meanwhile = pages()

    assert (meanwhile, pages()) == (-4000, before)


def pages():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA cache_size").fetchone()[0]
