"""How well tracks nobody has played are recommended: `python -m recommendations.engine.cold`.

A fifth of the tracks, drawn by seed, loses all its plays. Each listener with a history left is
then asked for the tracks lost, ranked among the lost ones only. Recall@50, averaged over
listeners; the interval is a bootstrap over listeners.

    --playlists FILE  the TidyTuesday table: playlists are the listeners. Its genres describe the
                      playlist, so that only the baseline may use them; content has the sound,
                      the artist and the year
    --plays FILE --names FILE --artists FILE [--tags FOLDER] [--tracks FILE]
                      a taste profile, its tracks' names, artists with their sound and genres
                      (`data_w_genres.csv`) and artists with tags (HetRec Last.fm), joined by
                      name; and the tracks of the Million Song subset (`corgis_music.csv`)
    --folder [FOLDER] both, from where they lie in that folder, or in `SEGUE_TEST_DATA`, or
                      `../shared/data`; what is not there is said and left out

Both know from outside how famous a track is (TidyTuesday) or its artist and it (the others), the
baselines as the popularity they rank by, ours as hints at how many listeners to expect.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.benchmark import options
from recommendations.engine.benchmark.real import data_folder
from recommendations.engine.content import Content
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.linear import only_columns
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ranking import top_n
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.unheard import carried, expected_listeners

SOUND = (
    "danceability", "energy", "loudness", "speechiness", "acousticness",
    "instrumentalness", "liveness", "valence", "tempo", "duration_ms",
)  # fmt: skip
FAME = ("song.hotttnesss", "artist.hotttnesss", "artist.familiarity")
SUBSET = (
    "song.id", "artist.terms", "song.year", "song.tempo", "song.loudness", "song.duration", *FAME,
)  # fmt: skip
PLACES = {  # of what the two sets are made of, within the folder of the data
    "playlists": "spotify-songs-tidytuesday/spotify_songs.csv",
    "plays": "msd-taste-profile/topUsers_10000.txt",
    "names": "msd-taste-profile/subset_unique_tracks.txt",
    "artists": "spotify-vatsalmavani/data_w_genres.csv",
    "tags": "hetrec2011-lastfm",
    "tracks": "msd-10k/corgis_music.csv",
}
SET_OF_PLAYS = ("plays", "names", "artists", "tags", "tracks")
N = 50
CARRIED = 2.0  # how much the carried columns weigh beside content
FAME_ALONE = 0.05  # of the usual best score, for a track that nothing in the history leads to


@dataclass(frozen=True)
class Data:
    interactions: Interactions
    catalogue: Catalogue
    genres: NDArray[np.float32]  # (n_items, n_genres) for the baseline
    popularity: NDArray[np.float64]  # (n_items,) as told from outside, for the baseline
    fame: NDArray[np.float64]  # (n_items, n_hints) as told from outside, NaN where unknown


def read_playlists(path: Path) -> Data:
    rows = pd.read_csv(path)
    interactions = _met(rows["playlist_id"], rows["track_id"])
    tracks = rows.drop_duplicates("track_id").set_index("track_id").loc[interactions.item_ids]
    genres = pd.crosstab(rows["track_id"], rows["playlist_genre"]).loc[interactions.item_ids]
    catalogue = _catalogue(
        tracks,
        tags=csr_array(np.zeros((len(tracks), 1), np.float32)),
        artist=tracks["track_artist"],
        year=tracks["track_album_release_date"].str[:4].astype(float).to_numpy(),
    )
    has_genre = (genres.to_numpy() > 0).astype(np.float32)
    popularity = tracks["track_popularity"].to_numpy(float)
    return Data(interactions, catalogue, has_genre, popularity, popularity[:, None])


def read_plays(
    plays: Path, names: Path, artists: Path, tags: Path | None, tracks: Path | None
) -> Data:
    rows = pd.read_csv(plays, sep=r"\s+", names=["listener", "song", "count"])
    interactions = _met(rows["listener"], rows["song"])
    named = pd.read_csv(
        names, sep="<SEP>", engine="python", names=["track", "song", "artist", "title"]
    )
    artist = plain(_by(named, "song", interactions.item_ids)["artist"])
    known = pd.read_csv(artists)
    described = _by(known.assign(key=plain(known["artists"])), "key", artist)
    subset = pd.DataFrame(columns=SUBSET) if tracks is None else pd.read_csv(tracks)
    subset = _by(subset, "song.id", interactions.item_ids)
    words = [ast.literal_eval(x) if isinstance(x, str) else [] for x in described["genres"]]
    genres = _table(words)
    terms = [[x] if isinstance(x, str) else [] for x in subset["artist.terms"]]
    marks = [genres] if tags is None else [genres, _artist_tags(tags, artist)]
    catalogue = _catalogue(
        _with_own_sound(described, subset),
        tags=csr_array(np.hstack([*marks, _table(terms)])),
        artist=artist,
        year=_known(subset["song.year"]),
    )
    popularity = described["popularity"].fillna(0).to_numpy(float)
    fame = [_known(values) for values in (described["popularity"], *(subset[n] for n in FAME))]
    return Data(interactions, catalogue, genres, popularity, np.column_stack(fame))


def _by(table: pd.DataFrame, key: str, wanted: NDArray | pd.Series) -> pd.DataFrame:
    return table.drop_duplicates(key).set_index(key).reindex(wanted)


def _known(values: pd.Series) -> NDArray[np.float64]:
    """The subset says 0, or less, where it does not know."""
    return values.where(values > 0).to_numpy(float)


def _with_own_sound(artists: pd.DataFrame, tracks: pd.DataFrame) -> pd.DataFrame:
    """The sound of a track is its artist's but for what is known of itself."""
    own = {
        "tempo": tracks["song.tempo"],
        "loudness": tracks["song.loudness"],
        "duration_ms": 1000 * tracks["song.duration"],
    }
    return artists.assign(
        **{
            name: values.set_axis(artists.index).fillna(artists[name])
            for name, values in own.items()
        }
    )


