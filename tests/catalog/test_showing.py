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


def test_a_gap_of_the_source_believed_first_is_filled_by_the_next_value_by_value():
    track = make_track()
    make_features(track, source="audio", tempo=92, valence=None, timbre=[1.0, 2.0])
    make_features(track, source="kaggle-tracks", tempo=98, valence=0.3, liveness=None)
    make_features(track, source="msd", valence=0.9, liveness=0.6)

    with CaptureQueriesContext(connection) as first:
        showing.refresh_shown([track.pk])

    features = shown(track).features
    assert (features.tempo, features.valence, features.timbre) == (92, 0.3, [1.0, 2.0])
    assert track.feature_sets.said().count() == 3
    others = [make_track() for _ in range(5)]
    for other in others:
        make_features(other, source="audio", valence=None)
        make_features(other, source="msd", valence=0.9)
    with CaptureQueriesContext(connection) as many:
        showing.refresh_shown([track.pk, *(other.pk for other in others)])
    assert len(many) <= len(first)
    assert shown(track).features == features
    assert {shown(other).features.valence for other in others} == {0.9}


def test_what_fills_no_gap_any_more_is_taken_away():
    track = make_track()
    audio = make_features(track, source="audio", valence=None)
    kaggle = make_features(track, source="kaggle-tracks", valence=0.3)
    showing.refresh_shown([track.pk])
    assert shown(track).features.valence == 0.3

    kaggle.delete()
    showing.refresh_shown([track.pk])

    assert shown(track).features == audio
    assert track.feature_sets.get() == audio


@pytest.mark.parametrize(
    ("source", "may_train", "may"),
    [("msd", True, True), ("msd", False, False), ("spotify-api", True, False)],
)
def test_sound_from_several_sources_teaches_only_if_all_of_them_may(source, may_train, may):
    track = make_track()
    make_features(track, source="audio", valence=None)
    make_features(track, source=source, valence=0.3, may_train=may_train)

    showing.refresh_shown([track.pk])

    assert shown(track).features.may_train is may


def test_gaps_are_filled_from_a_merged_track_until_the_split():
    survivor, merged = make_track("Halo"), make_track("Hallo")
    audio = make_features(survivor, source="audio", valence=None)
    msd = make_features(merged, source="msd", valence=0.3)
    merged.canonical = survivor
    merged.save()
    showing.point([merged.pk])
    assert shown(survivor).features.valence == 0.3
    assert shown(merged).features == msd

    merged.canonical = None
    merged.save()
    showing.refresh_shown([survivor.pk, merged.pk])

    assert shown(survivor).features == audio


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
