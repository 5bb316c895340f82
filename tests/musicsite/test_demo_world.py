"""The world itself, made small and without a database."""

import unicodedata
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import coo_array

from catalog.features import FEATURES, SHARES
from musicsite.demo.catalogue import NONE
from musicsite.demo.genres import BY_NAME, GENRES
from musicsite.demo.habits import HABITS, PLACES
from musicsite.demo.known import KNOWN_ARTISTS, KNOWN_LISTENERS
from musicsite.demo.library import make_library
from musicsite.demo.sessions import DAY
from musicsite.demo.tastes import genre_weights
from musicsite.demo.tracks import SPAN_DAYS
from musicsite.demo.world import FULL, Size, make_world

SATURDAY = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SMALL = Size(artists=200, listeners=400, plays=60_000)
MIDDLING = Size(artists=400, listeners=900, plays=120_000)
TINY = Size(artists=60, listeners=30, plays=900)


class Heard:
    """All plays of a world in columns."""

    def __init__(self, world):
        self.world = world
        self.of, self.opinions = [], []
        for plays, given in world.plays():
            self.of.append(plays)
            self.opinions += given
        self.listener = np.repeat(
            [one.listener for one in self.of], [one.track.size for one in self.of]
        )
        for name in ("track", "start_ms", "ms_played", "skipped"):
            setattr(self, name, np.concatenate([getattr(one, name) for one in self.of]))
        self.liking = np.concatenate([one.liking[one.track] for one in self.of])


@pytest.fixture(scope="module")
def heard():
    return Heard(make_world(at=SATURDAY, size=SMALL))


@pytest.fixture(scope="module")
def world(heard):
    return heard.world


def column(world, name):
    return world.catalogue.tracks.features[:, FEATURES.index(name)]


def of_genre(world, genre):
    return world.catalogue.tracks.genre == BY_NAME[genre]


# The same world


def all_of(world):
    tracks = world.catalogue.tracks
    plays = [
        (p.track.tolist(), p.start_ms.tolist(), p.ms_played.tolist(), g) for p, g in world.plays()
    ]
    return (
        world.catalogue.artists.names,
        tracks.titles,
        tracks.features.tolist(),
        world.listeners.handles,
        plays,
    )


def test_the_same_seed_makes_the_same_world():
    first, second = (make_world(at=SATURDAY, seed=3, size=TINY) for _ in range(2))

    assert str(all_of(first)) == str(all_of(second))


def test_another_seed_makes_another_world():
    first, second = (make_world(at=SATURDAY, seed=seed, size=TINY) for seed in (3, 4))

    assert first.catalogue.tracks.titles != second.catalogue.tracks.titles
    assert first.listeners.handles != second.listeners.handles


def test_an_hour_later_it_is_the_same_world_and_a_year_later_the_same_music():
    noon, evening = (make_world(at=SATURDAY.replace(hour=hour), size=TINY) for hour in (12, 20))
    later = make_world(at=SATURDAY.replace(year=2027), size=TINY)

    assert noon.end == evening.end == SATURDAY.replace(hour=0, minute=0)
    assert later.catalogue.artists.names == noon.catalogue.artists.names
    assert later.end.year == 2027


# The catalogue


@pytest.mark.slow
def test_it_is_as_large_as_promised():
    heard = Heard(make_world(at=SATURDAY, size=FULL))
    catalogue = heard.world.catalogue

    assert len(catalogue.tracks) >= 5000
    assert len(catalogue.artists) >= 600
    assert len(heard.world.listeners) >= 1500
    assert heard.track.size >= 250_000
    assert 1 - np.unique(heard.track).size / len(catalogue.tracks) >= 0.05


def test_it_has_24_genres_with_several_artists_each(world):
    artists = np.bincount(world.catalogue.artists.genre, minlength=len(GENRES))

    assert len({genre.name for genre in GENRES}) == 24
    assert artists.min() >= 3


def test_no_two_artists_share_a_name_and_no_artist_uses_a_title_twice(world):
    tracks, names = world.catalogue.tracks, world.catalogue.artists.names
    titles = list(zip(tracks.artist.tolist(), tracks.titles, strict=True))

    assert len(set(names)) == len(names)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "script",
    ["LATIN", "CYRILLIC", "GREEK", "HIRAGANA", "HANGUL", "CJK", "ARABIC", "HEBREW", "DEVANAGARI"],
)
def test_titles_are_written_in_many_scripts(world, script):
    written = sum(
        any(unicodedata.name(letter, "").startswith(script) for letter in title)
        for title in world.catalogue.tracks.titles
    )

    assert written >= 10


