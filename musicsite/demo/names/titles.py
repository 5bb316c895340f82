from __future__ import annotations

from numpy.random import Generator

from musicsite.demo.genres import Genre
from musicsite.demo.names.artists import pick
from musicsite.demo.names.languages import EMOJI, HEADS, LONG, NUMBERED, VENUES, WORDS
from musicsite.demo.names.words import Words

PLAIN_SHARE = 0.4  # of titles that are a head and nothing more
GENRE_SHARE = 0.6  # of titles in the manner of their genre, where it has one
MOVEMENTS = ("I. Lento", "II. Andante", "III. Scherzo", "IV. Adagio", "V. Presto")


def title_in(rng: Generator, words: Words) -> str:
    head = pick(rng, words.heads)
    if rng.random() < PLAIN_SHARE:
        return head
    turn = pick(rng, words.turns)
    return words.joiner.join((turn, head) if words.turn_first else (head, turn))


def title_of_genre(rng: Generator, genre: Genre) -> str:
    head = pick(rng, HEADS[genre.name])
    if genre.name == "string quartet":
        return f"{head} No. {rng.integers(1, 8)}: {MOVEMENTS[int(rng.integers(5))]}"
    if genre.name in NUMBERED and rng.random() < 0.7:
        return f"{head} {rng.integers(2, 20)}"
    return head


def title(rng: Generator, genre: Genre, language: str) -> str:
    odd = rng.random()
    if language == "en" and odd < 0.004:
        return pick(rng, LONG)
    if genre.name in HEADS and rng.random() < GENRE_SHARE and language in ("en", "de", "sv"):
        return title_of_genre(rng, genre)
    plain = title_in(rng, WORDS[language])
    return f"{plain} {EMOJI[int(rng.integers(len(EMOJI)))]}" if odd > 0.996 else plain


def another_title(rng: Generator, genre: Genre, language: str, taken: set[str]) -> str:
    """Draw until the artist has no such title yet; then number it as a part."""
    for _ in range(20):
        drawn = title(rng, genre, language)
        if drawn not in taken:
            return drawn
    part = 2
    while f"{drawn}, {part}" in taken:
        part += 1
    return f"{drawn}, {part}"


def version_title(rng: Generator, original: str, kind: str, year: int) -> str:
    match kind:
        case "live":
            return f"{original} (Live at {pick(rng, VENUES)})"
        case "remaster":
            return f"{original} - {year} Remaster"
        case "acoustic":
            return f"{original} (Acoustic)"
        case _:
            return f"{original} (Radio Edit)"
