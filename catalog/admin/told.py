"""What changed, in words for the people who look at a history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

NOT_TOLD = ("match_key", "own_genres", "slug")  # follow from what is told
LABELS = {
    "hidden_at": "hidden",
    "is_verified": "verified",
    "is_explicit": "explicit",
    "merged_into": "merged into",
    "duration_ms": "duration",
    "own_sound": "own values of the sound",
    "ids": "ids elsewhere",
    "holds": "holds",
}


class Told(NamedTuple):
    label: str
    before: str
    after: str


def told(changed: dict[str, list[Any]]) -> Iterator[Told]:
    for name, (before, after) in sorted(changed.items()):
        if name in NOT_TOLD or name.startswith("said_") or name.endswith("_id"):
            continue
        yield Told(LABELS.get(name, name), _in_words(name, before), _in_words(name, after))


def _in_words(name: str, value: Any) -> str:
    if name == "hidden_at":
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "duration_ms":
        return f"{value // 60_000}:{value // 1000 % 60:02d}"
    if name == "merged_into":
        return f"#{value}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {known}" for key, known in value.items() if known is not None)
    if isinstance(value, list):
        return ", ".join(_first_words(one) for one in value)
    return str(value)


def _first_words(one: Any) -> str:
    """Of a list of names or of rows: a tag is told by its name, an id by its kind and value."""
    if not isinstance(one, list):
        return str(one)
    return f"{one[0]} {one[2]}" if len(one) == 4 else str(one[0])