def test_titles_are_short_and_long_and_odd(world):
    titles = world.catalogue.tracks.titles
    lengths = [len(title) for title in titles]

    assert min(lengths) <= 3
    assert 70 < max(lengths) < 300
    assert any("feat." in title for title in titles)
    assert any("(Live at" in title for title in titles)
    assert any("Remaster" in title for title in titles)
    assert any(unicodedata.category(letter) == "So" for title in titles for letter in title)


def test_names_hold_no_stray_spaces(world):
    names = world.catalogue.artists.names + world.catalogue.tracks.titles + world.listeners.names

    assert all(name == " ".join(name.split()) and name for name in names)


def test_the_known_artists_have_their_known_tracks(world):
    tracks = world.catalogue.tracks
    theirs = set(zip(tracks.artist.tolist(), tracks.titles, strict=True))

    known = {(row, title) for row, artist in enumerate(KNOWN_ARTISTS) for title in artist.titles}

    assert known <= theirs


def test_a_drone_is_slow_and_quiet_and_metal_is_neither(world):
    drone, metal = (of_genre(world, name) for name in ("drone", "metal"))

    assert np.nanmax(column(world, "tempo")[drone]) < np.nanmedian(column(world, "tempo")[metal])
    assert np.nanmax(column(world, "loudness")[drone]) < np.nanmin(column(world, "loudness")[metal])
    assert np.nanquantile(column(world, "energy")[drone], 0.95) < 0.3
    assert np.nanquantile(column(world, "energy")[metal], 0.05) > 0.7


def test_features_are_possible(world):
    for name in SHARES:
        values = column(world, name)
        assert np.nanmin(values) >= 0
        assert np.nanmax(values) <= 1
    assert np.nanmax(column(world, "loudness")) < 0
    assert set(np.unique(column(world, "mode")[~np.isnan(column(world, "mode"))])) == {0, 1}
    assert np.nanmin(column(world, "key")) == 0
    assert np.nanmax(column(world, "key")) == 11


def test_features_go_together_within_a_genre(world):
    folk = of_genre(world, "indie folk") & ~np.isnan(column(world, "energy"))

    def together(one, other):
        return np.corrcoef(column(world, one)[folk], column(world, other)[folk])[0, 1]

    assert together("energy", "loudness") > 0.4
    assert together("energy", "acousticness") < -0.3
    assert together("valence", "danceability") > 0.2


def test_tracks_of_an_artist_sound_more_alike_than_those_of_a_genre(world):
    tracks = world.catalogue.tracks
    within_artist, within_genre = (
        np.mean([
            np.nanvar(column(world, "energy")[group == row])
            for row in np.unique(group)
            if (~np.isnan(column(world, "energy")[group == row])).sum() > 3
        ])
        for group in (tracks.artist, tracks.genre)
    )  # fmt: skip

    assert within_artist < 0.75 * within_genre


def test_a_live_version_sounds_live_and_belongs_to_its_original(world):
    tracks = world.catalogue.tracks
    live = [row for row, title in enumerate(tracks.titles) if "(Live at" in title]
    originals = tracks.original[live]

    assert all(
        tracks.titles[row].startswith(tracks.titles[of].partition(" (feat.")[0])
        for row, of in zip(live, originals, strict=True)
    )
    assert (tracks.artist[live] == tracks.artist[originals]).all()
    assert np.nanmean(column(world, "liveness")[live]) > 0.5
    both = ~np.isnan(column(world, "tempo")[live] + column(world, "tempo")[originals])
    for name in ("tempo", "key"):
        values = column(world, name)
        assert (values[live] == values[originals])[both].all()


def test_some_tracks_lack_features_and_some_lack_tags(world):
    tracks = world.catalogue.tracks
    silent = np.isnan(tracks.features)
    untagged = np.mean([not tags for tags in tracks.tags])

    assert (silent.all(axis=1) == silent.any(axis=1)).all()
    assert 0.03 < silent.all(axis=1).mean() < 0.10
    assert 0.05 < untagged < 0.15


def test_guests_are_of_the_same_genre_and_never_the_artist(world):
    tracks, artists = world.catalogue.tracks, world.catalogue.artists
    invited = tracks.guest != NONE

    assert invited.sum() > 10
    assert (tracks.guest[invited] != tracks.artist[invited]).all()
    assert (artists.genre[tracks.guest[invited]] == tracks.genre[invited]).all()


# The plays


def test_plays_lie_within_the_two_years_and_never_overlap(heard):
    end = heard.start_ms + heard.ms_played

    assert end.max() <= SPAN_DAYS * DAY
    assert heard.start_ms.min() > -DAY  # the first morning begins early in the east
    for one in heard.of:
        assert (one.start_ms[1:] > (one.start_ms + one.ms_played)[:-1]).all()


