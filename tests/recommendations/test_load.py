"""Speed is promised for 100,000 tracks and 5,000 listeners, PostgreSQL, Redis and two workers."""

import random

import numpy as np
import pytest
from django.utils.timezone import now

from recommendations.models import ModelVersion, Slate
from tests.recommendations.big_world import another_model, make_big_world, promote
from tests.recommendations.site import Site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.timeout(1800),
]

TRACKS, LISTENERS = 100_000, 5_000
RATE, SECONDS = 120, 20  # requests a second
LIST_P95_MS, ANSWER_P95_MS = 60, 80
ANSWERS_A_SECOND = 5


def told(name, ms, wrong, capsys):
    """Print the figure, which is what the test is for."""
    p50, p95, p99 = np.percentile(ms, [50, 95, 99])
    words = f"{name}: {ms.size} requests, median {p50:.0f} ms, p95 {p95:.0f}, p99 {p99:.0f}"
    words += f", {len(wrong)} errors {sorted({str(each) for each in wrong})[:3]}"
    with capsys.disabled():
        print(f"\n{words}")  # noqa: T201 -- the figure is what the test is for
    return p95, words


def last_slates():
    """Return the list that each listener saw last, in the order of their keys."""
    slates = {slate.listener_id: slate for slate in Slate.objects.order_by("pk")}
    return [slates[pk] for pk in sorted(slates)]


def liked(slate, rng):
    """Like one track of the list on the screen, which the answer is compared with."""
    return {"kind": "like", "track": rng.choice(slate.tracks), "slate": slate.pk}


def test_lists_and_answers_hold_under_load(tmp_path, capsys):
    keys = make_big_world(tracks=TRACKS, listeners=LISTENERS, at=now())
    site = Site(tmp_path)
    rng = random.Random(1)
    try:
        lists = [site.request("GET", "/api/v1/recommendations/", key) for key in keys]
        rng.shuffle(lists)
        site.load(lists, rate=50, seconds=LISTENERS / 50)  # everybody once: the cache is filled
        ms, wrong = site.load(lists, rate=RATE, seconds=SECONDS)
        p95, words = told(f"lists, {RATE} a second", ms, wrong, capsys)
        said = [(key, liked(slate, rng)) for key, slate in zip(keys, last_slates(), strict=True)]
        said = said[: ANSWERS_A_SECOND * 30]
        likes = [site.request("POST", "/api/v1/feedback/", key, like) for key, like in said]
        answer_ms, answer_wrong = site.load(likes, rate=ANSWERS_A_SECOND, seconds=30)
        answer_p95, answer_words = told("answers to a like", answer_ms, answer_wrong, capsys)
        undos = [site.request("POST", "/api/v1/feedback/undo/", key, like) for key, like in said]
        undo_ms, undo_wrong = site.load(undos, rate=ANSWERS_A_SECOND, seconds=30)
        undo_p95, undo_words = told("undone again", undo_ms, undo_wrong, capsys)
        other = another_model()
        with site.training():
            promote(other)
            busy_ms, busy_wrong = site.load(lists, rate=RATE, seconds=SECONDS)
        busy_p95, busy_words = told(
            "lists, while one model trains and one goes live", busy_ms, busy_wrong, capsys
        )
    finally:
        site.stop()

    assert not wrong, words
    assert p95 < LIST_P95_MS, words
    assert not answer_wrong, answer_words
    assert answer_p95 < ANSWER_P95_MS, answer_words
    assert not undo_wrong, undo_words
    assert undo_p95 < ANSWER_P95_MS, undo_words
    assert not busy_wrong, busy_words
    assert busy_p95 < LIST_P95_MS, busy_words
    served = set(Slate.objects.order_by("-pk").values_list("model", flat=True)[:200])
    assert served == set(ModelVersion.objects.live().values_list("pk", flat=True))
