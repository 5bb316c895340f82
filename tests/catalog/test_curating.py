"""What curators do: one change each, told row by row, undone as one, and not by an import."""

from datetime import timedelta

import pytest

from catalog.models import Artist, Change, Rule, Source, Tag, Track, TrackGenre, TrackTag
from catalog.services import curating, merging
from catalog.services.changing import history_of, recording, undo
from catalog.services.refusing import Refused
from catalog.services.showing import refresh_shown, say
from jobs.models import Job
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_curator,
    make_features,
    make_genre,
    make_track,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def ids(*rows):
    return [row.pk for row in rows]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def tags_of(track):
    return sorted(TrackTag.objects.filter(track=track).values_list("tag__name", flat=True))


def give_tag(track, name, source=Source.LASTFM):
    tag, _ = Tag.objects.get_or_create(name=name)
    TrackTag.objects.create(track=track, tag=tag, source=source)


def take_back(change):
    return undo(change=change, by=None, at=LATER)


def test_a_change_says_who_did_what_to_how_many_and_each_row_tells_of_it():
    curator, tracks = make_curator("Ada"), [make_track(), make_track()]

    change = curating.hide_tracks(ids=ids(*tracks), by=curator, at=NOON)

    assert (change.what, change.made_by, change.made_at) == ("Hid 2 tracks", curator, NOON)
    entry = history_of(tracks[0])[0]
    assert (entry.history_user, entry.change, entry.history_date) == (curator, change, NOON)
    assert entry.changed == {"hidden_at": [None, NOON.isoformat()]}


def test_hidden_tracks_are_not_played_until_that_is_undone():
    track = make_track()

    change = curating.hide_tracks(ids=ids(track), by=None, at=NOON)
    assert not Track.objects.playable().exists()

    take_back(change)
    assert Track.objects.playable().get() == track


def test_hiding_counts_only_what_was_not_hidden():
    track = make_track(hidden_at=NOON)

    change = curating.hide_tracks(ids=ids(track, make_track()), by=None, at=LATER)

    assert change.what == "Hid 1 track"
    assert fresh(track).hidden_at == NOON


@pytest.mark.parametrize(
    "again",
    [
        lambda track: curating.verify_tracks(ids=[track], by=None, at=NOON),
        lambda track: curating.unhide_tracks(ids=[track], by=None, at=NOON),
        lambda track: curating.retag(ids=[track], remove=["not there"], by=None, at=NOON),
        lambda track: curating.set_genre(ids=[track], genre=None, by=None, at=NOON),
    ],
)
def test_what_changes_nothing_is_refused_and_leaves_no_change(again):
    track = make_track()

    with pytest.raises(Refused, match="like that already"):
        again(track.pk)

    assert not Change.objects.exists()


def test_too_many_at_a_time_are_refused():
    with pytest.raises(Refused, match="at most 1,000"):
        curating.hide_tracks(ids=range(1001), by=None, at=NOON)


def test_hidden_artists_are_shown_again():
    artist = make_artist()
    curating.hide_artists(ids=ids(artist), by=None, at=NOON)

    change = curating.unhide_artists(ids=ids(artist), by=None, at=NOON)

    assert change.what == "Showed 1 artist again"
    assert list(Artist.objects.shown()) == [artist]


def test_explicit_stays_when_a_file_says_otherwise_and_goes_with_an_undo():
    track = make_track(is_explicit=None)
    change = curating.mark_explicit(ids=ids(track), explicit=True, by=None, at=NOON)

    say(track=track, values={"is_explicit": False}, at=NOON, source=Source.CSV)
    assert fresh(track).is_explicit is True

    take_back(change)
    assert fresh(track).is_explicit is False


def test_the_curators_genre_shows_first_and_the_files_own_after_an_undo():
    track, rock, jazz = make_track(), make_genre("Rock"), make_genre("Jazz")
    TrackGenre.objects.create(track=track, genre=rock, source=Source.CSV, label="rock'n'roll")
    refresh_shown(ids(track))

    change = curating.set_genre(ids=ids(track), genre=jazz, by=None, at=NOON)
    assert fresh(track).genre == jazz

    take_back(change)
    assert fresh(track).genre == rock
    assert track.track_genres.get().label == "rock'n'roll"


def test_tags_come_and_go_for_many_tracks_and_return_as_they_were():
    one, other = make_track(), make_track()
    give_tag(one, "sad")
    give_tag(other, "slow")

    change = curating.retag(
        ids=ids(one, other), add=["Late  Night", "slow"], remove=["SAD"], by=None, at=NOON
    )
    assert (tags_of(one), tags_of(other)) == (["late night", "slow"], ["late night", "slow"])

    take_back(change)
    assert (tags_of(one), tags_of(other)) == (["sad"], ["slow"])
    assert TrackTag.objects.get(track=one).source == Source.LASTFM


def test_an_edit_of_the_curators_own_track_is_undone_to_what_it_was():
    track = make_track("Solaris", year=1971, source=Source.CURATOR)
    with recording("Edited", by=None, at=NOON, watch=(Track, ids(track))) as record:
        curating.edit_words(words={track.pk: {"title": "Stalker", "year": 1979}}, at=NOON)
    assert (fresh(track).title, fresh(track).year) == ("Stalker", 1979)

    take_back(record.change)

    assert (fresh(track).title, fresh(track).year) == ("Solaris", 1971)