def test_a_skip_is_a_play_under_30_seconds(heard):
    assert ((heard.ms_played < 30_000) == heard.skipped).all()
    assert 0.08 < heard.skipped.mean() < 0.25
    assert (heard.ms_played <= heard.world.catalogue.tracks.duration_ms[heard.track]).all()


def test_people_skip_what_they_like_less(heard):
    assert heard.liking[heard.skipped].mean() < heard.liking[~heard.skipped].mean() - 0.5


def test_nothing_is_played_before_it_came_out(heard):
    day = heard.start_ms // DAY
    released = heard.world.catalogue.tracks.released[heard.track] + SPAN_DAYS

    assert (released <= day + 1).all()
    assert (heard.world.catalogue.tracks.released > -SPAN_DAYS).any()


def test_one_track_in_twenty_or_more_was_never_heard(heard):
    tracks = heard.world.catalogue.tracks
    played = np.isin(np.arange(len(tracks)), heard.track)

    assert tracks.unheard.mean() >= 0.05
    assert not (played & tracks.unheard).any()


def test_newcomers_have_three_recent_plays(heard):
    plays = np.bincount(heard.listener)
    newcomers = np.flatnonzero(plays == 3)

    assert newcomers.size >= 0.03 * SMALL.listeners
    assert heard.start_ms[np.isin(heard.listener, newcomers)].min() > (SPAN_DAYS - 22) * DAY


