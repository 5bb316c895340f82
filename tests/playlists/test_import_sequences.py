"""Brought, undone and changed by hand in whatever order: nothing is lost or made up."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Track
from listening.services import importing
from playlists.models import Playlist, Telling
from playlists.services import filling
from playlists.services.filling import AlreadyThere
from tests.factories import NOON, make_artist, make_listener, make_track
from tests.playlists.told import bring, export, shelf, told

pytestmark = pytest.mark.django_db

NAMES, TITLES = ("Rain", "Sun"), ("A", "B", "C", "D")

playlists = st.lists(
    st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(TITLES), max_size=5)),
    min_size=1,
    max_size=3,
)
brought = st.tuples(st.just("bring"), playlists)
undone = st.tuples(st.just("undo"), st.integers(0, 5))
added = st.tuples(st.just("add"), st.tuples(st.sampled_from(NAMES), st.sampled_from(TITLES)))
removed = st.tuples(st.just("remove"), st.sampled_from(NAMES))

quiet = settings(
    max_examples=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def bring_one(listener, folder, lists):
    path = export(Path(folder), *(told(name, *titles) for name, titles in lists))
    done = bring(listener, path)
    assert sum(done.counts.values()) == done.position
    return done


def play_out(listener, folder, steps, *, left_out=frozenset()):
    """Do the steps; return which imports were undone, by their number among the steps."""
    imports, taken_back = {}, set()
    for number, (kind, what) in enumerate(steps):
        if kind == "bring" and number not in left_out:
            imports[number] = bring_one(listener, folder, what)
        elif kind == "undo" and (standing := [n for n in imports if n not in taken_back]):
            chosen = standing[what % len(standing)]
            importing.undo(import_=imports[chosen], at=NOON)
            taken_back.add(chosen)
        elif kind in ("add", "remove"):
            by_hand(listener, kind, what)
    return taken_back


def by_hand(listener, kind, what):
    name = what[0] if kind == "add" else what
    playlist = listener.playlists.filter(name=name).order_by("pk").first()
    if playlist is None:
        return
    if kind == "add":
        track = Track.objects.filter(title=what[1]).first() or make_track(what[1])
        with suppress(AlreadyThere):
            filling.add_track(playlist=playlist, track=track, by=listener.user, at=NOON)
    elif entry := playlist.entries.order_by("position").first():
        filling.remove_entry(entry=entry, by=listener.user, at=NOON)


@quiet
@given(steps=st.lists(brought | undone, min_size=2, max_size=7))
def test_what_is_undone_leaves_what_would_be_without_it(steps):
    """Whoever undid imports has what one has who never brought them, in the same order."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        changed_mind, never_brought = make_listener(), make_listener()

        gone = play_out(changed_mind, folder, steps)
        kept = [step if step[0] == "bring" else ("", None) for step in steps]
        play_out(never_brought, folder, kept, left_out=gone)

        ours, theirs = shelf(changed_mind), shelf(never_brought)
        assert {name: sorted(lists) for name, lists in ours.items()} == {
            name: sorted(lists) for name, lists in theirs.items()
        }
        assert not Telling.objects.filter(source_import__state="undone").exists()
        transaction.set_rollback(True)


@quiet
@given(steps=st.lists(brought, max_size=4))
def test_bringing_everything_again_adds_nothing(steps):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        listener = make_listener()
        play_out(listener, folder, steps)
        before = shelf(listener)

        play_out(listener, folder, steps)

        assert shelf(listener) == before
        transaction.set_rollback(True)


@quiet
@given(steps=st.lists(brought | undone | added | removed, min_size=3, max_size=9))
def test_no_undo_takes_what_the_listener_put_in(steps):
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        artist = make_artist("Mira Vale")
        for title in TITLES:
            make_track(title, artist=artist)
        listener = make_listener()
        play_out(listener, folder, steps)
        own = {
            playlist.pk: set(playlist.entries.filter(is_own=True).values_list("track", flat=True))
            for playlist in Playlist.objects.filter(is_own=True)
        }

        for import_ in listener.imports.exclude(state="undone"):
            importing.undo(import_=import_, at=NOON)

        left = {
            playlist.pk: set(playlist.entries.values_list("track", flat=True))
            for playlist in Playlist.objects.all()
        }
        assert left == own
        shelf(listener)
        transaction.set_rollback(True)
