"""The promise that a search of 100,000 tracks is answered while one types."""

import random
import time
from itertools import accumulate

import pytest
from django.db import connection

from catalog.models import Album, Artist, Source, Track
from catalog.services import indexing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.timeout(1800),
]

TRACKS, ARTISTS, ALBUMS, WORDS = 100_000, 15_000, 12_000, 40_000
QUESTIONS = 400
P95_MS = 50
STARTS = [
    *"bcdfghjklmnprstvwy",
    "bl",
    "ch",
    "cl",
    "dr",
    "fr",
    "gr",
    "sh",
    "sl",
    "st",
    "th",
    "tr",
    "",
]
VOWELS = [*"aaeeeiioouy", "ai", "ea", "ee", "ie", "oo", "ou"]
ENDS = ["", "", "", *"dlmnrstxkz", "ck", "ll", "nd", "ng", "nt", "rd", "rn", "ss", "st", "ts"]


class Names:
    """Names whose words are as unevenly common as those of a language."""

    def __init__(self, rng):
        self.rng = rng
        self.words = sorted({self._word() for _ in range(WORDS * 2)})
        rng.shuffle(self.words)
        self.shares = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def make(self, least, most):
        n = self.rng.randint(least, most)
        return " ".join(self.rng.choices(self.words, cum_weights=self.shares, k=n)).title()

    def _word(self):
        return "".join(
            self.rng.choice(part)
            for _ in range(self.rng.randint(1, 3))
            for part in (STARTS, VOWELS, ENDS)
        )


def fill(rng, names):
    artists = Artist.objects.bulk_create(
        (Artist(name=names.make(1, 3), match_key="x", source=Source.CSV) for _ in range(ARTISTS)),
        batch_size=2000,
    )
    albums = Album.objects.bulk_create(
        (
            Album(title=names.make(1, 4), artist=rng.choice(artists), match_key="x", source="csv")
            for _ in range(ALBUMS)
        ),
        batch_size=2000,
    )
    Track.objects.bulk_create(
        (
            Track(
                title=names.make(1, 5),
                artist=album.artist,
                album=album,
                match_key="x",
                source="csv",
            )
            for album in rng.choices(albums, k=TRACKS)
        ),
        batch_size=2000,
    )
    indexing.index_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def questions(rng, names):
    """What people type: names half typed, with a slip, whole, and the most common words of all."""
    for number in range(QUESTIONS):
        name = names.make(1, 3).lower()
        at = rng.randrange(1, max(2, len(name)))
        yield (name[: max(2, at)], name[:at] + name[at + 1 :], name, names.words[number % 20])[
            number % 4
        ]


def ask(client, question):
    """Return the milliseconds of the quickest of three, so that what else runs counts less."""
    return min(ask_once(client, question) for _ in range(3))


def ask_once(client, question):
    started = time.perf_counter()
    answer = client.get("/api/v1/search/", {"q": question}, headers={"accept": "application/json"})
    took = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200
    return took


def test_95_of_100_searches_take_less_than_50_ms(client, settings, capsys):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]
    rng = random.Random(7)
    names = Names(rng)
    fill(rng, names)

    times = sorted(ask(client, question) for question in questions(rng, names))

    median, p95 = times[QUESTIONS // 2], times[int(QUESTIONS * 0.95)]
    said = f"{TRACKS:,} tracks: median {median:.1f} ms, p95 {p95:.1f}, worst {times[-1]:.1f}"
    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201 -- the figure is what the test is for
    assert p95 < P95_MS, said