def test_undo_leaves_what_somebody_changed_since():
    one, other, rock, jazz = make_track(), make_track(), make_genre(), make_genre()
    change = curating.set_genre(ids=ids(one, other), genre=rock, by=None, at=NOON)
    curating.set_genre(ids=ids(other), genre=jazz, by=None, at=NOON)

    undone = take_back(change)

    assert undone.left == 1
    assert (fresh(one).genre, fresh(other).genre) == (None, jazz)


def test_a_change_is_undone_once_and_its_undoing_too():
    track = make_track()
    change = curating.hide_tracks(ids=ids(track), by=None, at=NOON)
    undone = take_back(change)

    with pytest.raises(Refused, match="undone already"):
        take_back(change)

    take_back(undone.change)
    assert fresh(track).hidden_at == NOON


def test_undo_of_what_has_all_changed_again_is_refused():
    track = make_track()
    change = curating.hide_tracks(ids=ids(track), by=None, at=NOON)
    curating.unhide_tracks(ids=ids(track), by=None, at=NOON)

    with pytest.raises(Refused, match="changed again"):
        take_back(change)


def test_ids_and_sound_return_with_an_undo():
    track = make_track()
    make_features(track, tempo=80.0)
    track.external_ids.create(kind="isrc", value="X", source=Source.CURATOR)
    with recording("Edited", by=None, at=NOON, watch=(Track, ids(track))) as record:
        track.external_ids.all().delete()
        track.feature_sets.update(tempo=160.0)

    take_back(record.change)

    assert track.external_ids.get().value == "X"
    assert fresh(track).features.tempo == 80.0


def test_a_renamed_artist_keeps_tracks_and_the_old_name_leads_there():
    wrong = make_artist("The Beetles")
    track = make_track("Help!", artist=wrong)
    with recording("Renamed", by=None, at=NOON, watch=(Artist, ids(wrong))) as record:
        curating.edit_artist(artist=wrong, name="The Beatles", record=record, at=NOON)

    assert fresh(wrong).name == "The Beatles"
    assert fresh(track).artist == wrong
    assert fresh(track).match_key == "the beatles — help"
    assert Rule.objects.holding().get().match_key == "the beetles"

    take_back(record.change)

    assert fresh(wrong).name == "The Beetles"
    assert fresh(track).match_key == "the beetles — help"
    assert not Rule.objects.holding().exists()


def test_an_artist_cannot_take_the_name_of_another():
    artist = make_artist("The Beetles")
    make_artist("The Beatles")

    with (
        pytest.raises(Refused, match="merge the two"),
        recording("Renamed", by=None, at=NOON) as record,
    ):
        curating.edit_artist(artist=artist, name="the beatles", record=record, at=NOON)


def test_an_album_is_renamed_for_its_tracks_and_stays_the_same_album():
    album = make_album("Abbey Raod")
    track = make_track(artist=album.artist, album=album)
    with recording("Renamed", by=None, at=NOON) as record:
        curating.edit_album(album=album, title="Abbey Road", record=record, at=NOON)

    refresh_shown(ids(track))

    assert fresh(track).album == album
    assert fresh(album).title == "Abbey Road"


def test_a_track_is_made_by_hand():
    track = curating.make_track(title="Solaris", artists=["Artemiev", "Bach"])

    assert (track.title, track.byline) == ("Solaris", "Artemiev & Bach")
    assert track.source == Source.CURATOR


def test_a_genre_moves_with_its_branch_but_never_below_itself():
    music, rock, indie = make_genre("Music"), make_genre("Rock"), make_genre("Indie")
    for genre, parent in ((rock, music), (indie, rock)):
        curating.move_genres(ids=ids(genre), parent=parent, by=None, at=NOON)

    with pytest.raises(Refused, match="Music cannot stand below itself"):
        curating.move_genres(ids=ids(music), parent=indie, by=None, at=NOON)

    change = Change.objects.get(what="Moved 1 genre under Rock")
    take_back(change)
    assert fresh(indie).parent is None


@pytest.mark.parametrize(
    "deed",
    [
        lambda one, other: curating.hide_tracks(ids=[one.pk], by=None, at=NOON),
        lambda one, other: curating.hide_artists(ids=[one.artist_id], by=None, at=NOON),
        lambda one, other: merging.merge_tracks(survivor=one, tracks=[other], by=None, at=NOON),
        lambda one, other: curating.set_genre(ids=[one.pk], genre=make_genre(), by=None, at=NOON),
    ],
)
def test_a_change_of_what_shows_asks_once_for_a_new_exploration(deed):
    one, other = make_track(), make_track()

    change = deed(one, other)
    undo(change=change, by=None, at=NOON)

    assert Job.objects.filter(name="catalog.explore").count() == 1


def test_what_changes_nothing_asks_for_nothing():
    with recording("Nothing", by=None, at=NOON, watch=(Track, [make_track().pk])):
        pass

    assert not Job.objects.exists()
