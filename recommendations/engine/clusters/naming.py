"""What sets a group apart, and a name made of it: "Fast, loud metal"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.clusters.groups import Groups
from recommendations.engine.clusters.table import Table

# What a group is when it has less, and when it has more, of a column than the rest.
WORDS = {
    "acousticness": ("electric", "acoustic"),
    "artist popularity": ("little-known", "well-known"),
    "danceability": ("undanceable", "danceable"),
    "energy": ("calm", "energetic"),
    "history": ("casual", "avid"),
    "instrumentalness": ("sung", "instrumental"),
    "liveness": ("studio", "live"),
    "loudness": ("quiet", "loud"),
    "mode": ("minor", "major"),
    "popularity": ("little-known", "well-known"),
    "rating": ("disputed", "well-rated"),
    "rhythm": ("free", "rhythmic"),
    "speechiness": ("melodic", "wordy"),
    "tempo": ("slow", "fast"),
    "valence": ("dark", "bright"),
    "year": ("older", "recent"),
}
CLEAR = 0.5  # deviations a mean must be away from the rest's to be worth a word
AT_MOST = 2  # words in a name, beside the tag
PRIOR = 20.0  # imagined holders of a tag, as common as in the rest, against chance in small groups


@dataclass(frozen=True)
class Trait:
    column: str
    word: str
    difference: float  # from the mean of all others, in deviations of the column


@dataclass(frozen=True)
class Profile:
    name: str
    size: int
    traits: list[Trait]  # the clearest first
    tags: list[str]  # those far more common inside than outside, the clearest first


def describe(
    groups: Groups,
    table: Table,
    tags: csr_array | None = None,
    tag_names: Sequence[str] = (),
) -> list[Profile]:
    """Return a profile of each group; no two have the same name.

    A tag's weight of 1 or more is one holder; a smaller one, such as a user's share of tracks
    with the tag, is that part of a holder.
    """
    differences = _differences(groups, table)
    clear_tags = _clear_tags(groups, tags, tag_names)
    profiles: list[Profile] = []
    taken: set[str] = set()
    for group, size in enumerate(groups.sizes):
        traits = _traits(differences[group], table.names)
        name = _free_name(traits, clear_tags[group], taken)
        taken.add(name)
        profiles.append(Profile(name, int(size), traits, clear_tags[group]))
    return profiles


def _differences(groups: Groups, table: Table) -> NDArray[np.float64]:
    """Return (k, columns): the mean of what is known inside less that outside, in deviations.

    0 where nothing is known on one of the sides.
    """
    known = ~np.isnan(table.scaled)
    filled = np.where(known, table.scaled, 0.0)
    inside = _membership(groups)
    counts, sums = inside @ known.astype(float), inside @ filled
    away = _ratio(sums, counts) - _ratio(filled.sum(axis=0) - sums, known.sum(axis=0) - counts)
    sides = (counts > 0) & (known.sum(axis=0) > counts)
    return _ratio(np.where(sides, away, 0.0), _deviations(filled, known))


def _deviations(filled: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    counts = known.sum(axis=0)
    means = _ratio(filled.sum(axis=0), counts)
    squares = _ratio(((filled - means) ** 2 * known).sum(axis=0), counts)
    return np.sqrt(squares)


def _ratio(above: NDArray, below: NDArray) -> NDArray[np.float64]:
    below = np.broadcast_to(below, above.shape)
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)


def _membership(groups: Groups) -> csr_array:
    rows = np.flatnonzero(groups.labels >= 0)
    shape = (groups.k, groups.labels.size)
    return csr_array((np.ones(rows.size), (groups.labels[rows], rows)), shape=shape)


def _traits(differences: NDArray[np.float64], names: Sequence[str]) -> list[Trait]:
    order = np.argsort(-np.abs(differences), kind="stable")
    return [
        Trait(names[at], WORDS[names[at]][int(differences[at] > 0)], float(differences[at]))
        for at in order
        if abs(differences[at]) >= CLEAR and names[at] in WORDS
    ]


def _clear_tags(
    groups: Groups, tags: csr_array | None, tag_names: Sequence[str], *, most: int = 5
) -> list[list[str]]:
    """Return for each group its tags by log-odds against the rest (Monroe et al. 2008)."""
    if tags is None or not tag_names:
        return [[] for _ in range(groups.k)]
    held = csr_array((np.minimum(tags.data, 1.0), tags.indices, tags.indptr), shape=tags.shape)
    inside = (_membership(groups) @ held).toarray()
    sizes = groups.sizes[:, None].astype(float)
    everyone = np.asarray(held.sum(axis=0))[None, :]
    prior = PRIOR * everyone / held.shape[0]
    z = _log_odds(inside + prior, sizes + PRIOR) - _log_odds(
        everyone - inside + prior, held.shape[0] - sizes + PRIOR
    )
    z /= np.sqrt(1.0 / (inside + prior + 1e-9) + 1.0 / (everyone - inside + prior + 1e-9))
    best = np.argsort(-z, axis=1, kind="stable")[:, :most]
    return [[tag_names[at] for at in row if z[group, at] > 2.0] for group, row in enumerate(best)]


def _log_odds(count: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(count / total, 1e-9, 1.0 - 1e-9)
    return np.log(share / (1.0 - share))


def _free_name(traits: list[Trait], tags: list[str], taken: set[str]) -> str:
    """Return the plainest name nobody has: more words, then another tag, then a number."""
    words = list(dict.fromkeys(trait.word for trait in traits))
    for tag in tags or ["music"]:
        for count in (*range(min(AT_MOST, len(words)), len(words) + 1), 0):
            name = _name(words[:count], tag)
            if name not in taken and (count or tag != "music"):
                return name
    return _numbered(_name(words[:AT_MOST], (tags or ["music"])[0]), taken)


def _name(words: list[str], tag: str) -> str:
    name = f"{', '.join(words)} {tag}".strip()
    return name[:1].upper() + name[1:]


def _numbered(name: str, taken: set[str]) -> str:
    number = 1
    while (candidate := f"{name} {number}") in taken:
        number += 1
    return candidate
