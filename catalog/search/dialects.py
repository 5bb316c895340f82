"""The two questions that PostgreSQL and SQLite are asked in different words.

A pattern is in disjunctive form: one of several choices must hold, a choice holds if each of its
groups has one of its terms. The words are folded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


class Term(NamedTuple):
    word: str
    begins: bool = False  # words that begin so are meant, too


Group = Sequence[Term]
Choice = Sequence[Group]
NEAR = 30  # words looked at for each that was typed

POSTGRES_TEXT = "array_to_tsvector(string_to_array(catalog_searchentry.text, ' ')) @@ %s::tsquery"
# Two letters changed about in a short word leave a fifth of its trigrams, in a longer one more.
SHORT = 5  # letters
ALIKE, ALIKE_IF_SHORT = 0.3, 0.2
POSTGRES_NEAR = """
    SET LOCAL pg_trgm.similarity_threshold = %s;
    SELECT typed, near.word FROM unnest(%s::text[]) AS typed, LATERAL (
        SELECT word FROM catalog_searchword
        WHERE word %% typed OR word LIKE '%%' || replace(typed, '_', '\\_') || '%%'
        ORDER BY similarity(word, typed) DESC, word LIMIT %s
    ) AS near
"""
SQLITE_TEXT = (
    "catalog_searchentry.id IN "
    "(SELECT rowid FROM catalog_search_text WHERE catalog_search_text MATCH %s)"
)
SQLITE_NEAR = """
    SELECT * FROM (
        SELECT %s, catalog_searchword.word FROM catalog_search_trigrams
        JOIN catalog_searchword ON catalog_searchword.id = catalog_search_trigrams.rowid
        WHERE catalog_search_trigrams MATCH %s ORDER BY rank LIMIT %s
    )
"""


def text_has(choices: Sequence[Choice]) -> RawSQL:
    """Return a condition on `SearchEntry` for `filter`."""
    sql, tell = (
        (POSTGRES_TEXT, _tsquery) if connection.vendor == "postgresql" else (SQLITE_TEXT, _fts5)
    )
    return RawSQL(sql, (tell(choices),), output_field=BooleanField())  # noqa: S611 -- constants


def near_words(words: Sequence[str]) -> dict[str, list[str]]:
    """Return for each word those of the catalogue that share many trigrams with it."""
    if not words:
        return {}
    params: list[Any]
    if connection.vendor == "postgresql":
        alike = ALIKE_IF_SHORT if min(map(len, words)) <= SHORT else ALIKE
        sql, params = POSTGRES_NEAR, [alike, list(words), NEAR]
    else:
        sql = " UNION ALL ".join([SQLITE_NEAR] * len(words))
        params = [part for word in words for part in (word, _trigrams(word), NEAR)]
    near: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for typed, word in cursor.fetchall():
            near[typed].append(word)
    return near


def _tsquery(choices: Sequence[Choice]) -> str:
    return " | ".join(
        "(" + " & ".join(f"({' | '.join(map(_lexeme, group))})" for group in choice) + ")"
        for choice in choices
    )


def _lexeme(term: Term) -> str:
    quoted = term.word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'" + ":*" * term.begins


def _fts5(choices: Sequence[Choice]) -> str:
    return " OR ".join(
        "(" + " AND ".join(f"({' OR '.join(map(_phrase, group))})" for group in choice) + ")"
        for choice in choices
    )


def _phrase(term: Term) -> str:
    return _quoted(term.word) + " *" * term.begins


def _trigrams(word: str) -> str:
    padded = f"  {word} "
    return " OR ".join(_quoted(padded[i : i + 3]) for i in range(len(padded) - 2))


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'