def plain(names: pd.Series) -> pd.Series:
    """Lower case, letters and digits only: enough to join two lists of artists."""
    return names.fillna("").str.lower().str.replace(r"[^\w]+", " ", regex=True).str.strip()


def _met(listeners: pd.Series, tracks: pd.Series) -> Interactions:
    pairs = pd.DataFrame({"listener": listeners, "track": tracks}).drop_duplicates()
    return Interactions.from_triples(pairs["listener"].to_numpy(str), pairs["track"].to_numpy(str))


def _catalogue(
    tracks: pd.DataFrame, *, tags: csr_array, artist: pd.Series, year: NDArray
) -> Catalogue:
    return Catalogue(
        features=tracks[list(SOUND)].to_numpy(np.float32),
        feature_names=SOUND,
        tags=tags,
        tag_names=[str(j) for j in range(tags.shape[1])],
        artist=pd.factorize(artist)[0].astype(np.int64),
        year=year.astype(np.float32),
        work=np.full(len(tracks), -1),
    )


def _artist_tags(folder: Path, artist: pd.Series) -> NDArray[np.float32]:
    names = pd.read_csv(folder / "artists.dat", sep="\t")
    given = pd.read_csv(folder / "user_taggedartists-timestamps.dat", sep="\t")
    given = given.assign(key=given["artistID"].map(plain(names["name"]).set_axis(names["id"])))
    counts = pd.crosstab(given["key"], given["tagID"]).apply(np.log1p)
    return counts.reindex(artist).fillna(0).to_numpy(np.float32)


def _table(words: list[list[str]]) -> NDArray[np.float32]:
    known = {word: at for at, word in enumerate(sorted({w for row in words for w in row}))}
    table = np.zeros((len(words), len(known)), np.float32)
    for row, having in enumerate(words):
        table[row, [known[word] for word in having]] = 1
    return table


@dataclass(frozen=True)
class Split:
    cold: NDArray[np.bool_]  # (n_items,)
    histories: csr_array
    answers: csr_array


def split(interactions: Interactions, rng: np.random.Generator, share: float = 0.2) -> Split:
    cold = rng.random(interactions.n_items) < share
    histories, answers = (only_columns(interactions.matrix, kept) for kept in (~cold, cold))
    asked = (np.diff(histories.indptr) > 0) & (np.diff(answers.indptr) > 0)
    return Split(cold, histories[asked], answers[asked])


def recalls(scores: csr_array, asked: Split) -> NDArray[np.float64]:
    best = top_n(only_columns(csr_array(scores), asked.cold), N)
    edges = asked.answers.indptr
    wanted = [asked.answers.indices[a:b] for a, b in pairwise(edges)]
    return np.array([np.isin(right, row).mean() for right, row in zip(wanted, best, strict=True)])


