"""The shape of one language's word lists."""

from __future__ import annotations

from dataclasses import dataclass


def split(text: str) -> list[str]:
    return [word.strip() for word in text.split(";")]


@dataclass(frozen=True)
class Words:
    """A title is a head, or a head with a turn of phrase; any head goes with any turn.

    A band is one word of each of its two lists.
    """

    given: list[str]
    family: list[str]
    bands: tuple[list[str], list[str]]
    heads: list[str]
    turns: list[str]
    turn_first: bool
    joiner: str  # between head and turn
    family_first: bool
    name_joiner: str  # between given and family name
    band_joiner: str


def words(
    *,
    given: str,
    family: str,
    bands: tuple[str, str],
    heads: str,
    turns: str,
    turn_first: bool = False,
    joiner: str = " ",
    family_first: bool = False,
    name_joiner: str = " ",
    band_joiner: str = " ",
) -> Words:
    """Take lists written as text with semicolons."""
    return Words(
        split(given),
        split(family),
        (split(bands[0]), split(bands[1])),
        split(heads),
        split(turns),
        turn_first,
        joiner,
        family_first,
        name_joiner,
        band_joiner,
    )
