from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.db import connection, models, transaction

CHUNK = 2000  # rows in one transaction: SQLite has one writer, and nobody should wait long for it


def store(rows: Iterable[models.Model]) -> list[int]:
    """Store rows of one model, and return their keys; the rows themselves are let go."""
    keys: list[int] = []
    for chunk in _chunks(rows):
        with transaction.atomic():
            stored = type(chunk[0])._default_manager.bulk_create(chunk)
        keys += [row.pk for row in stored]
    return keys


def store_values(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> Iterator[int]:
    """Store rows of these fields, and yield how many there are after each chunk.

    Some five times as fast as `store`, which matters for a quarter of a million plays: no object
    is made of a row. The values must be as the database takes them; no default is filled in.
    """
    stored = 0
    for chunk in _chunks(rows):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_insert(model, names, len(chunk)), list(chain.from_iterable(chunk)))
        stored += len(chunk)
        yield stored


def _insert(model: type[models.Model], names: tuple[str, ...], n: int) -> str:
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(quote(str(field.column)) for field in fields if field.concrete)
    row = f"({', '.join(['%s'] * len(names))})"
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * n)}"  # noqa: S608


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