def baselines(data: Data, asked: Split) -> dict[str, csr_array]:
    """By outside popularity in the history's first genre, in all its genres, and by the plays
    that a track's genres have.
    """
    taste = asked.histories @ data.genres
    first = np.eye(data.genres.shape[1], dtype=np.float32)[taste.argmax(axis=1)]
    known = (data.genres * (1 + data.popularity)[:, None]).T
    plays = data.genres @ (data.genres.T @ np.asarray(asked.histories.sum(axis=0)).ravel())
    return {
        "popularity by genre": csr_array(first @ known),
        "popularity by all genres": csr_array(taste @ known),
        "plays by genre": csr_array(np.tile(plays, (asked.histories.shape[0], 1))),
    }


def contents(data: Data, asked: Split) -> dict[str, csr_array]:
    near = weights_of(Content(data.catalogue, k=300).fit(data.interactions))
    warm = replace(data.interactions, matrix=asked.histories)
    support = np.asarray((asked.histories > 0).sum(axis=0)).ravel()
    together = weights_of(NeighbourhoodRidge(popularity_power=0.3).fit(warm))
    through = carried(together, near, support)
    level = CARRIED * _typical(near, asked) / max(_typical(through, asked), 1e-12)
    mixed = csr_array(asked.histories @ (near + level * through))
    about = np.column_stack([data.fame, data.catalogue.year, data.catalogue.features])
    expected = expected_listeners(about, data.catalogue.artist, support)
    return {
        "content": csr_array(asked.histories @ near),
        "content, carried": mixed,
        "the same, times expected listeners": _times(mixed, expected, asked),
        "hybrid, as served": Hybrid(data.catalogue).fit(warm).score(asked.histories),
    }


def _times(scores: csr_array, expected: NDArray, asked: Split) -> csr_array:
    among = scores.toarray() * asked.cold
    least = FAME_ALONE * among.max(axis=1).mean()
    return csr_array((among + least * asked.cold) * expected)


def weights_of(model: Content | NeighbourhoodRidge) -> csr_array:
    if model.weights_ is None:
        raise NotFittedError("The model has no weights yet: call fit first.")
    return model.weights_


def _typical(weights: csr_array, asked: Split) -> float:
    """Return the mean of the best score of each history, to put two models on one scale."""
    scores = only_columns(csr_array(asked.histories @ weights), asked.cold)
    return float(scores.max(axis=1).toarray().mean())


def table(name: str, data: Data, seeds: int) -> str:
    results: dict[str, list[NDArray[np.float64]]] = {}
    for seed in range(seeds):
        asked = split(data.interactions, np.random.default_rng(seed))
        for model, scores in (baselines(data, asked) | contents(data, asked)).items():
            results.setdefault(model, []).append(recalls(scores, asked))
    lines = [f"{name}: recall@{N} of cold tracks, {seeds} splits"]
    return "\n".join([*lines, *(_line(model, found) for model, found in results.items())])


def _line(model: str, found: list[NDArray[np.float64]]) -> str:
    values = np.concatenate(found)
    draws = np.random.default_rng(0).choice(values, (1000, values.size))
    low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
    return f"  {model:34} {values.mean():.3f}  ({low:.3f} to {high:.3f}), {values.size} listeners"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.folder:
        _fill_from(asked.folder, asked)
    elif not (asked.playlists or asked.plays):
        parser.error("nothing to measure: give --playlists, --plays or --folder")
    elif asked.plays and not (asked.names and asked.artists):
        parser.error("--plays needs --names and --artists")
    if asked.playlists:
        text = table("Playlists", read_playlists(asked.playlists), asked.seeds)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    if asked.plays:
        data = read_plays(*(getattr(asked, name) for name in SET_OF_PLAYS))
        sys.stdout.write(f"{table('Plays', data, asked.seeds)}\n")
    return 0


def _fill_from(folder: Path, asked: argparse.Namespace) -> None:
    """Take the sets from where they lie; one of which a part is missing is left out, and said."""
    for names in (("playlists",), SET_OF_PLAYS):
        paths = {name: folder / PLACES[name] for name in names}
        gone = [str(path) for path in paths.values() if not path.exists()]
        if gone:
            sys.stdout.write(f"No data for {names[0]}: there is no {', no '.join(gone)}.\n")
        for name, path in paths.items():
            setattr(asked, name, None if gone else path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in PLACES:
        parser.add_argument(f"--{name}", type=_present)
    parser.add_argument("--folder", type=Path, nargs="?", const=data_folder())
    parser.add_argument("--seeds", type=options.whole(1, 1000), default=2)
    return parser


def _present(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"there is no {path}")
    return path


if __name__ == "__main__":
    sys.exit(main())
