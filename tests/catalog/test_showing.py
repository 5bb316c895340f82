import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.checks import check_belief
from catalog.models import TrackGenre, TrackRecord
from catalog.services import crediting, showing
from tests.factories import NOON, make_artist, make_features, make_genre, make_track

pytestmark = pytest.mark.django_db


def make_record(track, source, **said):
    return TrackRecord.objects.create(
        track=track, source=source, source_id=f"{source}-{track.pk}", said=said, said_at=NOON
    )


def shown(track):
    track.refresh_from_db()
    return track


def test_the_source_believed_first_shows_value_by_value():
    track = make_track()
    make_record(track, "tidytuesday", title="Halo!", artists=["X"], year=2008, duration_ms=1)
    make_record(track, "kaggle-tracks", title="Halo", artists=["Y", "Z"], duration_ms=2)

    showing.refresh_shown([track.pk])

    assert (shown(track).title, track.year, track.duration_ms) == ("Halo", 2008, 2)
    assert (track.artist.name, track.credit) == ("Y", "Y & Z")
    assert crediting.names_of([track.pk]) == {track.pk: ["Y", "Z"]}
    assert (track.match_key, track.search_text) == ("y — halo", "halo y z")


def test_features_and_genre_are_those_believed_first():
    track, pop, rock = make_track(), make_genre("pop"), make_genre("rock")
    make_features(track, source="msd")
    kaggle = make_features(track, source="kaggle-spotify")
    make_features(track, source="demo")
    TrackGenre.objects.create(track=track, genre=pop, source="tidytuesday")
    TrackGenre.objects.create(track=track, genre=rock, source="curator")

    showing.refresh_shown([track.pk])

    assert (shown(track).features, track.genre) == (kaggle, rock)


def test_the_operator_says_whom_to_believe_first(settings, capsys):
    track = make_track()
    make_record(track, "kaggle-tracks", year=2008)
    make_record(track, "msd", year=1999)
    kaggle, msd = make_features(track, source="kaggle-tracks"), make_features(track, source="msd")
    showing.refresh_shown([track.pk])
    assert (shown(track).year, track.features) == (2008, kaggle)

    settings.BELIEVE_FIRST = ["msd"]
    call_command("show_values")

    assert (shown(track).year, track.features) == (1999, msd)
    assert "1 track shows" in capsys.readouterr().out


def test_a_source_that_nobody_knows_is_no_setting(settings):
    settings.BELIEVE_FIRST = ["msd", "hearsay"]

    (error,) = check_belief()

    assert "hearsay" in error.msg
    assert "tidytuesday" in error.hint


def test_a_survivor_shows_what_those_merged_into_it_know_and_stops_after_a_split():
    survivor, merged = make_track("Halo", year=None), make_track("Hallo")
    make_record(survivor, "tidytuesday", title="Halo")
    make_record(merged, "kaggle-tracks", title="Hallo", year=2008)
    features = make_features(merged, source="msd")
    merged.canonical = survivor
    merged.save()

    showing.refresh_shown([merged.pk])

    assert (shown(survivor).title, survivor.year, survivor.features) == ("Halo", 2008, features)

    merged.canonical = None
    merged.save()
    showing.refresh_shown([survivor.pk, merged.pk])

    assert (shown(survivor).year, survivor.features) == (None, None)
    assert shown(merged).features == features


def test_a_curators_word_stays_until_it_is_taken_back():
    track = make_track("Halo", artist=make_artist("X"), year=2001)

    showing.say(track=track, values={"title": "Halo (Live)", "year": 1999}, at=NOON)

    assert (shown(track).title, track.year) == ("Halo (Live)", 1999)

    showing.say(track=track, values={"title": None, "year": 1998}, at=NOON)

    assert (shown(track).title, track.year) == ("Halo (Live)", 1998)


def test_what_a_track_showed_before_anyone_spoke_is_kept_on_record():
    track = make_track("Halo", source="listener", year=2001)

    showing.say(track=track, values={"title": "Hello"}, at=NOON)
    showing.say(track=track, values={"title": None}, at=NOON)

    assert (shown(track).title, track.year) == ("Halo", 2001)


def test_a_track_nobody_spoke_of_is_left_alone():
    track = make_track("Halo", year=2001, is_explicit=True)

    showing.refresh_shown([track.pk])

    assert (shown(track).title, track.year, track.is_explicit) == ("Halo", 2001, True)


def test_many_tracks_cost_as_much_as_one():
    tracks = [make_track() for _ in range(8)]
    for track in tracks:
        make_record(track, "msd", title="Same", artists=["Same"], album="Same", year=1990)

    with CaptureQueriesContext(connection) as few:
        showing.refresh_shown([tracks[0].pk])
    with CaptureQueriesContext(connection) as many:
        showing.refresh_shown([track.pk for track in tracks[1:]])

    assert len(many) <= len(few)
    assert {shown(track).album.title for track in tracks} == {"Same"}
