"""Words as they are searched for: one form for all spellings, and how far two words are apart.

Pure: no database here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalog.naming import normalise

LONGEST_WORD = 40  # letters; what is longer is no word anybody types
MOST_WORDS = 8  # of a query that count
MOST_TEXT = 80  # words that one thing may be found by

# Spellings that people mix and `normalise` tells apart: Russian yo; katakana is read as hiragana.
_MIXED = {ord("ё"): "е"} | {code: chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
# Scripts written without spaces: Thai and its neighbours, kana, Chinese characters, Hangul.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
TAILS_OF = 12  # letters of an unspaced word whose tails are words too


def fold(text: str) -> str:
    """Return a name in the one form in which names are searched."""
    return " ".join(normalise(text).translate(_MIXED).split())


def words_of(query: str) -> list[str]:
    """The words of what somebody typed, each once, no more than anybody needs."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in fold(query).split())
    return list(words)[:MOST_WORDS]


def text_of(names: Iterable[str]) -> str:
    """Every word that something of these names may be found by.

    An unspaced word stands there with its tails, so that any part of it begins a word.
    """
    words: dict[str, None] = {}
    for name in names:
        for word in fold(name).split():
            words |= dict.fromkeys(tail[:LONGEST_WORD] for tail in _tails(word))
    return " ".join(list(words)[:MOST_TEXT])


def run_together(name: str) -> str:
    """Return a short name as those write it who leave out its spaces: "daftpunk", "acdc"."""
    words = fold(name).split()
    return "".join(words) if 1 < len(words) <= 4 else ""


def is_unspaced(word: str) -> bool:
    return not word.isascii() and _UNSPACED.search(word) is not None


def _tails(word: str) -> list[str]:
    if not is_unspaced(word):
        return [word]
    return [word[start:] for start in range(min(len(word), TAILS_OF))]


def tolerance(word: str) -> int:
    """How many slips of the hand a word of this length is forgiven."""
    if is_unspaced(word) or len(word) < 3 or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def slips(typed: str, word: str) -> int:
    """Return how many slips lead from a word, or from its beginning, to what was typed.

    A letter more, less, another, or two changed about are a slip each.
    """
    before, above = [0] * (len(word) + 1), list(range(len(word) + 1))
    for row, letter in enumerate(typed, start=1):
        line = [row]
        for column, other in enumerate(word, start=1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and (letter, other) == (word[column - 2], typed[row - 2]):
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    # The rest of the word may still be on its way, once most of it stands there.
    return min(above[min(len(word), max(1, len(typed) - 1)) :])
