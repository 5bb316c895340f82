"""What is deleted is gone everywhere, and nobody else loses a row."""

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Listener, User
from accounts.services import LastListener
from listening.models import FeedbackKind, Import, Mute, Play, Sighting
from listening.services.changing import plays_changed
from listening.services.feedback import give_feedback
from listening.services.rolling_up import roll_up
from musicsite.models import Erasure
from musicsite.own_data.erasing import erase_listener, erase_user
from musicsite.own_data.exporting import export_data
from recommendations.pipeline.reading import read_interactions
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
