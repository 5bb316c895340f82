"""Many rows at once, past the ORM: it spends ten times longer on a row than the database does.

Values are given as the columns hold them: keys for foreign keys, text for JSON (`as_json`).
"""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import connection, models
from django.db.models import F, Lookup
from psycopg2.extras import execute_values

from jobs.prepared import Given

T = TypeVar("T")

AT_ONCE = 1000
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Among(Lookup):
    """A field that is one of very many values, given as one parameter in place of thousands."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        field, parameters = self.process_lhs(compiler, connection)
        values = "SELECT value FROM json_each(%s)"
        given = isinstance(self.rhs, Given)
        told = Given(self.rhs.name, models.JSONField()) if given else json.dumps(self.rhs)
        return f"{field} IN ({values})", [*parameters, told]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        field, parameters = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", [*parameters, self.rhs]


def among(name: str, values: Iterable[Any] | Given) -> Among:
    """The condition that the field `name` has one of these values, of one kind.

    A prepared query is given a list of them.
    """
    return Among(F(name), values if isinstance(values, Given) else list(values))


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Take so many primary keys, for rows that are about to be inserted in this transaction.

    On SQLite nobody else can write before the transaction ends, which `BEGIN IMMEDIATE` sees to.
    """
    table = model._meta.db_table
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "WITH ours AS MATERIALIZED"
                " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)"
                " SELECT nextval(sequence) FROM ours, generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    or_ignore: bool = False,
    unique: Sequence[str] = (),
    or_update: Sequence[str] = (),
) -> None:
    """Insert rows; what is not given takes its default.

    A row that stands already is an error, is left out (`or_ignore`), or, where the `unique`
    fields are equal, takes over the fields of `or_update`.
    """
    defaults = _defaults(model, frozenset(fields))
    values = tuple(defaults.values())
    tuples = [(*row, *values) for row in rows]
    if not tuples:
        return
    names = ", ".join(_column(model, name) for name in (*fields, *defaults))
    table = _quoted(model._meta.db_table)
    into = f"INSERT INTO {table} ({names}) VALUES"
    conflict = _on_conflict(model, or_ignore, unique, or_update)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and conflict:
            execute_values(cursor.cursor, f"{into} %s {conflict}", tuples, page_size=AT_ONCE)
        elif connection.vendor == "postgresql":
            copied = io.StringIO("".join(_copied(row) for row in tuples))
            cursor.cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", copied)
        else:
            marks = ", ".join(["%s"] * len(tuples[0]))
            cursor.executemany(f"{into} ({marks}) {conflict}", tuples)


def update(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Set these fields of rows; each is given as its primary key, then the values."""
    tuples = [(*values, key) for key, *values in rows]
    columns = [_column(model, name) for name in fields]
    if not tuples:
        return
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            pairs = zip(columns, (_type(model, name) for name in fields), strict=True)
            taken = ", ".join(f"{column} = new.{column}::{type_}" for column, type_ in pairs)
            new = f"new ({', '.join(columns)}, key)"
            sql = f"UPDATE {table} SET {taken} FROM (VALUES %s) AS {new}"  # noqa: S608 -- columns
            execute_values(
                cursor.cursor, f"{sql} WHERE {table}.id = new.key", tuples, page_size=AT_ONCE
            )
        else:
            taken = ", ".join(f"{column} = %s" for column in columns)
            sql = f"UPDATE {table} SET {taken} WHERE id = %s"  # noqa: S608 -- columns
            cursor.executemany(sql, tuples)


def delete(model: type[models.Model], keys: Iterable[int]) -> None:
    """Delete rows that nothing points at. No signal is sent, so no history tells of it."""
    gone = list(keys)
    postgresql = connection.vendor == "postgresql"
    those = "= ANY(%s)" if postgresql else "IN (SELECT value FROM json_each(%s))"
    sql = f"DELETE FROM {_quoted(model._meta.db_table)} WHERE id {those}"  # noqa: S608 -- a table
    with connection.cursor() as cursor:
        cursor.execute(sql, [gone if postgresql else json.dumps(gone)])


def in_chunks(rows: Iterator[T], size: int) -> Generator[list[T]]:
    """Each is read while the one before is stored. Close it before what it reads from."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        following = reader.submit(_take, rows, size)
        while chunk := following.result():
            following = reader.submit(_take, rows, size)
            yield chunk


def _take(rows: Iterator[T], size: int) -> list[T]:
    return list(islice(rows, size))


def use_indexes() -> None:
    """In this transaction, let PostgreSQL look rows up by their indexes, and without helpers.

    Of a table that has just grown it knows no figures, and would read all of it to find two
    thousand rows.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0"
            )


def count_anew(model: type[models.Model], *fields: str, chunks: int) -> None:
    """Let PostgreSQL count what these fields hold, each time as many chunks again are stored.

    It believes a new source or kind to have a few rows, and would read all of them to find two
    thousand. Nobody else can count the same table before the transaction ends.
    """
    doubled = chunks > 0 and not chunks & (chunks - 1)
    if doubled and connection.vendor == "postgresql":
        columns = ", ".join(_column(model, name) for name in fields)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_quoted(model._meta.db_table)} ({columns})")


@contextmanager
def rare_collections() -> Iterator[None]:
    """A chunk has no circles, and looking for some every few hundred rows costs a tenth of all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def few_pages(kib: int) -> Iterator[None]:
    """On SQLite, keep no more than this of the database in memory meanwhile."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        kept = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{kib}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {kept}")


def as_json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def as_moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def as_moments(moments: Iterable[datetime]) -> list[Any]:
    """Of very many: asking Django for the connection takes longer than the rest."""
    return list(map(connection.ops.adapt_datetimefield_value, moments))


def _copied(row: Sequence[Any]) -> str:
    """A row in the form of COPY, which PostgreSQL takes in quicker than an INSERT."""
    return "\t".join([_copied_value(value) for value in row]) + "\n"


def _copied_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if not isinstance(value, str):
        return str(value)
    # To look for each is ten times quicker than to translate, and most have none.
    odd = "\\" in value or "\t" in value or "\n" in value or "\r" in value
    return value.translate(_ESCAPED) if odd else value


def _on_conflict(
    model: type[models.Model], or_ignore: bool, unique: Sequence[str], or_update: Sequence[str]
) -> str:
    if or_ignore:
        return "ON CONFLICT DO NOTHING"
    if not or_update:
        return ""
    keys = ", ".join(_column(model, name) for name in unique)
    taken = ", ".join(
        f"{_column(model, name)} = excluded.{_column(model, name)}" for name in or_update
    )
    return f"ON CONFLICT ({keys}) DO UPDATE SET {taken}"


@cache
def _defaults(model: type[models.Model], given: frozenset[str]) -> dict[str, Any]:
    """What the ORM would fill in for the fields that are not given."""
    return {
        field.name: field.get_default()
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in given
    }


def _column(model: type[models.Model], name: str) -> str:
    return _quoted(str(getattr(model._meta.get_field(name), "column", name)))


def _type(model: type[models.Model], name: str) -> str:
    field = cast("models.Field[Any, Any]", model._meta.get_field(name))
    return str(field.rel_db_type(connection))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
