"""Whatever is brought, scrobbled and undone, in whatever order: nothing is lost or made up."""

import json
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models.functions import Coalesce
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.models import Track
from catalog.services.merging import merge_tracks, split_track
from catalog.services.refusing import Refused
from listening.arrivals import Arrival
from listening.models import Feedback, FeedbackChange, Play, Sighting, Source
from listening.services import importing
from listening.services.recording import record_plays
from tests.factories import make_artist, make_listener, make_track
from tests.listening.imports.exports import scrobble, spotify

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
START = datetime(2024, 3, 1, tzinfo=UTC)
TRACKS = ("Glass Harbour", "Salt Road", "Low Tide")

moments = st.integers(0, 40).map(lambda n: START + timedelta(minutes=7 * n))
heard = st.lists(st.tuples(st.sampled_from(TRACKS), moments), max_size=8)
likes = st.lists(
    st.tuples(st.sampled_from(TRACKS), st.sampled_from(["like", "dislike"])), max_size=3
)
doings = [
    st.tuples(st.just("spotify"), heard),
    st.tuples(st.just("lastfm"), heard),
    st.tuples(st.just("segue"), likes),
    st.tuples(st.just("scrobble"), heard),
    st.tuples(st.just("undo"), st.integers(0, 5)),
]
curations = [
    st.tuples(st.just("merge"), st.permutations(TRACKS).map(lambda tracks: tuple(tracks[:2]))),
    st.tuples(st.just("split"), st.sampled_from(TRACKS)),
]
steps = st.lists(st.one_of(doings), max_size=7)
curated_steps = st.lists(st.one_of(doings + curations), min_size=2, max_size=9)


def _spotify(plays):
    return [
        spotify(
            ts=f"{at + timedelta(seconds=200):%Y-%m-%dT%H:%M:%SZ}",
            master_metadata_track_name=title,
            spotify_track_uri=None,
        )
        for title, at in plays
    ]


def _lastfm(plays):
    return [{"track": [scrobble(int(at.timestamp()) + 11, title) for title, at in plays]}]


def _segue(likes):
    at = f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    told = [
        {"kind": kind, "on": "track", "name": name, "artists": ["Mira Vale"], "at": at}
        for name, kind in likes
    ]
    return {"segue": "feedback", "version": 1, "feedback": told}


EXPORTS = {"spotify": _spotify, "lastfm": _lastfm, "segue": _segue}


def bring(listener, folder, kind, told):
    if not told:
        return None
    path = Path(folder, "export.json")
    path.write_text(json.dumps(EXPORTS[kind](told)))
    import_ = importing.open_import(listener=listener, path=path, at=NOW)
    done = importing.read_import(import_, path, at=NOW)
    assert sum(done.counts.values()) == done.position == len(told)
    return done


def tell(listener, plays):
    arrivals = [
        Arrival(at + timedelta(seconds=3), "Mira Vale", title, ms_played=200_000)
        for title, at in plays
    ]
    record_plays(listener=listener, arrivals=arrivals, source=Source.SCROBBLE, at=NOW)


def curate(kind, told):
    with suppress(Refused):
        if kind == "merge":
            survivor, other = (Track.objects.get(title=title) for title in told)
            merge_tracks(survivor=survivor, tracks=[other], by=None, at=NOW)
        else:
            split_track(track=Track.objects.get(title=told), by=None, at=NOW)


def state(listener):
    """What the listener has, whoever told of it; of an echo, whose moment stands is a matter of
    who came first, so moments count by the listening that they are of."""
    shown = Coalesce("track__canonical__title", "track__title")
    plays = listener.plays.values_list(shown, "started_at")
    by_listening = Counter(
        (title, round((at - START) / timedelta(minutes=7))) for title, at in plays
    )
    thoughts = Feedback.objects.filter(listener=listener)
    return by_listening, Counter(thoughts.values_list("track__title", "kind"))


def play_out(listener, folder, steps, *, left_out=frozenset()):
    """Do the steps; return the import of each, and which were undone."""
    imports, undone = {}, set()
    for number, (kind, told) in enumerate(steps):
        if kind == "scrobble":
            tell(listener, told)
        elif kind in ("merge", "split"):
            curate(kind, told)
        elif kind == "undo":
            standing = [one for one in imports if one not in undone]
            if standing:
                chosen = standing[told % len(standing)]
                importing.undo(import_=imports[chosen], at=NOW)
                undone.add(chosen)
        elif number not in left_out and (done := bring(listener, folder, kind, told)):
            imports[number] = done
    return undone


def without_undos(steps, undone):
    """Return the other steps, and which of them were undone, by their number among these."""
    numbers = [n for n, step in enumerate(steps) if step[0] != "undo"]
    return [steps[n] for n in numbers], frozenset(numbers.index(n) for n in undone)


@settings(max_examples=25, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=steps)
def test_what_is_undone_leaves_what_would_be_without_it(steps):
    """A listener who undid imports has what one has who never brought them."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        changed_mind, never_brought = make_listener(), make_listener()

        undone = play_out(changed_mind, folder, steps)
        kept, left_out = without_undos(steps, undone)
        play_out(never_brought, folder, kept, left_out=left_out)

        assert state(changed_mind) == state(never_brought)
        assert not FeedbackChange.objects.filter(source_import__state="undone").exists()
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@example(
    steps=[  # the play of the first is gone, and what the second told of it is now of another's
        ("spotify", [(TRACKS[0], START)]),
        ("spotify", [(TRACKS[0], START), (TRACKS[1], START)]),
        ("merge", TRACKS[:2]),
        ("undo", 0),
    ]
)
@given(steps=curated_steps)
def test_what_curators_join_and_split_meanwhile_changes_nothing_of_that(steps):
    with transaction.atomic():
        artist = make_artist("Mira Vale")
        for title in TRACKS:
            make_track(title, artist=artist)
        changed_mind, undone = played_out(steps)
        kept, left_out = without_undos(steps, undone)

        never_brought, _ = played_out(kept, left_out=left_out)

        assert changed_mind == never_brought
        transaction.set_rollback(True)


def played_out(steps, *, left_out=frozenset()):
    """Return what a listener has after these steps, and which were undone; leave no trace."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        listener = make_listener()
        undone = play_out(listener, folder, steps, left_out=left_out)
        after = (listenings(listener), tellings(listener))
        transaction.set_rollback(True)
    return after, undone


def listenings(listener):
    """What the listener has. Two tracks told of at one moment are two plays, or one where they
    were one track before they were told of: a merge moves nothing."""
    plays, thoughts = state(listener)
    return set(plays), thoughts


def tellings(listener):
    """All that is kept of what sources told, whatever it is of now."""
    told = [model.objects.filter(listener=listener) for model in (Play, Sighting)]
    rows = (rows.values_list("source", "track__title", "started_at") for rows in told)
    return set(chain.from_iterable(rows))


@settings(max_examples=15, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=steps)
def test_bringing_everything_again_adds_nothing(steps):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        listener = make_listener()
        kept = [step for step in steps if step[0] != "undo"]
        play_out(listener, folder, kept)
        before = state(listener)

        play_out(listener, folder, kept)

        assert state(listener)[0] == before[0]
        transaction.set_rollback(True)
