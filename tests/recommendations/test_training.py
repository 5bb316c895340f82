"""The life cycle: one training at a time, measured, published, promoted by rule or not at all."""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from jobs.services.owners import this_process
from recommendations import pipeline, serving
from recommendations.engine.evaluation.page import UNKNOWN
from recommendations.models import ModelAct, ModelVersion
from recommendations.pipeline import claiming, clearing, publishing, training
from recommendations.pipeline.figures import figures_of
from recommendations.pipeline.gate import Verdict
from recommendations.services import promoting
from tests.factories import (
    NOON,
    make_curator,
    make_feedback,
    make_listener,
    make_play,
    make_track,
)
from tests.recommendations.worlds import make_camps

pytestmark = pytest.mark.django_db

State = ModelVersion.State
ELSEWHERE = "another-machine/12/34"


@pytest.fixture
def teacher():
    listener = make_listener(shares_taste=True)
    make_play(listener)
    return listener


def gone_process():
    """Somebody of this machine who is no more."""
    child = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True
    )
    return f"{this_process().partition('/')[0]}/{int(child.stdout)}/1"


def in_training(**fields):
    fields = {"held_by": ELSEWHERE, "heartbeat_at": NOON} | fields
    return ModelVersion.objects.create(
        algorithm="hybrid", state=State.TRAINING, started_at=NOON, **fields
    )


def state_of(row):
    row.refresh_from_db()
    return row.state


# What a training leaves behind


def test_a_version_says_what_it_is_made_of(teacher):
    row = pipeline.train(at=NOON)

    row.refresh_from_db()
    assert row.data["plays"] == row.data["listeners"] == 1
    assert {"python", "numpy", "scipy", "numba", "implicit"} <= set(row.libraries)
    assert set(row.parameters) == {"choice", "mix", "seed"}
    assert len(row.checksum) == 64
    assert row.finished_at > row.started_at == NOON
    assert (row.held_by, row.progress) == ("", 1.0)


def test_it_says_how_far_it_is(teacher):
    said = []

    pipeline.train(at=NOON, progress=lambda share, words: said.append((share, words)))

    shares = [share for share, _words in said]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert {"Reading plays", "Learning from everything", "Publishing"} <= {w for _s, w in said}


def test_the_row_tells_of_the_step_it_is_at(teacher, monkeypatch):
    seen = []
    monkeypatch.setattr(
        training, "read_catalogue", lambda ids: seen.append(ModelVersion.objects.get()) or 1 / 0
    )

    with pytest.raises(ZeroDivisionError):
        pipeline.train(at=NOON)

    assert (seen[0].state, seen[0].step) == (State.TRAINING, "Reading the catalogue")


def test_the_command_says_what_became_of_it(teacher, capsys):
    call_command("train")

    said = capsys.readouterr().out
    assert "  0%  Reading plays" in said
    assert f"Model {ModelVersion.objects.get().pk} is live. Only 1 listeners" in said


def test_the_command_says_calmly_that_there_is_nothing(capsys):
    call_command("train")

    assert "Nothing was trained. No track here may be recommended yet." in capsys.readouterr().out


# One at a time


def test_while_one_trains_no_other_begins(teacher):
    other = in_training()

    with pytest.raises(pipeline.AlreadyTraining):
        pipeline.train(at=NOON + timedelta(seconds=30))

    assert state_of(other) == State.TRAINING


def test_a_training_that_fell_silent_is_marked_failed_and_taken_over(teacher):
    lost = in_training()

    row = pipeline.train(at=NOON + claiming.STALE + timedelta(seconds=1))

    assert state_of(lost) == State.FAILED
    assert lost.message == claiming.ENDED
    assert row.state == State.LIVE


def test_of_a_process_that_is_gone_nobody_waits_for_silence(teacher):
    lost = in_training(held_by=gone_process())

    pipeline.train(at=NOON)

    assert state_of(lost) == State.FAILED


def test_a_living_process_of_this_machine_keeps_its_claim_however_long_it_is_silent():
    row = in_training(held_by=this_process())

    claiming.release_stale(at=NOON + timedelta(hours=3))

    assert state_of(row) == State.TRAINING


