"""What is deleted is gone everywhere, and nobody else loses a row."""

import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Listener, User
from accounts.services import LastListener
from catalog.models import Album, Artist, MatchHint, Source, Track
from catalog.services.crediting import find_albums, find_artists
from listening.arrivals import Arrival
from listening.models import FeedbackKind, Import, Mute, Play, Sighting
from listening.services.changing import plays_changed
from listening.services.correcting import correct_track
from listening.services.feedback import give_feedback
from listening.services.recording import record_plays
from listening.services.removing import delete_plays
from listening.services.rolling_up import roll_up
from musicsite.models import DataExport, Erasure
from musicsite.own_data.erasing import erase_listener, erase_user
from musicsite.own_data.exporting import export_data
from recommendations.pipeline.reading import read_interactions
from recommendations.serving.past import _Kept
from recommendations.serving.portrait import portrait_of
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_key,
    make_listener,
    make_play,
    make_playlist,
    make_slate,
    make_track,
    make_user,
)

pytestmark = pytest.mark.django_db

SHARED = {"Erasure", "Job", "Session"}  # they name nobody, or are looked at by themselves


def fill(listener, track):
    import_ = Import.objects.create(listener=listener, format="segue", created_at=NOON)
    import_.file.save("plays.json", ContentFile(b"{}"))
    for number in range(3):
        play = make_play(
            listener, track, started_at=NOON - timedelta(days=40 * number), source_import=import_
        )
    Sighting.objects.create(
        play=play, listener=listener, track=track, started_at=play.started_at, source="scrobble"
    )
    Mute.objects.create(listener=listener, play=play, made_at=NOON)
    plays_changed(listener=listener, moments=[NOON], at=NOON)
    roll_up(listener_id=listener.pk, at=NOON)
    give_feedback(listener=listener, kind=FeedbackKind.LIKE, on=track, at=NOON)
    make_slate(listener, tracks=[track])
    make_playlist(listener, tracks=[track])
    make_key(listener)
    return import_


def rows():
    """How many rows each table has."""
    models = [one for one in apps.get_models() if one.__name__ not in SHARED]
    return {one.__name__: n for one in models if (n := one._default_manager.count())}


def test_a_deleted_account_leaves_no_row_and_no_file(django_capture_on_commit_callbacks):
    track = make_track()
    fill(make_listener(), track)
    before = rows()
    user = make_user()
    imports = [fill(make_listener(name, user=user), track) for name in ("Main", "Sleep")]
    export = export_data(user=user, at=NOON)
    client = logged_in(user)
    with django_capture_on_commit_callbacks(execute=True):
        done = erase_user(user=user, at=NOON)
    assert rows() == before
    assert not User.objects.filter(pk=user.pk).exists()
    assert done.counts["plays"] == 6
    assert done.counts["profiles"] == 2
    for file in (*(one.file for one in imports), export.file):
        assert not default_storage.exists(file.name)
    assert client.get("/account/").status_code == 302


def test_a_deleted_profile_leaves_the_others_as_they_were():
    user, track = make_user(), make_track()
    main = make_listener("Main", user=user)
    fill(main, track)
    before = Counter(rows())
    sleep = make_listener("Sleep", user=user)
    fill(sleep, track)
    erase_listener(listener=sleep, at=NOON)
    assert Counter(rows()) == before
    assert Play.objects.filter(listener=main).count() == 3


