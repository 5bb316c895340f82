from __future__ import annotations

from numpy.random import Generator

from musicsite.demo.genres import Genre
from musicsite.demo.names.languages import STYLES, WORDS
from musicsite.demo.names.words import Words

PERSON_SHARE = 0.45  # of artists in genres where both bands and persons sing


def pick(rng: Generator, choices: list[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def person(rng: Generator, words: Words) -> str:
    names = [pick(rng, words.given), pick(rng, words.family)]
    return words.name_joiner.join(reversed(names) if words.family_first else names)


def band(rng: Generator, words: Words) -> str:
    return words.band_joiner.join(pick(rng, part) for part in words.bands)


def ensemble(rng: Generator, words: Words, kind: str) -> str:
    return f"{pick(rng, words.family)} {kind}"


def artist_name(rng: Generator, genre: Genre, language: str) -> str:
    words = WORDS[language]
    if genre.style in STYLES and language in ("en", "de", "fr", "sv", "pl", "ja", "es"):
        first, second, joiner = STYLES[genre.style]
        return f"{pick(rng, first)}{joiner}{pick(rng, second)}"
    if genre.style == "trio":
        return f"{person(rng, words)} Trio"
    if genre.style == "quartet":
        return ensemble(rng, words, "Quartet")
    if genre.style == "person" or rng.random() < PERSON_SHARE:
        return person(rng, words)
    return band(rng, words)


def another_name(rng: Generator, genre: Genre, language: str, taken: set[str]) -> str:
    """Draw until nobody bears the name; when the lists run dry, two of them play together."""
    for _ in range(40):
        name = artist_name(rng, genre, language)
        if name not in taken:
            return name
    words = WORDS[language]
    return f"{person(rng, words)} & {person(rng, words)}"