def test_few_tracks_get_much_and_favourites_come_back(heard):
    plays = np.sort(np.bincount(heard.track))[::-1]
    pairs = np.unique(np.stack([heard.listener, heard.track]), axis=1).shape[1]

    assert plays[: plays.size // 10].sum() > 0.35 * plays.sum()
    assert heard.track.size / pairs > 1.8


def test_people_play_the_genres_of_their_taste_groups(heard):
    people, genre = heard.world.listeners, heard.world.catalogue.tracks.genre[heard.track]
    wanted = np.maximum(people.early, people.late) @ genre_weights()
    best = np.argsort(-wanted, axis=1)[:, :6]

    fits = (best[heard.listener] == genre[:, None]).any(axis=1)

    assert fits.mean() > 0.7


def test_taste_drifts_towards_the_late_one(heard):
    people, genre = heard.world.listeners, heard.world.catalogue.tracks.genre[heard.track]
    gained = (people.late - people.early) @ genre_weights()
    drifts = np.abs(people.late - people.early).sum(axis=1) > 0.8
    drifting = drifts[heard.listener]
    late = heard.start_ms > (people.joined + people.left)[heard.listener] / 2 * DAY

    gain = gained[heard.listener, genre]

    assert drifts[len(KNOWN_LISTENERS) :].mean() > 0.2
    assert gain[drifting & late].mean() > gain[drifting & ~late].mean() + 0.05


def test_people_listen_at_the_hours_and_on_the_days_of_their_habit(heard):
    people, world = heard.world.listeners, heard.world
    habits = [habit.name for habit in HABITS]
    weekday = (world.start.weekday() + heard.start_ms // DAY) % 7
    at_home = np.isin([place.time_zone for place in PLACES], ["Asia/Tokyo"])[people.place]
    tokyo_hour = (heard.start_ms // 3_600_000 + 9) % 24

    office = (people.habit == habits.index("office"))[heard.listener]
    weekender = (people.habit == habits.index("weekender"))[heard.listener]

    assert (weekday[office] >= 5).mean() < 0.2
    assert (weekday[weekender] >= 5).mean() > 0.4
    assert np.isin(tokyo_hour[at_home[heard.listener] & office], range(8, 18)).mean() > 0.6


def test_a_sleeper_falls_asleep_to_quiet_music_before_midnight(heard):
    sleep = next(row for row, one in enumerate(KNOWN_LISTENERS) if one.name == "Sleep")
    mine = heard.listener == sleep
    energy = column(heard.world, "energy")[heard.track[mine]]

    assert np.nanmedian(energy) < 0.3
    assert np.isin((heard.start_ms[mine] // 3_600_000) % 24, [20, 21, 22, 23, 0, 1, 2]).mean() > 0.7


def test_who_wants_nothing_explicit_hears_nothing_explicit(heard):
    spared = ~heard.world.listeners.wants_explicit

    assert spared.sum() > 5
    assert not heard.world.catalogue.tracks.explicit[heard.track[spared[heard.listener]]].any()


def test_rosalind_plays_the_known_artists_most(heard):
    artists = heard.world.catalogue.tracks.artist[heard.track[heard.listener == 0]]

    assert (artists < len(KNOWN_ARTISTS)).mean() > 0.25
    assert np.argmax(np.bincount(artists)) < len(KNOWN_ARTISTS)


def test_a_library_is_found_little_by_little():
    rng = np.random.default_rng(1)
    liking = rng.normal(0, 2, 500)

    library = make_library(
        rng, liking, liking, joined=100, left=700, released=np.full(500, -9000), n_plays=300
    )
    known = (library.weights_on(np.array([100, 300, 699])) > 1e-6).sum(axis=1)

    assert np.unique(library.track).size == library.track.size
    assert all(before < after for before, after in pairwise(known))


# The opinions


def opinions_of_kind(heard, kind):
    """Return (listener, track) pairs."""
    return {(o.listener, o.row) for o in heard.opinions if o.kind == kind and o.about == "track"}


def test_nobody_likes_and_dislikes_the_same_track(heard):
    liked, disliked = (opinions_of_kind(heard, kind) for kind in ("like", "dislike"))

    assert liked
    assert disliked
    assert not liked & disliked


def test_opinions_agree_with_taste(heard):
    def liking(kind):
        return np.mean(
            [heard.of[who].liking[track] for who, track in opinions_of_kind(heard, kind)]
        )

    assert liking("like") > liking("dislike") + 1


def test_ratings_use_all_five_stars_and_follow_taste(heard):
    rated = [o for o in heard.opinions if o.kind == "rating"]
    stars = np.array([o.rating for o in rated])
    liking = np.array([heard.of[o.listener].liking[o.row] for o in rated])

    assert set(stars) == {1, 2, 3, 4, 5}
    assert 2.8 < stars.mean() < 4
    assert np.corrcoef(stars, liking)[0, 1] > 0.3


def test_a_few_rate_much_and_each_gives_stars_in_their_own_way(heard):
    rated = [o for o in heard.opinions if o.kind == "rating"]
    beyond_taste = {}
    for o in rated:
        taste = 0.65 * heard.of[o.listener].liking[o.row]
        beyond_taste.setdefault(o.listener, []).append(o.rating - taste)
    given = np.sort([len(stars) for stars in beyond_taste.values()])[::-1]
    halves = [(np.mean(s[::2]), np.mean(s[1::2])) for s in beyond_taste.values() if len(s) >= 20]

    assert given[: len(heard.of) // 3].sum() > 0.9 * given.sum()
    assert np.corrcoef(np.array(halves).T)[0, 1] > 0.5


def test_an_opinion_comes_once_and_after_the_play(heard):
    keys = [(o.listener, o.kind, o.about, o.row) for o in heard.opinions]
    first = {}
    for who, track, start in zip(heard.listener, heard.track, heard.start_ms, strict=True):
        first.setdefault((who, track), start)

    assert len(set(keys)) == len(keys)
    assert all(o.at_ms > first[o.listener, o.row] for o in heard.opinions if o.about == "track")


# What a recommender finds in it


@pytest.mark.slow
def test_neighbours_recommend_three_times_as_well_as_popularity():
    learnt, held_out = split(Heard(make_world(at=SATURDAY, size=MIDDLING)))
    support = np.asarray(learnt.sum(axis=0)).ravel()
    together = (learnt.T @ learnt).toarray()
    np.fill_diagonal(together, 0)
    similarity = together / np.sqrt(np.maximum(np.outer(support, support), 1))

    popular = ndcg(np.tile(support, (learnt.shape[0], 1)), learnt, held_out)
    neighbours = ndcg(learnt @ similarity, learnt, held_out)

    assert popular > 0
    assert neighbours > 3 * popular


def split(heard):
    """Hold out a fifth of each listener's tracks."""
    pairs = np.unique(np.stack([heard.listener, heard.track])[:, ~heard.skipped], axis=1)
    out = np.random.default_rng(1).random(pairs.shape[1]) < 0.2
    shape = (len(heard.world.listeners), len(heard.world.catalogue.tracks))
    return [
        coo_array((np.ones(part.sum()), tuple(pairs[:, part])), shape=shape).tocsr()
        for part in (~out, out)
    ]


def ndcg(scores, learnt, held_out, n=20):
    scores = np.where(learnt.toarray() > 0, -np.inf, scores)
    best = np.argsort(-scores, axis=1)[:, :n]
    right = np.take_along_axis(held_out.toarray(), best, axis=1)
    discount = 1 / np.log2(np.arange(2, n + 2))
    wanted = np.minimum(np.asarray(held_out.sum(axis=1)).ravel().astype(int), n)
    ideal = np.concatenate([[0], np.cumsum(discount)])[wanted]
    asked = wanted > 0
    return ((right @ discount)[asked] / ideal[asked]).mean()
