"""A small catalogue of two genres that differ, explored."""

from catalog.pipeline.exploring import explore
from tests.factories import NOON, make_artist, make_features, make_genre, make_track


def make_tracks(genre, n, *, year=1990, **sound):
    """Tracks that grow faster and more energetic one by one, two a year."""
    artists = [make_artist() for _ in range(5)]
    tracks = []
    for number in range(n):
        track = make_track(
            genre=genre,
            artist=artists[number % 5],
            year=year + number // 2,
            duration_ms=180_000 + 1000 * number,
            is_explicit=number % 4 == 0,
        )
        step = number / n
        changing = {"tempo": 80 + 60 * step, "energy": 0.2 + 0.6 * step, "key": number % 12}
        make_features(track, **changing | sound)
        tracks.append(track)
    return tracks


def make_catalogue():
    """Folk with fado below it, and metal; return the genres by name."""
    folk, metal = make_genre("folk"), make_genre("metal")
    fado = make_genre("fado", parent=folk)
    make_tracks(fado, 30, acousticness=0.9, loudness=-14)
    make_tracks(metal, 50, acousticness=0.05, loudness=-4)
    return {"folk": folk, "fado": fado, "metal": metal}


def explore_now(at=NOON):
    return explore(at=at, progress=lambda share, words: None)
