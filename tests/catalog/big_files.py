"""Files as large as the real ones, for measuring; all names in them are made up."""

import csv
import random

GENRES = 114
COLUMNS = [
    "",
    "track_id",
    "artists",
    "album_name",
    "track_name",
    "popularity",
    "duration_ms",
    "explicit",
    "danceability",
    "energy",
    "key",
    "loudness",
    "mode",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
    "tempo",
    "time_signature",
    "track_genre",
]
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SYLLABLES = ("ka", "lo", "mi", "ren", "so", "tú", "va", "ny", "or", "el", "ba", "дом", "夜")


def write_kaggle_tracks(path, rows=114_000, *, seed=1):
    """Write a file like Kaggle's tracks dataset: a fifth of its rows are tracks it had before."""
    rng = random.Random(seed)
    tracks = []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            if tracks and rng.random() < 0.21:
                track = rng.choice(tracks)
            else:
                track = _track(rng)
                tracks.append(track)
            writer.writerow([number, *track, f"genre-{number * GENRES // rows}"])
    return path


def _track(rng):
    artists = ";".join(_name(rng, 2, 9_000) for _ in range(rng.choice((1, 1, 1, 2))))
    shares = [round(rng.random(), 4) for _ in range(7)]
    return [
        "".join(rng.choices(LETTERS, k=22)),
        artists,
        _name(rng, 3),
        _name(rng, 4) + rng.choice(("", "", "", " (feat. Nobody)", " - Remastered 2011")),
        rng.randrange(100),
        rng.randrange(90_000, 400_000),
        rng.choice(("False", "False", "True")),
        *shares[:2],
        rng.randrange(12),
        round(rng.uniform(-20, 0), 3),
        rng.randrange(2),
        *shares[2:],
        round(rng.uniform(60, 200), 3),
        4,
    ]


def _name(rng, words, people=None):
    if people:
        rng = random.Random(rng.randrange(people))
    return " ".join("".join(rng.choices(SYLLABLES, k=3)).title() for _ in range(words))
