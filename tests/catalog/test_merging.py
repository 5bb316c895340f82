"""Merges and splits: what shows, what comes in later, and that a split leaves no trace."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Artist, Change, ExternalId, Rule, Source, Track, TrackGenre, TrackRecord
from catalog.services import merging
from catalog.services.changing import undo
from catalog.services.matching import Wanted, find_tracks
from catalog.services.refusing import Refused
from catalog.services.showing import refresh_shown, say
from tests.factories import (
    NOON,
    make_artist,
    make_curator,
    make_features,
    make_genre,
    make_play,
    make_track,
)

pytestmark = pytest.mark.django_db

SHOWN = ("pk", "title", "artist", "year", "duration_ms", "is_explicit", "genre", "features")


def merge(survivor, *tracks, **options):
    return merging.merge_tracks(survivor=survivor, tracks=tracks, by=None, at=NOON, **options)


def split(track):
    return merging.split_track(track=track, by=None, at=NOON)


def merge_artists(survivor, *artists):
    return merging.merge_artists(survivor=survivor, artists=artists, by=None, at=NOON)


def find(track, duration_ms=None, *ids):
    (match,) = find_tracks([Wanted(track.artist.name, track.title, duration_ms, ids)])
    return match and (match.track, match.shown)


def canonical(track):
    return type(track).objects.get(pk=track.pk).canonical_id


def everything():
    """All that a reader sees of tracks and artists, and what each name and id leads to."""
    tracks = Track.objects.select_related("artist").order_by("pk")
    wanted = [Wanted(track.artist.name, track.title, track.duration_ms) for track in tracks]
    ids = ExternalId.objects.order_by("pk").values_list("kind", "value")
    wanted += [Wanted("Nobody", "Nothing", None, (pair,)) for pair in ids]
    return {
        "tracks": list(tracks.values_list(*SHOWN, "canonical")),
        "playable": sorted(Track.objects.playable().values_list("pk", flat=True)),
        "artists": list(Artist.objects.order_by("pk").values_list("pk", "name", "canonical")),
        "found": find_tracks(wanted),
        "rules": list(Rule.objects.holding().exclude(kind=Rule.Kind.SPLIT).values_list("pk")),
    }


def test_a_merged_track_shows_as_its_survivor_and_keeps_its_plays():
    solaris, wrong = make_track("Solaris"), make_track("Solariss")
    play = make_play(track=wrong)

    merge(solaris, wrong)

    assert list(Track.objects.shown()) == [solaris]
    assert canonical(wrong) == solaris.pk
    play.refresh_from_db()
    assert play.track == wrong


def test_the_survivor_shows_what_only_the_other_knew_until_they_are_split():
    bare, known = make_track(year=None), make_track(year=1972)
    genre = make_genre()
    TrackGenre.objects.create(track=known, genre=genre, source=Source.CSV)
    make_features(known, source=Source.CSV)
    refresh_shown([known.pk])
    before = everything()

    merge(bare, known)
    bare.refresh_from_db()
    assert (bare.year, bare.genre, bare.features.track) == (1972, genre, known)

    split(known)
    assert everything() == before


def test_a_chain_points_at_the_final_survivor_and_comes_apart_where_it_is_split():
    first, second, third = make_track(), make_track(), make_track()

    merge(second, first)
    merge(third, second)
    assert (canonical(first), canonical(second)) == (third.pk, third.pk)

    split(second)
    assert (canonical(first), canonical(second)) == (second.pk, None)


def test_the_same_wrong_name_comes_in_again():
    right, wrong = make_track("Solaris"), make_track("Solariss")
    merge(right, wrong)

    assert find(wrong) == (wrong.pk, right.pk)
    assert find(wrong, wrong.duration_ms) == (wrong.pk, right.pk)

    split(wrong)

    assert find(wrong) == (wrong.pk, wrong.pk)


def test_an_accepted_name_is_followed_whatever_its_duration_until_the_split():
    right, wrong = make_track("Solaris"), make_track("Solariss", duration_ms=200_000)
    merge(right, wrong, match=True)

    assert find(wrong, 400_000) == (wrong.pk, right.pk)

    split(wrong)

    assert find(wrong, 400_000) is None


def test_a_name_that_the_survivor_goes_by_too_is_told_apart_by_duration():
    album = make_track("Halo", duration_ms=260_000)
    radio = make_track("Halo", artist=album.artist, duration_ms=200_000)

    merge(album, radio, match=True)

    assert find(album, 260_000) == (album.pk, album.pk)
    assert find(radio, 200_000) == (radio.pk, album.pk)


def test_an_import_while_merged_leaves_what_an_import_alone_would():
    survivor, other = make_track(year=None), make_track(year=None)
    imported = {"values": {"year": 1971}, "at": NOON, "source": Source.CSV}
    with transaction.atomic():
        say(track=other, **imported)
        alone = everything()
        transaction.set_rollback(True)

    merge(survivor, other)
    say(track=other, **imported)
    split(other)

    assert everything() == alone


def test_what_was_kept_apart_and_is_merged_was_not_kept_apart():
    one, other = make_track(), make_track()
    merging.keep_apart(rows=[one, other], by=None, at=NOON)

    merge(one, other)

    assert not Rule.objects.holding().filter(kind=Rule.Kind.SPLIT).exists()


def test_a_split_says_that_the_two_stay_apart():
    one, other = make_track(), make_track()
    curator = make_curator()
    merging.merge_tracks(survivor=one, tracks=[other], by=curator, at=NOON)

    merging.split_track(track=other, by=curator, at=NOON)

    rule = Rule.objects.holding().get()
    assert (rule.kind, rule.track, rule.other_track) == (Rule.Kind.SPLIT, other, one)
    assert rule.made_by == curator


def test_a_rule_is_undone_once():
    one, other = make_track(), make_track()
    merge(one, other)
    rule = Rule.objects.get()

    merging.undo_rule(rule=rule, by=None, at=NOON)

    assert canonical(other) is None
    with pytest.raises(Refused, match="undone already"):
        merging.undo_rule(rule=rule, by=None, at=NOON)


def test_a_pointer_without_a_rule_is_kept_and_can_be_split():
    survivor = make_track()
    old, new = make_track(canonical=survivor), make_track()

    merge(survivor, new)
    assert canonical(old) == survivor.pk

    split(old)
    assert (canonical(old), canonical(new)) == (None, survivor.pk)


@pytest.mark.parametrize("case", ["itself", "twice", "elsewhere", "nothing"])
def test_a_merge_that_makes_no_sense_is_refused(case):
    one, other, third = make_track(), make_track(), make_track()
    merge(one, other)
    before = everything()

    with pytest.raises(Refused):
        merge(
            *{
                "itself": (one, one),
                "twice": (one, other),
                "elsewhere": (third, other),
                "nothing": (one,),
            }[case]
        )

    assert everything() == before


def test_splitting_what_is_not_merged_is_refused():
    with pytest.raises(Refused, match="not merged"):
        split(make_track())


def test_a_merge_the_other_way_round_cannot_be_closed_to_a_circle():
    one, other = make_track(), make_track()
    first = merge(one, other)
    undo(change=first, by=None, at=NOON)
    merge(other, one)
    undoing = Change.objects.get(undoes=first)

    with pytest.raises(Refused, match="other way round"):
        undo(change=undoing, by=None, at=NOON)

    assert (canonical(one), canonical(other)) == (other.pk, None)


def test_merged_artists_are_followed_by_name_and_split_without_a_trace():
    right, wrong = make_artist("The Beatles"), make_artist("Beatles, The")
    help_, yesterday = make_track("Help!", artist=right), make_track("Yesterday", artist=wrong)
    before = everything()

    merge_artists(right, wrong)

    assert list(Artist.objects.shown()) == [right]
    (match,) = find_tracks([Wanted("Beatles, The", "Help!")])
    assert match.track == help_.pk
    assert find(yesterday) == (yesterday.pk, yesterday.pk)

    merging.split_artist(artist=wrong, by=None, at=NOON)
    assert everything() == before


def test_a_track_of_an_artist_merged_into_a_hidden_one_is_not_played():
    hidden, other = make_artist(hidden_at=NOON), make_artist()
    make_track(artist=other)

    merge_artists(hidden, other)

    assert not Track.objects.playable().exists()


def test_undoing_a_merge_is_a_change_and_can_be_undone():
    one, other = make_track(), make_track()
    before = everything()
    change = merge(one, other)
    merged = everything()

    undone = undo(change=change, by=None, at=NOON)
    assert everything() == before

    undo(change=undone.change, by=None, at=NOON)
    assert everything() == merged


def make_world():
    artists = [make_artist(f"Band {n}") for n in range(2)]
    tracks = [
        make_track(
            f"Piece {n // 2}",
            artist=artists[n % 2],
            duration_ms=200_000 + 3000 * n if n % 3 else None,
            year=1970 + n if n % 2 else None,
        )
        for n in range(5)
    ]
    genre = make_genre()
    TrackGenre.objects.create(track=tracks[1], genre=genre, source=Source.CSV)
    make_features(tracks[3], source=Source.CSV)
    ExternalId.objects.create(kind="isrc", value="X1", track=tracks[2], source=Source.CSV)
    TrackRecord.objects.create(
        track=tracks[4],
        source=Source.MSD,
        source_id="m4",
        match_key="another name — piece",
        said={"title": "Piece 2", "year": 1980},
        said_at=NOON,
    )
    refresh_shown([track.pk for track in tracks])
    return tracks, artists


def act(tracks, artists, step):
    """Do one step of a random sequence; False where it was refused."""
    kind, one, other = step
    track, into = tracks[one], Track.objects.get(pk=tracks[other].pk)
    try:
        if kind == "merge":
            merge(into, Track.objects.get(pk=track.pk), match=other % 2 == 0)
        elif kind == "split":
            split(track)
        elif kind == "artists":
            merge_artists(
                Artist.objects.get(pk=artists[other % 2].pk),
                Artist.objects.get(pk=artists[one % 2].pk),
            )
        elif kind == "import":
            say(track=track, values={"year": 1960 + one}, at=NOON, source=Source.KAGGLE_TRACKS)
    except Refused:
        return False
    return True


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "merge", "split", "artists", "import"]),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    max_size=6,
)


@pytest.mark.slow
@pytest.mark.timeout(300)
@given(steps=STEPS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_was_merged_reads_as_before_once_it_is_split(steps, db):
    imports = [step for step in steps if step[0] == "import"]
    with transaction.atomic():
        tracks, artists = make_world()
        with transaction.atomic():
            for step in imports:
                act(tracks, artists, step)
            alone = everything()
            transaction.set_rollback(True)

        merged = {}
        for step in steps:
            done = act(tracks, artists, step)
            kind, one, other = step
            if done and kind == "merge":
                merged[one] = next(n for n in survivors(merged, other))
            if done and kind == "split":
                del merged[one]
            assert pointers(tracks) == {n: root(merged, n) for n in merged}
        for row in [*tracks, *artists]:
            if type(row).objects.get(pk=row.pk).canonical_id:
                if isinstance(row, Track):
                    split(row)
                else:
                    merging.split_artist(artist=row, by=None, at=NOON)
        assert everything() == alone
        transaction.set_rollback(True)


def root(merged, n):
    while n in merged:
        n = merged[n]
    return n


def survivors(merged, n):
    yield root(merged, n)


def pointers(tracks):
    numbers = {track.pk: n for n, track in enumerate(tracks)}
    rows = Track.objects.filter(canonical__isnull=False).values_list("pk", "canonical")
    return {numbers[pk]: numbers[into] for pk, into in rows}