def test_a_deleted_profile_is_in_no_export_that_was_made_before(django_capture_on_commit_callbacks):
    user = make_user()
    main, kids = (make_listener(name, user=user) for name in ("Main", "Kids"))
    fill(kids, make_track())
    made = export_data(user=user, at=NOON)
    foreign = export_data(user=make_listener().user, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        erase_listener(listener=kids, at=NOON)
    assert DataExport.objects.get() == foreign
    assert default_storage.exists(foreign.file.name)
    assert not default_storage.exists(made.file.name)
    assert Listener.objects.filter(pk=main.pk).exists()


def test_an_export_that_is_being_made_is_made_again_without_a_profile_deleted_meanwhile():
    user = make_user()
    _main, kids = (make_listener(name, user=user) for name in ("Main", "Kids"))
    fill(kids, make_track())

    def delete(share):
        if share and Listener.objects.filter(pk=kids.pk).exists():
            erase_listener(listener=kids, at=NOON)

    export = export_data(user=user, at=NOON, report=delete)

    with export.file.open() as file:
        names = zipfile.ZipFile(file).namelist()
    assert not [name for name in names if kids.handle in name]
    assert files_in("exports") == [export.file.name]


def test_an_export_that_is_being_made_ends_with_the_account():
    user = make_listener().user

    def delete(share):
        erase_user(user=User.objects.get(pk=user.pk), at=NOON)

    assert export_data(user=user, at=NOON, report=delete) is None
    assert files_in("exports") == []


def files_in(folder):
    root = Path(default_storage.location)
    return [str(path.relative_to(root)) for path in root.glob(f"{folder}/**/*") if path.is_file()]


@pytest.mark.parametrize("erase", ["profile", "account"])
def test_what_is_cached_of_a_deleted_taste_goes_at_once(erase, django_capture_on_commit_callbacks):
    listener = make_listener()
    make_listener("Sleep", user=listener.user)
    fill(listener, make_track())
    with django_capture_on_commit_callbacks(execute=True):
        look_at_taste(listener)
    assert cached(listener) == 2
    with django_capture_on_commit_callbacks(execute=True):
        if erase == "profile":
            erase_listener(listener=listener, at=NOON)
        else:
            erase_user(user=listener.user, at=NOON)
    assert cached(listener) == 0


def test_what_is_cached_of_plays_deleted_for_good_goes_at_once(django_capture_on_commit_callbacks):
    listener, other = make_listener(), make_listener()
    with django_capture_on_commit_callbacks(execute=True):
        for one in (listener, other):
            make_play(one)
            look_at_taste(one)
    with django_capture_on_commit_callbacks(execute=True):
        delete_plays(listener=listener, plays=Play.objects.all(), at=NOON)
    assert (cached(listener), cached(other)) == (0, 2)


def look_at_taste(listener):
    portrait_of(listener, at=NOON)
    _Kept.of(listener, 1, at=NOON)


def cached(listener):
    """How many keys of the cache bear the listener's, whatever they are called."""
    keys = cache._cache.get_client().keys("*")
    named = (key.decode().split(":")[2:] for key in keys)  # behind the prefix and the version
    return sum(str(listener.pk) in words for words in named)


def test_music_that_only_the_deleted_profile_named_goes_with_it():
    kids, stays = make_listener("Kids"), make_listener()
    make_listener("Main", user=kids.user)
    hear(kids, "Theirs", "Ours")
    hear(stays, "Ours")
    artists = find_artists(["A", "B"], source=Source.LISTENER)
    find_albums([(artists["A"], "Tides", None)], source=Source.LISTENER)
    for on in (Album.objects.get(), Artist.objects.get(name="B")):
        give_feedback(listener=kids, kind=FeedbackKind.LIKE, on=on, at=NOON)
    ours, theirs = Track.objects.order_by("title")
    correct_track(listener=kids, wrong=theirs, right=ours, at=NOON)
    assert MatchHint.objects.exists()

    erase_listener(listener=kids, at=NOON)

    assert list(Track.objects.values_list("title", flat=True)) == ["Ours"]
    assert list(Artist.objects.values_list("name", flat=True)) == ["Artist of Ours"]
    assert not Album.objects.exists()
    assert not MatchHint.objects.exists()


def test_a_correction_that_others_make_too_stays_a_hint_when_one_of_them_goes():
    goes, stays = make_listener(), make_listener()
    wrong, right = make_track(), make_track()
    for listener in (goes, stays):
        correct_track(listener=listener, wrong=wrong, right=right, at=NOON)
    erase_user(user=goes.user, at=NOON)
    assert MatchHint.objects.get().listeners == 1


def hear(listener, *titles):
    arrivals = [Arrival(NOON, f"Artist of {title}", title) for title in titles]
    record_plays(listener=listener, arrivals=arrivals, source=Play.Source.SCROBBLE, at=NOON)


def test_the_last_profile_stays_with_all_it_has():
    listener = make_listener()
    fill(listener, make_track())
    with pytest.raises(LastListener):
        erase_listener(listener=listener, at=NOON)
    assert Play.objects.filter(listener=listener).count() == 3
    assert not Erasure.objects.exists()


def test_the_record_names_nobody():
    user = make_user(email="ann@example.org", name="Ann")
    make_listener(user=user)
    record = Erasure.objects.filter(pk=erase_user(user=user, at=NOON).pk).values().get()
    assert "ann" not in str(record).lower()


def test_the_next_model_learns_nothing_of_who_is_gone():
    stays, goes = (make_listener(shares_taste=True) for _ in range(2))
    track = make_track()
    make_play(stays, track)
    make_play(goes, track)
    assert read_interactions(at=NOON).matrix.shape[0] == 2
    erase_user(user=goes.user, at=NOON)
    assert read_interactions(at=NOON).matrix.shape[0] == 1


def test_an_owner_of_a_partner_can_go():
    user = make_user()
    listener = make_listener(user=user)
    Session.objects.all().delete()
    erase_user(user=user, at=NOON)
    assert not Listener.objects.filter(pk=listener.pk).exists()
