"""Everything of a person in one zip, which brings it all back."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage

from accounts.models import Listener, User
from catalog.services.merging import merge_tracks
from jobs import services as jobs
from listening.arrivals import Arrival
from listening.models import Feedback, FeedbackChange, FeedbackKind, Import, Play, Source
from listening.services import importing
from listening.services.correcting import correct_track
from listening.services.feedback import give_feedback, withdraw_feedback
from listening.services.moving import move_plays, undo_move
from listening.services.muting import lift, mute
from listening.services.recording import record_plays
from musicsite.models import DataExport
from musicsite.own_data.belongings import (
    WRITTEN_OTHERWISE,
    kinds_of_listener,
    kinds_of_user,
)
from musicsite.own_data.exporting import export_data, remove_expired, write_export
from recommendations.serving.history import history_of
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_genre,
    make_key,
    make_listener,
    make_play,
    make_playlist,
    make_track,
)

pytestmark = pytest.mark.django_db


def exported(user):
    file = io.BytesIO()
    write_export(file, user=user, at=NOON)
    return zipfile.ZipFile(file)


def read(archive, name):
    return json.loads(archive.read(name))


@pytest.fixture
def listener(db):
    """Somebody who has heard and said a little of everything."""
    listener = make_listener()
    named = make_track("Glass, “Harbour”", artist=make_artist("Mira Vale"), duration_ms=201_000)
    arabic = make_track("مقهى الصباح", artist=make_artist("فارس"))
    for number, track in enumerate([named, arabic, named]):
        at = NOON - timedelta(days=number, milliseconds=1)
        make_play(
            listener, track, started_at=at, ms_played=9_000 if number else None, skipped=number > 0
        )
    moments = (NOON + timedelta(minutes=n) for n in range(9))
    for kind, on, rating in (
        (FeedbackKind.LIKE, named, None),
        (FeedbackKind.DISLIKE, named, None),
        (FeedbackKind.RATING, arabic, 4),
        (FeedbackKind.FAVOURITE, named.artist, None),
        (FeedbackKind.FAVOURITE, make_genre("fado"), None),
        (FeedbackKind.LIKE, make_album("Tides", artist=named.artist), None),
    ):
        give_feedback(listener=listener, kind=kind, on=on, at=next(moments), rating=rating)
    withdraw_feedback(listener=listener, kind=FeedbackKind.DISLIKE, on=named, at=next(moments))
    return listener


def plays(listener):
    rows = Play.objects.filter(listener=listener).order_by("started_at")
    return list(rows.values_list("track", "started_at", "ms_played", "skipped", "source"))


def opinions(listener):
    rows = Feedback.objects.filter(listener=listener)
    names = ("kind", "track", "artist", "album", "genre", "rating", "given_at")
    return sorted(rows.values_list(*names), key=str)


def changes(listener):
    rows = FeedbackChange.objects.filter(listener=listener).order_by("at", "pk")
    return list(rows.values_list("kind", "track", "artist", "album", "genre", "withdrawn", "at"))


def test_an_export_brings_everything_back_into_an_empty_account(listener, tmp_path):
    empty = make_listener()
    bring(empty, exported_file(listener, tmp_path))
    assert plays(empty) == plays(listener)
    assert opinions(empty) == opinions(listener)
    assert changes(empty) == changes(listener)


def test_plays_of_tracks_that_were_merged_since_are_as_many_as_before(tmp_path):
    """Told by two clocks of two tracks, they are two plays, and stay so."""
    listener, artist = make_listener(), make_artist("Mira Vale")
    shown, merged = (make_track(title, artist=artist) for title in ("Salt Road", "Salt Rd"))
    hear(listener, "Salt Road", NOON, source=Source.SCROBBLE)
    hear(listener, "Salt Rd", NOON + timedelta(seconds=9), source=Source.SPOTIFY_FILE)
    merge_tracks(survivor=shown, tracks=[merged], by=None, at=NOON)
    empty, used = make_listener(), make_listener()
    hear(used, "Salt Road", NOON + timedelta(seconds=4), source=Source.LASTFM_FILE)
    other = make_listener("Sleep", user=empty.user)

    for one in (empty, used):
        bring(one, exported_file(listener, tmp_path))
    assert plays(empty) == plays(listener)
    assert len(plays(listener)) == 2
    assert len(plays(used)) == 1  # by other clocks they echo what was there

    back = move_plays(listener=empty, plays=Play.objects.all(), to=other, at=NOON)
    assert len(plays(other)) == 2
    undo_move(move=back, at=NOON)
    assert plays(empty) == plays(listener)


def test_what_shall_not_count_and_what_was_corrected_come_back_too(tmp_path):
    """So the taste weighs after the import as it did before, and goes on so."""
    listener, empty = make_listener(), make_listener()
    artist, polka = make_artist("Mira Vale"), make_genre("polka")
    wrong = make_track("Salt Road (Karaoke)", artist=make_artist("Noise"))
    right = make_track("Salt Road", artist=artist)
    tracks = [right, *(make_track(title, artist=artist) for title in ("Low Tide", "Halo", "Reef"))]
    danced = make_track("Hop", genre=polka)
    for number, track in enumerate([*tracks, danced, wrong, *tracks]):
        at = NOON - timedelta(hours=number)
        hear(listener, track.title, at, source=Source.SCROBBLE, artist=track.artist.name)
    hear(listener, "Hop", NOON, source=Source.MALOJA_FILE, artist=danced.artist.name)
    give_feedback(listener=listener, kind=FeedbackKind.LIKE, on=danced, at=NOON)
    correct_track(listener=listener, wrong=wrong, right=right, at=NOON)
    for thing in (
        {"play": Play.objects.filter(track=tracks[1]).first()},
        {"track": tracks[2]},
        {"genre": polka},
        {"source": Source.MALOJA_FILE},
        {"starts_at": NOON - timedelta(hours=9, minutes=1), "ends_at": NOON - timedelta(hours=9)},
    ):
        mute(listener=listener, at=NOON, **thing)
    lifted = mute(listener=listener, at=NOON, artist=artist)
    lift(muted=lifted, at=NOON)

    bring(empty, exported_file(listener, tmp_path))

    assert Import.objects.get(listener=empty).counts.get("rejected", 0) == 0
    assert weights(empty) == weights(listener)
    assert len(weights(listener)) == 3
    for one in (listener, empty):
        hear(one, wrong.title, NOON, source=Source.SCROBBLE, artist="Noise")
    assert weights(empty) == weights(listener)
    assert not empty.plays.filter(track=wrong).exists()


def weights(listener):
    history = history_of(listener, at=NOON)
    return dict(zip(history.tracks.tolist(), history.weights.round(4).tolist(), strict=True))


def hear(listener, title, at, *, source, artist="Mira Vale"):
    arrival = Arrival(at, artist, title, ms_played=200_000)
    record_plays(listener=listener, arrivals=[arrival], source=source, at=at)


def exported_file(listener, folder):
    path = folder / "export.zip"
    with path.open("wb") as file:
        write_export(file, user=listener.user, at=NOON)
    return path


def bring(listener, path):
    with path.open("rb") as file:
        importing.start_import(listener=listener, file=File(file, path.name), at=NOON)
    jobs.run_due()


def test_the_table_holds_what_the_json_holds(listener):
    archive = exported(listener.user)
    folder = f"profiles/{listener.handle}"
    told = read(archive, f"{folder}/plays.json")["plays"]
    rows = list(csv.DictReader(io.StringIO(archive.read(f"{folder}/plays.csv").decode())))
    assert [row["title"] for row in rows] == [play["title"] for play in told]
    assert len(told) == 3


def test_it_holds_every_profile_and_no_secret(listener):
    sleep = make_listener("Sleep", user=listener.user)
    make_playlist(sleep, tracks=[make_track("Night")])
    _key, secret = make_key(sleep)
    archive = exported(listener.user)
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert {f"profiles/{one.handle}/plays.json" for one in (listener, sleep)} <= set(
        archive.namelist()
    )
    assert "Night" in text
    assert listener.user.password not in text
    assert secret not in text
    assert _key.hash not in text


def test_nobody_elses_data_is_in_it(listener):
    other = make_listener("Private things", user=None)
    make_play(other, make_track("Somebody else's"))
    text = "".join(
        exported(listener.user).read(name).decode() for name in exported(listener.user).namelist()
    )
    assert "Somebody else's" not in text


@pytest.mark.parametrize(("owner", "kinds"), [(Listener, kinds_of_listener), (User, kinds_of_user)])
def test_no_table_of_a_person_is_forgotten(owner, kinds):
    """A model that points at its owner and goes with them is in the export."""
    kept = {kind.model for kind in kinds()} | {*WRITTEN_OTHERWISE, Listener}
    pointing = {
        model
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is owner and field.remote_field.on_delete.__name__ == "CASCADE"
    }
    assert pointing <= kept


def test_a_thousand_plays_ask_as_much_as_ten(listener, django_assert_max_num_queries):
    track = make_track()
    for number in range(60):
        make_play(listener, track, started_at=NOON + timedelta(hours=number))
    with django_assert_max_num_queries(60):
        exported(listener.user)


def test_a_file_is_gone_when_its_time_is_over(listener):
    export = export_data(user=listener.user, at=NOON)
    assert default_storage.exists(export.file.name)
    assert remove_expired(at=NOON + timedelta(days=6)) == 0
    assert remove_expired(at=NOON + timedelta(days=7)) == 1
    assert not default_storage.exists(export.file.name)
    assert not DataExport.objects.exists()
