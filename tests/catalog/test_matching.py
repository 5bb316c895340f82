import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ExternalId, Rule, Source, TrackRecord
from catalog.services.matching import Index, Wanted, find_tracks
from tests.factories import NOON, make_artist, make_track

pytestmark = pytest.mark.django_db


def give_id(track, kind, value):
    return ExternalId.objects.create(kind=kind, value=value, track=track, source=Source.CSV)


def make_rule(kind, **fields):
    return Rule.objects.create(kind=kind, made_at=NOON, **fields)


def find(artist, title, duration_ms=None, *ids):
    (match,) = find_tracks([Wanted(artist, title, duration_ms, ids)])
    return match


def test_a_name_is_found_in_any_spelling():
    halo = make_track("Halo", artist=make_artist("Beyoncé"))

    match = find("BEYONCE", "halo (feat. Somebody) - 2011 Remaster")

    assert (match.track, match.by) == (halo.pk, "name")


def test_a_live_version_is_another_track():
    make_track("Halo", artist=make_artist("Beyoncé"))

    assert find("Beyoncé", "Halo - Live") is None


def test_the_duration_tells_two_of_one_name_apart():
    artist = make_artist("Low")
    make_track("Intro", artist=artist, duration_ms=60_000)
    long = make_track("Intro", artist=artist, duration_ms=180_000)

    assert find("Low", "Intro", 183_000).track == long.pk
    assert find("Low", "Intro", 120_000) is None


def test_an_unknown_duration_matches_the_oldest():
    artist = make_artist("Low")
    first = make_track("Intro", artist=artist, duration_ms=60_000)
    make_track("Intro", artist=artist, duration_ms=180_000)

    assert find("Low", "Intro").track == first.pk


def test_ids_count_more_than_names_and_the_recording_code_most():
    by_isrc, by_spotify, by_name = make_track("One"), make_track("Two"), make_track("Three")
    give_id(by_isrc, "isrc", "GBAYE0601498")
    give_id(by_spotify, "spotify", "4uLU6hMCjMI75M1A2tKUQC")

    name = (by_name.artist.name, "Three", None)
    spotify = ("spotify", "4uLU6hMCjMI75M1A2tKUQC")

    assert find(*name).track == by_name.pk
    assert find(*name, spotify).track == by_spotify.pk
    assert find(*name, spotify, ("isrc", "GBAYE0601498")).track == by_isrc.pk


def test_a_curators_word_counts_more_than_an_id():
    wrong, right = make_track("Halo", artist=make_artist("Beyoncé")), make_track()
    give_id(wrong, "spotify", "x")
    rule = make_rule(Rule.Kind.MATCH, match_key=wrong.match_key, track=right)

    assert find("Beyonce", "Halo", None, ("spotify", "x"))[::2] == (right.pk, "rule")

    rule.undone_at = NOON
    rule.save()

    assert find("Beyonce", "Halo", None, ("spotify", "x")).track == wrong.pk


def test_what_was_merged_is_found_with_its_survivor():
    survivor = make_track("Halo")
    merged = make_track("Hallo", artist=survivor.artist, canonical=survivor)

    match = find(survivor.artist.name, "Hallo")

    assert (match.track, match.shown) == (merged.pk, survivor.pk)


def test_a_merged_artist_brings_their_tracks_along():
    right = make_artist("Beyoncé")
    make_artist("Beyonce Knowles", canonical=right)
    halo = make_track("Halo", artist=right)

    assert find("Beyoncé Knowles", "Halo").track == halo.pk


def test_a_rule_says_which_artist_a_name_means():
    halo = make_track("Halo", artist=make_artist("Beyoncé"))
    make_rule(Rule.Kind.MATCH, match_key="queen b", artist=halo.artist)

    assert find("Queen B", "Halo").track == halo.pk


def test_a_name_that_only_a_source_has_is_found_too():
    track = make_track("Sign o’ the Times")
    TrackRecord.objects.create(
        track=track,
        source="msd",
        source_id="1",
        match_key="prince — sign of the times",
        said_at=NOON,
    )

    assert find("Prince", "Sign Of The Times").track == track.pk


def test_names_without_a_letter_are_told_apart():
    make_track("!!!", artist=make_artist("???"))

    assert find("???", "!!!") is not None
    assert find("!!!", "???") is None


def test_an_artist_alone_names_no_track():
    track = make_track("", artist=make_artist("Low"), match_key="low —")
    give_id(track, "isrc", "A")
    index = Index.load([])

    index.add(Wanted("Low", "", None, (("isrc", "B"),)), track=track.pk)

    assert index.find(Wanted("Low", "")) is None
    assert find("Low", "") is None
    assert find("Low", "", None, ("isrc", "A")).track == track.pk


def test_what_joins_the_index_is_found_like_what_is_stored():
    index = Index.load([])

    index.add(Wanted("Low", "Intro", 60_000, (("isrc", "A"),)), track=-1)

    assert index.find(Wanted("low", "intro", 61_000)).track == -1
    assert index.find(Wanted("Other", "Name", None, (("isrc", "A"),))).track == -1


def test_a_thousand_rows_cost_as_much_as_one():
    tracks = [make_track() for _ in range(10)]
    wanted = [Wanted(track.artist.name, track.title, None, (("isrc", "x"),)) for track in tracks]

    with CaptureQueriesContext(connection) as few:
        find_tracks(wanted[:1])
    with CaptureQueriesContext(connection) as many:
        matches = find_tracks(wanted)

    assert [match.track for match in matches] == [track.pk for track in tracks]
    assert len(many) == len(few)
