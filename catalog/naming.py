"""One form for names that mean the same, whatever the spelling. Pure: no database here."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

KEY_LENGTH = 300  # of the columns that hold a key

_NOT_A_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("(?<=\\w)['’‘ʼ`´](?=\\w)")
# Letters that Unicode does not take apart, and a sign that people also write as a word.
_WRITTEN_OTHERWISE = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "&": " and ",
    }
)
# Marks behind a Latin or Greek letter. Behind others they make another letter (и, й; か, が).
_ACCENTS = re.compile(
    "([\u0000-\u02ff\u0370-\u03ff\u1f00-\u1fff])"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# What is neither seen nor heard: control characters, and marks that turn the direction of a line.
_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)

# Said behind a title, and still the same recording.
_GUESTS = r"(?:feat\.?|ft\.?|featuring)\s+[^()\[\]]+"
_REMASTER = (
    r"(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?(?:\s+(?:version|mix|in))?(?:\s+\d{4})?"
    r"(?:\s+(?:version|mix))?"
)
_SAME = rf"(?:{_REMASTER}|(?:original\s+)?(?:album|mono|stereo)\s+(?:version|mix)|mono|stereo)"
_IN_BRACKETS = re.compile(rf"\s*[(\[](?:{_GUESTS}|{_SAME})(?:\s*/\s*{_SAME})?[)\]]", re.IGNORECASE)
_WITH_IN_BRACKETS = re.compile(
    r"\s*[(\[]with [^()\[\]]+[)\]]"
)  # in capitals it is a part of titles
_BEHIND_A_DASH = re.compile(rf"\s+[-–—]\s+{_SAME}(?:\s*/\s*{_SAME})?\s*$", re.IGNORECASE)
_GUESTS_AT_THE_END = re.compile(
    r"\s+(?:feat\.|ft\.|featuring)\s+.+?(?=\s+[-–—]\s|$)", re.IGNORECASE
)

# Said behind a title, and another version of the same piece.
_VERSION = (
    r"live|acoustic|unplugged|remix|mix|edit|version|demo|instrumental|karaoke|session|take|cover|"
    r"rework|bootleg|reprise|sped up|slowed"
)
_OTHER_VERSION = re.compile(
    rf"\s*[(\[][^()\[\]]*\b(?:{_VERSION})\b[^()\[\]]*[)\]]"
    rf"|\s+[-–—]\s+[^-–—]*\b(?:{_VERSION})\b.*$",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Return a name as it is meant: entities resolved, one space between words, nothing unseen.

    What looks like markup stays as text; whoever shows it escapes it.
    """
    if "&" in text:
        text = html.unescape(text)
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(_UNSEEN.sub(" ", text).split())


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Fold case, accents, width and punctuation: "Beyoncé " and "BEYONCE" become "beyonce".

    Letters that no other script has (Cyrillic й, kana with voicing) keep their marks. A name
    without any letter ("!!!") stays as it is, for it is all there is to tell it by.
    """
    folded = text.casefold().translate(_WRITTEN_OTHERWISE)
    if not folded.isascii():
        folded = _without_accents(folded)
    words = _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", folded)).strip()
    return words or " ".join(text.split())


def same_recording(title: str) -> str:
    """Drop from a title what does not make it another recording: guests, remasters."""
    if title.isalpha():
        return title
    for pattern in (_IN_BRACKETS, _WITH_IN_BRACKETS, _GUESTS_AT_THE_END, _BEHIND_A_DASH):
        title = pattern.sub("", title)
    return title.strip()


def same_work(title: str) -> str:
    """Drop from a title what tells one version of a piece from another: live, remix, edit."""
    base = same_recording(title)
    return _OTHER_VERSION.sub("", base).strip() or base


def name_key(name: str) -> str:
    """The key by which two artists or two albums are seen to be one."""
    return normalise(name)[:KEY_LENGTH]


@lru_cache(maxsize=10_000)
def match_key(artist: str, title: str) -> str:
    """The key by which two rows are seen to name one recording; at most 300 characters."""
    base = same_recording(title) or title
    return f"{normalise(artist)} — {normalise(base)}"[:KEY_LENGTH]


def search_text(*names: str) -> str:
    """All the words of these names, each once."""
    return " ".join(dict.fromkeys(" ".join(normalise(name) for name in names if name).split()))


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", unicodedata.normalize("NFKD", text)))
