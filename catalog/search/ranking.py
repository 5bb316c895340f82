"""Which of all that match come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from catalog.models import SearchEntry
from catalog.search.words import slips, tolerance

# Of what is so common that thousands are called so, no more are compared.
COMPARED = 2000
COMPARED_BY_NAME = 1000
ORDER = ("artist", "track", "album", "genre", "tag")
COLUMNS = ("id", "kind", "name", "weight")

# The whole name first, then names that begin so; among equals what is described best.
BEST = """
    SELECT id, tier, here
    FROM (
        SELECT id, kind, tier, COUNT(*) OVER (PARTITION BY {kind}) AS here, ROW_NUMBER() OVER (
            PARTITION BY {kind} ORDER BY tier, weight DESC, LENGTH(name), id
        ) AS place
        FROM (
            SELECT *, CASE WHEN name = %s THEN 0 WHEN name LIKE %s ESCAPE '!' THEN 1
                WHEN name LIKE %s ESCAPE '!' THEN 2 ELSE 3 END AS tier
            FROM ({found}) AS found
        ) AS tiered
    ) AS placed
    WHERE place <= %s ORDER BY kind, place
"""


# By bytes: to sort thousands of words as a language does takes several times as long.
KIND = {"postgresql": 'kind COLLATE "C"', "sqlite": "kind"}


class Hit(NamedTuple):
    entry: SearchEntry
    tier: int
    here: int  # so many of its kind were found


def best(found: list[QuerySet[SearchEntry]], name: str, n: int) -> list[Hit]:
    """Return the `n` best of each kind, best first, from all that these querysets find."""
    parts = [part.values_list(*COLUMNS).query.sql_with_params() for part in found]
    union = " UNION ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in parts)  # noqa: S608
    begins = name.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    params = [name, f"{begins} %", f"{begins}%", *(one for _, given in parts for one in given), n]
    with connection.cursor() as cursor:
        cursor.execute(BEST.format(found=union, kind=KIND[connection.vendor]), params)
        rows = cursor.fetchall()
    entries = SearchEntry.objects.in_bulk([pk for pk, _, _ in rows])
    return [Hit(entries[pk], tier, here) for pk, tier, here in rows if pk in entries]


def closeness(hit: Hit, guesses: Mapping[str, Mapping[str, float]]) -> tuple[Any, ...]:
    """Sort key: fewer words missed and fewer slips come first, then names with little else."""
    words = hit.entry.text.split()
    costs = [_cost(words, spellings) for spellings in guesses.values()]
    spellings = tuple(spelling for one in guesses.values() for spelling in one)
    strange = sum(not word.startswith(spellings) for word in hit.entry.name.split())
    return costs.count(MISSED), sum(costs), strange, -hit.entry.weight, hit.entry.pk


MISSED = 9.0  # as a cost: more than any slips


def _cost(words: list[str], spellings: Mapping[str, float]) -> float:
    return min(
        (cost for spelling, cost in spellings.items() if _any_begins(words, spelling)),
        default=MISSED,
    )


def _any_begins(words: list[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)


GUESSES = 8  # spellings tried for each word
INSIDE = 0.5  # cost of a word that stands within another, in slips
INSIDE_FROM = 4  # letters


def spellings(typed: str, near: list[str]) -> dict[str, float]:
    """Return what may have been meant, with its cost in slips; what was typed costs nothing."""
    costs = {word: _slips(typed, word) for word in near}
    likely = [word for word in near if costs[word] <= tolerance(typed)]
    likely.sort(key=costs.__getitem__)
    return {typed: 0.0} | {word: costs[word] for word in likely[:GUESSES]}


def _slips(typed: str, word: str) -> float:
    if word.startswith(typed):
        return 0.0
    if len(typed) >= INSIDE_FROM and typed in word:
        return INSIDE
    return slips(typed, word)
