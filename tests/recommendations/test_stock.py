"""What a process keeps of the catalogue, and for how long."""

from dataclasses import replace

import numpy as np
import pytest

from catalog.models import Track
from recommendations.serving import stock as stocks
from recommendations.serving.live import current
from recommendations.serving.stock import Stock, stock_of
from tests.factories import make_track
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks():
    return [make_track(title) for title in ("Salt Road", "Sand", "Stone", "Shore")]


@pytest.fixture
def stock(tracks):
    go_live(tracks, {})
    return stock_of(current())


def test_titles_are_read_once(stock, tracks, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = stock.titles([0, 1])
        again = stock.titles([1, 0])

    assert first == again
    assert [first[column].title for column in (0, 1)] == ["Salt Road", "Sand"]


def test_a_new_title_is_known_after_a_while(stock, tracks, monkeypatch):
    stock.titles([0])
    Track.objects.filter(pk=tracks[0].pk).update(title="Salt Roads")

    assert stock.titles([0])[0].title == "Salt Road"
    monkeypatch.setattr(stocks, "LATER", 0)
    assert stock.titles([0])[0].title == "Salt Roads"


def test_what_is_gone_has_no_title(stock, tracks, django_assert_num_queries):
    Track.objects.filter(pk=tracks[1].pk).delete()

    with django_assert_num_queries(1):
        assert stock.titles([0, 1]).keys() == stock.titles([1, 0]).keys() == {0}


def test_no_more_titles_are_kept_than_may_be(stock, monkeypatch):
    monkeypatch.setattr(stocks, "TITLES", 3)

    for columns in ([0, 1], [2, 3], [0, 1, 2, 3]):
        assert stock.titles(columns).keys() == {*columns}
    stock.titles([0])
    assert len(stock.names._known) <= 3


def test_a_new_model_reads_no_title_anew(stock, tracks, django_assert_num_queries):
    stock.titles([0, 1, 2])
    go_live(tracks[1:])

    other = stock_of(current())

    assert other is not stock
    with django_assert_num_queries(0):
        named = other.titles([0, 1])
    assert [named[column].title for column in (0, 1)] == ["Sand", "Stone"]


def test_all_recordings_of_a_work_are_found(stock):
    work = np.array([2, 0, 2, -1], np.int32)
    live = replace(stock.live, model=replace(stock.live.model, work=work))
    stock = Stock(live)

    for columns in ([0], [1], [3], [0, 1], [2, 3], []):
        found = stock.versions(np.array(columns, np.int32))
        works = {work[column] for column in columns} - {-1}
        assert sorted(found) == [column for column in range(4) if work[column] in works]
