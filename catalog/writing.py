"""Which language and direction a name is most likely written in, guessed from its letters.

A browser needs both: the language to choose glyphs and a voice, the direction to lay out a line.
A guess is enough for that. Latin letters are left alone, for they say too little.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import NamedTuple

# First letter of a block, last letter, the most likely language.
BLOCKS = (
    (0x0370, 0x03FF, "el"),
    (0x1F00, 0x1FFF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "ar"),
    (0x0750, 0x077F, "ar"),
    (0x08A0, 0x08FF, "ar"),
    (0xFB50, 0xFDFF, "ar"),
    (0xFE70, 0xFEFC, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0E00, 0x0E7F, "th"),
    (0x10A0, 0x10FF, "ka"),
    (0x1200, 0x137F, "am"),
    (0x3040, 0x30FF, "ja"),
    (0x31F0, 0x31FF, "ja"),
    (0x1100, 0x11FF, "ko"),
    (0x3130, 0x318F, "ko"),
    (0xAC00, 0xD7AF, "ko"),
    (0x3400, 0x4DBF, "zh"),
    (0x4E00, 0x9FFF, "zh"),
    (0xF900, 0xFAFF, "zh"),
)
# Letters that only one language of a script has.
TELLING = {
    "uk": frozenset("іїєґІЇЄҐ"),
    "be": frozenset("ўЎ"),
    "sr": frozenset("ђћџљњЂЋЏЉЊ"),
    "fa": frozenset("پچژگ"),
    "ur": frozenset("ٹڈڑںے"),
}
RIGHT_TO_LEFT = frozenset(("he", "ar", "fa", "ur"))
# Letters and signs that turn the direction of what stands beside them.
TURNING = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"))


class Writing(NamedTuple):
    language: str  # empty for Latin letters and for text without any
    direction: str  # "rtl", "auto" where directions meet, else empty


def writing_of(text: str, known: str = "") -> Writing:
    """Return how `text` is written; `known` is its language where somebody has said so."""
    if text.isascii() and not known:
        return Writing("", "")
    language = known or _language(text)
    if language in RIGHT_TO_LEFT:
        return Writing(language, "rtl")
    turns = any(unicodedata.bidirectional(letter) in TURNING for letter in text)
    return Writing(language, "auto" if turns else "")


def _language(text: str) -> str:
    """Return the language that most letters point to; kana among Han characters mean Japanese."""
    votes = Counter(_language_of_letter(letter) for letter in text if letter.isalpha())
    if not votes:
        return ""
    if votes["ja"] and votes["zh"]:
        votes["ja"] += votes.pop("zh")
    language = votes.most_common(1)[0][0]
    if language in ("ru", "ar"):
        return next((name for name, letters in TELLING.items() if letters & set(text)), language)
    return language


def _language_of_letter(letter: str) -> str:
    point = ord(letter)
    if point < 0x0370:
        return ""
    return next((language for first, last, language in BLOCKS if first <= point <= last), "")
