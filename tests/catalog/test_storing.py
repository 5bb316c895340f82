import pytest
from django.db import connection, transaction

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


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_indexes_are_preferred_in_one_transaction_alone():
    with transaction.atomic():
        storing.use_indexes()
        assert asked("SHOW enable_seqscan") == "off"
    assert asked("SHOW enable_seqscan") == "on"


@pytest.mark.postgres
@pytest.mark.parametrize(("chunks", "counted"), [(0, 0), (1, 1), (2, 1), (3, 0), (4, 1), (6, 0)])
def test_a_table_is_counted_each_time_it_has_doubled(chunks, counted):
    now = storing.as_moment(NOON)
    rows = [(name, f"key {number}", "curator", now) for number, name in enumerate(ODD)]
    storing.insert(Artist, ("name", "match_key", "source", "created_at"), rows)

    storing.count_anew(Artist, "match_key", chunks=chunks)

    stats = "SELECT count(*) FROM pg_stats WHERE tablename = 'catalog_artist' AND attname = '{}'"
    assert asked(stats.format("match_key")) == counted
    assert asked(stats.format("name")) == 0
