"""When the catalogue is explored, what of it, and what is kept."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from catalog.models import Exploration, FeatureSet, Genre, Track
from catalog.pipeline import exploring as pipeline
from catalog.pipeline.marks import catalogue_mark
from catalog.services.exploring import LATER, ask_for_exploration, is_out_of_date
from jobs import services as jobs
from jobs.models import Job, State
from tests.catalog.explored import explore_now, make_catalogue, make_tracks
from tests.factories import NOON, make_artist, make_features, make_genre, make_track

pytestmark = pytest.mark.django_db


def test_explores_the_whole_and_each_genre_with_all_that_grows_from_it():
    genres = make_catalogue()

    stored = explore_now()

    tracks = dict(Exploration.objects.values_list("genre__name", "tracks"))
    assert tracks == {None: 80, "folk": 30, "fado": 30, "metal": 50}
    assert stored == 4
    whole = Exploration.objects.of(None).get()
    beside = {one["genre"]: one["tracks"] for one in whole.findings["genres"]}
    assert beside == {genres["folk"].pk: 30, genres["metal"].pk: 50}
    folk = Exploration.objects.of(genres["folk"].pk).get()
    assert [one["genre"] for one in folk.findings["genres"]] == [genres["fado"].pk]


def test_reads_each_value_into_its_column():
    track = make_track(genre=make_genre(), year=1987, duration_ms=210_000, is_explicit=True)
    make_features(track, tempo=96.5, key=7, mode=0, liveness=0.25)
    unheard = make_track(duration_ms=None)

    known, unknown = pipeline.read_tracks().to_dict("records")

    assert (known["id"], known["artist"], known["genre"]) == (
        track.pk,
        track.artist_id,
        track.genre_id,
    )
    assert (known["duration"], known["year"], known["is_explicit"]) == (3.5, 1987, 1)
    assert (known["tempo"], known["key"], known["mode"], known["liveness"]) == (96.5, 7, 0, 0.25)
    assert unknown["id"] == unheard.pk
    assert all(unknown[name] != unknown[name] for name in ("duration", "year", "tempo", "genre"))


def test_leaves_out_what_nobody_is_shown():
    shown = make_track()
    make_track(hidden_at=NOON)
    make_track(canonical=shown)
    make_track(is_verified=False)
    make_track(artist=make_artist(hidden_at=NOON))

    assert pipeline.read_tracks()["id"].tolist() == [shown.pk]


def test_reads_in_chunks_and_misses_none(monkeypatch):
    monkeypatch.setattr(pipeline, "CHUNK", 2)
    tracks = [make_track() for _ in range(5)]

    assert pipeline.read_tracks()["id"].tolist() == [track.pk for track in tracks]


def test_a_second_time_changes_what_is_there():
    make_catalogue()
    explore_now()
    before = set(Exploration.objects.values_list("pk", flat=True))

    explore_now(at=NOON + timedelta(days=1))

    assert set(Exploration.objects.values_list("pk", flat=True)) == before
    assert not Exploration.objects.exclude(computed_at=NOON + timedelta(days=1)).exists()


def test_a_genre_that_has_too_few_tracks_now_is_explored_no_more():
    genres = make_catalogue()
    explore_now()

    Track.objects.filter(genre=genres["metal"]).update(hidden_at=NOON)
    explore_now()

    assert not Exploration.objects.filter(genre=genres["metal"]).exists()
    assert Exploration.objects.of(None).get().tracks == 30


def test_only_the_largest_genres_of_a_wild_catalogue_are_explored(monkeypatch):
    genres = make_catalogue()
    monkeypatch.setattr(pipeline, "MOST_GENRES", 1)

    explore_now()

    assert list(Exploration.objects.exclude(genre=None).values_list("genre", flat=True)) == [
        genres["metal"].pk
    ]


def test_an_empty_catalogue_is_explored_too():
    assert explore_now() == 1
    assert Exploration.objects.of(None).get().findings["counts"]["tracks"] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_track(),
        lambda: Track.objects.filter(pk=Track.objects.first().pk).update(hidden_at=NOON),
        lambda: Track.objects.filter(pk=Track.objects.first().pk).update(year=2001),
        lambda: Track.objects.filter(pk=Track.objects.first().pk).update(is_explicit=None),
        lambda: Track.objects.filter(pk=Track.objects.first().pk).update(genre=None),
        lambda: FeatureSet.objects.filter(pk=FeatureSet.objects.first().pk).update(valence=0.99),
        lambda: Genre.objects.filter(name="metal").update(parent=Genre.objects.get(name="folk")),
    ],
    ids=["new", "hidden", "year", "explicit", "genre", "sound", "tree"],
)
def test_a_change_of_the_catalogue_is_seen(change):
    folk = make_genre("folk")
    make_genre("metal")
    make_tracks(folk, 3)
    explore_now()
    assert not is_out_of_date()

    change()

    assert is_out_of_date()


def test_what_changes_meanwhile_is_not_missed(monkeypatch):
    make_catalogue()
    read = pipeline.read_tracks
    monkeypatch.setattr(pipeline, "read_tracks", lambda: (read(), make_track())[0])

    explore_now()

    assert is_out_of_date()


def test_a_stopped_exploration_is_done_again():
    make_catalogue()

    with pytest.raises(KeyboardInterrupt):
        pipeline.explore(at=NOON, progress=stop_after(0.5))

    assert is_out_of_date()


def stop_after(enough):
    def progress(share, words):
        if share > enough:
            raise KeyboardInterrupt

    return progress


def test_the_mark_costs_two_questions(django_assert_num_queries):
    make_catalogue()

    with django_assert_num_queries(2):
        first = catalogue_mark()

    assert first == catalogue_mark()


def test_is_asked_for_once_and_the_first_time_at_once():
    first, again = ask_for_exploration(at=now()), ask_for_exploration(at=now())

    assert first == again
    assert Job.objects.count() == 1
    assert first.due <= now()


def test_waits_a_little_for_more_changes_once_there_is_something_to_see():
    explore_now()

    job = ask_for_exploration(at=now())

    assert now() + LATER / 2 < job.due <= now() + LATER


def run_the_job():
    """Run `catalog.explore`, and return its row."""
    job = ask_for_exploration(at=now())
    Job.objects.update(due=NOON)
    jobs.run_due()
    job.refresh_from_db()
    return job


def test_the_job_explores_what_has_changed():
    make_catalogue()

    job = run_the_job()

    assert job.state == State.DONE
    assert job.result == "The catalogue and 3 of its genres are explored."
    assert Exploration.objects.count() == 4


def test_the_job_has_little_to_do_when_nothing_has_changed():
    explore_now()

    job = run_the_job()

    assert job.result == "Nothing has changed."
    assert Exploration.objects.get().computed_at == NOON


def test_the_command_says_what_it_does(capsys):
    make_catalogue()

    call_command("explore")

    said = capsys.readouterr().out
    assert "  0%  Reading tracks" in said
    assert "The catalogue and 3 of its genres are explored." in said
