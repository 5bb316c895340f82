"""Queries that are asked with every list: their SQL is written once, and then only filled in.

Django takes several times longer to write the SQL of a wide query than PostgreSQL to answer it, and
PostgreSQL longer to plan it, which it is asked to do once for each connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, ForeignKey, Model, QuerySet, Value
from django.db.models.sql import InsertQuery

Row = tuple[Any, ...]
M = TypeVar("M", bound=Model)


class Given(Value):
    """A place in a query that is filled in each time it is asked: `filter(pk=Given("pk"))`.

    A moment needs its field, since not every database takes it as it is.
    """

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(name, field)
        self.name, self.filled_as = name, field

    def as_sql(  # type: ignore[override]  # what is filled in is no value yet
        self, compiler: Any, connection: Any
    ) -> tuple[str, list[Any]]:
        return "%s", [self]

    def of(self, given: dict[str, Any]) -> Any:
        value = given[self.name]
        return self.filled_as.get_db_prep_value(value, connection) if self.filled_as else value


class _Written(NamedTuple):
    sql: str
    parameters: list[Any]
    converters: dict[int, tuple[Sequence[Callable[..., Any]], Any]]  # by place in the row


class Prepared:
    """Rows of a `values_list` in which some values are `Given`."""

    def __init__(self, query: Callable[[], QuerySet[Any, Row]]) -> None:
        self._query = query
        self._written: _Written | None = None

    def rows(self, **given: Any) -> list[Row]:
        written = self._written or self._write()
        parameters = [
            each.of(given) if isinstance(each, Given) else each for each in written.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(_planned(written.sql, len(parameters)), parameters)
            rows = cursor.fetchall()
        return [_converted(row, written.converters) for row in rows] if written.converters else rows

    def _write(self) -> _Written:
        compiler = self._query().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        written = _Written(sql, list(parameters), compiler.get_converters(columns))
        self._written = written
        return written


def _converted(row: Row, converters: Any) -> Row:
    values = list(row)
    for place, (functions, column) in converters.items():
        for function in functions:
            values[place] = function(values[place], column, connection)
    return tuple(values)


_plans: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()  # of each connection


def _planned(sql: str, count: int) -> str:
    """Return what asks for the plan that PostgreSQL keeps of this; elsewhere the SQL itself.

    A plan belongs to a connection: behind a pooler that gives each transaction another one, there
    are none, just as there are none of Django's server-side cursors.
    """
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if pooled or connection.vendor != "postgresql":
        return sql
    connection.ensure_connection()
    plans = _plans.setdefault(connection.connection, {})
    if sql not in plans:
        name = f"segue_{len(plans)}"
        with connection.connection.cursor() as cursor:
            places = tuple(f"${place}" for place in range(1, count + 1))
            cursor.execute(f"PREPARE {name} AS {sql % places}")
        plans[sql] = f"EXECUTE {name} ({', '.join(['%s'] * count)})" if count else f"EXECUTE {name}"
    return plans[sql]


class PreparedByPk:
    """Rows of a `values_list` by any number of primary keys."""

    def __init__(self, query: Callable[[Sequence[Any]], QuerySet[Any, Row]]) -> None:
        self._query = query
        self._by_size: dict[int, Prepared] = {}

    def rows(self, pks: Sequence[int]) -> list[Row]:
        """Written for 1, 2, 4 ... keys, so that the fewest are kept; the last key fills up."""
        if not pks:
            return []
        size = 1 << (len(pks) - 1).bit_length()
        if size not in self._by_size:
            places = [Given(f"pk{place}") for place in range(size)]
            self._by_size[size] = Prepared(lambda: self._query(places))
        filled = [*pks, *[pks[-1]] * (size - len(pks))]
        return self._by_size[size].rows(**{f"pk{n}": pk for n, pk in enumerate(filled)})


class Part(NamedTuple):
    """One of the objects that a row holds, and the object that points to it."""

    path: str
    parent: str
    relation: Any
    model: type[Model]
    names: list[str]
    start: int
    pk: int

    def object(self, row: Row) -> Model | None:
        if row[self.pk] is None:
            return None
        values = row[self.start : self.start + len(self.names)]
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


class Whole(Generic[M]):
    """Objects with what they point to, as `select_related(*paths)` has them.

    `names` are what the `values_list` must ask for, `object` makes one of a row.
    """

    def __init__(self, model: type[M], *paths: str) -> None:
        self.model, self.paths = model, paths

    @property
    def names(self) -> list[str]:
        return [f"{part.path}__{name}".lstrip("_") for part in self._parts for name in part.names]

    def object(self, row: Row) -> M:
        made: dict[str, Any] = {}
        for part in self._parts:
            parent = made.get(part.parent)
            if part.path and parent is None:
                continue
            made[part.path] = part.object(row)
            if part.path:
                part.relation.set_cached_value(parent, made[part.path])
        whole: M = made[""]
        return whole

    @cached_property
    def _parts(self) -> list[Part]:
        """A parent's path stands before those of its children."""
        models: dict[str, type[Model]] = {}
        parts, start = [], 0
        for path in ("", *self.paths):
            parent, _dots, name = path.rpartition("__")
            relation = models[parent]._meta.get_field(name) if path else None
            model: Any = relation.related_model if isinstance(relation, ForeignKey) else self.model
            models[path] = model
            names = [field.attname for field in model._meta.concrete_fields]
            pk = start + names.index(model._meta.pk.attname)
            parts.append(Part(path, parent, relation, model, names, start, pk))
            start += len(names)
        return parts


class Adding(Generic[M]):
    """Adds objects of a model one at a time, as `objects.create` does for plain fields."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self._sql = ""

    def create(self, **values: Any) -> M:
        made = self.model(**values)
        with connection.cursor() as cursor:
            parameters = [
                field.get_db_prep_save(field.pre_save(made, add=True), connection)
                for field in self._fields
            ]
            sql = self._sql or self._write(made)
            cursor.execute(_planned(sql, len(parameters)), parameters)
            made.pk = cursor.fetchone()[0]
        made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
        return made

    @cached_property
    def _fields(self) -> list[Any]:
        meta = self.model._meta
        return [field for field in meta.concrete_fields if field is not meta.pk]

    def _write(self, sample: M) -> str:
        query = InsertQuery(self.model)
        query.insert_values(self._fields, [sample])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [self.model._meta.pk]
        [(self._sql, _parameters)] = compiler.as_sql()
        return self._sql