def test_who_was_taken_over_stores_nothing(teacher, monkeypatch):
    def taken_over(*args, **options):
        ModelVersion.objects.update(state=State.FAILED)
        return store(*args, **options)

    store = publishing.store
    monkeypatch.setattr(publishing, "store", taken_over)

    with pytest.raises(pipeline.TakenOver):
        pipeline.train(at=NOON)

    row = ModelVersion.objects.get()
    assert (row.state, row.artifact) == (State.FAILED, "")
    assert not default_storage.exists(f"models/{row.pk}/manifest.json")


def test_a_training_that_breaks_says_where_and_why(teacher, monkeypatch):
    monkeypatch.setattr(training, "read_catalogue", lambda ids: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        pipeline.train(at=NOON)

    row = ModelVersion.objects.get()
    assert row.state == State.FAILED
    assert row.message == "Reading the catalogue: division by zero"
    assert pipeline.train  # the next one is free to begin


@pytest.mark.django_db(transaction=True)
def test_it_says_that_it_is_alive_while_it_works(teacher, monkeypatch):
    monkeypatch.setattr(claiming, "HEARTBEAT", timedelta(seconds=0.02))
    row = in_training(held_by=this_process())
    later = NOON + timedelta(minutes=1)

    with claiming.beating(row, lambda: later):
        deadline = time.monotonic() + 10
        while row.heartbeat_at != later and time.monotonic() < deadline:
            time.sleep(0.02)
            row.refresh_from_db()

    assert row.heartbeat_at == later


# What is measured, and what follows


@pytest.mark.slow
def test_a_good_first_version_goes_live_and_the_next_is_compared_with_it():
    make_camps()

    first = pipeline.train(at=NOON)
    second = pipeline.train(at=NOON + timedelta(days=1))

    assert first.state == State.LIVE, first.message
    evaluations = first.metrics["evaluations"]
    assert set(evaluations) == {"candidate", "knn", "popularity"}
    assert first.metrics["asked"] == evaluations["candidate"]["n_users"] == 40
    assert "the last 20% of the plays" in evaluations["candidate"]["split"]
    chosen_by = evaluations["candidate"]["validation"]
    assert "of each user's items held out" in chosen_by["split"]
    assert 0 < chosen_by["accuracy"]["ndcg"]["mean"] <= 1
    fragment = figures_of(first).fragment()
    assert fragment["has_validation"]
    assert fragment["figures"][0]["validation"] != UNKNOWN
    assert first.metrics["versus"]["popularity"]["low"] > 0
    assert second.metrics["compared_with"] == first.pk
    assert second.metrics["versus"]["live"]["mean"] == 0  # the same settings, so the same lists
    assert [state_of(first), state_of(second)] == [State.RETIRED, State.LIVE]
    acts = ModelAct.objects.order_by("pk").values_list("kind", "version", "replaced", "by")
    assert list(acts) == [
        ("promoted", first.pk, None, None),
        ("promoted", second.pk, first.pk, None),
    ]


@pytest.mark.slow
def test_where_nothing_is_good_enough_the_most_popular_go_live_by_rule(monkeypatch):
    make_camps()
    monkeypatch.setattr(training, "decide", lambda *_, **__: Verdict(False, "Not good enough."))

    candidate = pipeline.train(at=NOON)

    live = ModelVersion.objects.live().get()
    assert (state_of(candidate), candidate.message) == (State.READY, "Not good enough.")
    assert (live.algorithm, live.message) == ("popularity", training.NO_VERSION)
    assert serving.current_version() == live.pk
    assert serving.recommend(listener=make_listener(), at=NOON, n=3)

    pipeline.train(at=NOON)
    assert ModelVersion.objects.live().get() == live  # one is live already: the rule rests


def meanwhile(monkeypatch, act):
    """Let this happen once, while the next training is nearly done."""
    draw = training.draw_map

    def drawn(*arguments, **options):
        monkeypatch.setattr(training, "draw_map", draw)
        act()
        return draw(*arguments, **options)

    monkeypatch.setattr(training, "draw_map", drawn)


def make_live(version):
    version.refresh_from_db()
    promoting.promote(version=version, by=make_curator(), at=NOON)


def test_who_rolls_back_while_a_version_trains_is_not_overruled_by_it(teacher, monkeypatch):
    first, _second = pipeline.train(at=NOON), pipeline.train(at=NOON)
    meanwhile(monkeypatch, lambda: make_live(first))

    third = pipeline.train(at=NOON)

    assert state_of(third) == State.READY
    assert third.message.endswith(
        f"But version {first.pk} was made live while this one trained, and the two were not "
        "compared."
    )
    assert ModelVersion.objects.live().get() == first
    make_live(third)  # the choice is a person's
    assert state_of(third) == State.LIVE


def test_who_rolls_back_and_forth_leaves_all_as_it_was_measured(teacher, monkeypatch):
    first, second = pipeline.train(at=NOON), pipeline.train(at=NOON)
    meanwhile(monkeypatch, lambda: [make_live(first), make_live(second)])

    assert pipeline.train(at=NOON).state == State.LIVE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_promotes_while_a_person_does_waits_for_what_becomes_of_it(teacher):
    first, second = pipeline.train(at=NOON), pipeline.train(at=NOON)
    row = in_training()
    said = {"artifact": second.artifact}
    at_it = threading.Event()

    def choose():
        with transaction.atomic():
            make_live(first)
            at_it.set()
            time.sleep(0.5)
        connection.close()

    person = threading.Thread(target=choose)
    person.start()
    at_it.wait(10)
    training._publish(row, Verdict(True, "Better."), said, compared=second, at=NOON)
    person.join()

    assert [state_of(version) for version in (first, row)] == [State.LIVE, State.READY]


@pytest.mark.slow
def test_what_a_person_makes_live_in_time_is_not_followed_by_the_most_popular(monkeypatch):
    make_camps()
    monkeypatch.setattr(training, "decide", lambda *_, **__: Verdict(False, "Not good enough."))
    fit = training.fit_popularity

    def fitted(*arguments):
        make_live(ModelVersion.objects.get(state=State.READY))
        return fit(*arguments)

    monkeypatch.setattr(training, "fit_popularity", fitted)

    candidate = pipeline.train(at=NOON)

    assert state_of(candidate) == State.LIVE
    popular = ModelVersion.objects.get(algorithm="popularity")
    assert popular.state == State.READY
    assert f"But version {candidate.pk} was made live" in popular.message


def test_what_is_learnt_for_the_measure_knows_nothing_of_what_came_after():
    camps = make_camps(listeners=10)
    ids = pipeline.read_interactions(at=NOON).item_ids
    make_feedback(
        make_listener(shares_taste=True), track=camps[0][0], given_at=NOON - timedelta(hours=1)
    )

    split = pipeline.read_split(ids, at=NOON)

    both = split.held_out.multiply(split.train.matrix)
    assert both.nnz == 0
    assert split.train.matrix.nnz == 10 * 12 + 10 * 5 - split.held_out.nnz + 1 - 0
    assert split.held_out[-1].nnz == 1
    assert split.train.matrix[-1].nnz == 0


def test_with_nobody_to_learn_from_a_version_goes_live_by_rule_and_says_so():
    make_track()
    make_play(make_listener(shares_taste=False))

    row = pipeline.train(at=NOON)

    assert state_of(row) == State.LIVE
    assert row.algorithm == "content"
    assert row.data["listeners"] == 0
    assert row.data["plays_left_out"] == row.data["listeners_left_out"] == 1
    assert "Only 0 listeners could be asked" in row.message


# What stays


def test_of_what_was_replaced_a_few_stay_to_roll_back_to(teacher, monkeypatch):
    monkeypatch.setattr(clearing, "KEPT", 1)
    rows = [pipeline.train(at=NOON) for _ in range(3)]

    kept = [bool(ModelVersion.objects.get(pk=row.pk).artifact) for row in rows]
    assert kept == [False, True, True]
    assert not default_storage.exists(f"models/{rows[0].pk}/manifest.json")
    assert set(default_storage.listdir("models")[0]) == {str(row.pk) for row in rows[1:]}
