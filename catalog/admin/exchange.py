"""Tracks as CSV: out with what they show, in again with what a curator changed in the file.

An empty cell leaves a value as it is; a single hyphen takes the curator's word back. What a
spreadsheet would run as a formula goes out behind an apostrophe, which is taken off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.timezone import now
from import_export import fields, resources
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from import_export.tmp_storages import MediaStorage
from unfold.contrib.import_export.forms import ImportForm, SelectableFieldsExportForm

from catalog.models import Genre, Track, TrackTag
from catalog.naming import clean
from catalog.services import crediting, curating
from catalog.services.changing import recording

CHUNK = 2000
NOTHING = "-"
BETWEEN = "; "
COLUMNS = (
    "id",
    "title",
    "artists",
    "album",
    "year",
    "duration_ms",
    "is_explicit",
    "genre",
    "tags",
    "hidden",
)
LONGEST = 24 * 60 * 60 * 1000  # ms
_RUNS = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text such that no spreadsheet runs it."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def with_shown(tracks: list[Track]) -> list[Track]:
    """Put to each of these tracks, as text, what a file has of it."""
    ids = [track.pk for track in tracks]
    names = crediting.names_of(ids)
    tags: dict[int, list[str]] = {pk: [] for pk in ids}
    rows = TrackTag.objects.filter(track__in=ids).order_by("tag__name")
    for pk, name in rows.values_list("track_id", "tag__name").distinct():
        tags[pk].append(name)
    for track in tracks:
        track.shown = _texts(track, names.get(track.pk), tags[track.pk])  # type: ignore[attr-defined]
    return tracks


def _texts(track: Track, names: list[str] | None, tags: list[str]) -> dict[str, str]:
    return {
        "id": str(track.pk),
        "title": track.title,
        "artists": BETWEEN.join(names or [track.artist.name]),
        "album": track.album.title if track.album else "",
        "year": str(track.year or ""),
        "duration_ms": str(track.duration_ms or ""),
        "is_explicit": {True: "yes", False: "no", None: ""}[track.is_explicit],
        "genre": track.genre.name if track.genre else "",
        "tags": BETWEEN.join(tags),
        "hidden": "yes" if track.hidden_at else "no",
    }


def _name(text: str) -> str:
    return clean(text)[:400]


def _names(text: str) -> list[str]:
    return [name for name in (_name(one) for one in text.split(";")) if name]


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text[:12]) <= highest:
            raise ValueError(f"“{text[:40]}” is no whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def _yes(text: str) -> bool:
    try:
        return {"yes": True, "no": False}[text.lower()]
    except KeyError:
        raise ValueError(f"“{text[:40]}” is neither yes nor no.") from None


PARSERS: dict[str, Callable[[str], Any]] = {
    "title": _name,
    "artists": _names,
    "album": _name,
    "year": _number(1000, 2200),
    "duration_ms": _number(1, LONGEST),
    "is_explicit": _yes,
    "tags": lambda text: [name.lower() for name in _names(text)],
    "hidden": _yes,
}
NEEDED = ("title", "artists", "hidden")  # cannot be taken back


class Shown(fields.Field):
    def export(self, instance: Any, **_options: Any) -> str:
        return guarded(instance.shown[self.column_name])


class TrackResource(resources.ModelResource):
    class Meta:
        model = Track
        name = "Tracks"
        fields = COLUMNS
        export_order = COLUMNS
        import_id_fields = ("id",)
        use_transactions = False  # nothing is written before all rows are read
        report_skipped = False

    id = Shown(column_name="id")
    title = Shown(column_name="title")
    artists = Shown(column_name="artists")
    album = Shown(column_name="album")
    year = Shown(column_name="year")
    duration_ms = Shown(column_name="duration_ms")
    is_explicit = Shown(column_name="is_explicit")
    genre = Shown(column_name="genre")
    tags = Shown(column_name="tags")
    hidden = Shown(column_name="hidden")

    # Out

    def iter_queryset(self, queryset: QuerySet[Track]) -> Iterator[Track]:
        rows = queryset.select_related("artist", "album", "genre")
        chunk: list[Track] = []
        for track in rows.iterator(CHUNK):
            chunk.append(track)
            if len(chunk) == CHUNK:
                yield from with_shown(chunk)
                chunk = []
        yield from with_shown(chunk)

    # In

    def before_import(self, dataset: Any, **_options: Any) -> None:
        if len(dataset) > curating.MOST:
            raise ValidationError(
                f"These are {len(dataset):,} rows. Bring at most {curating.MOST:,} at a time."
            )
        ids = {int(pk) for pk in _column(dataset, "id") if pk.isdecimal() and len(pk) < 19}
        rows = Track.objects.filter(pk__in=ids).select_related("artist", "album", "genre")
        self.known = {track.pk: track for track in with_shown(list(rows))}
        self.genres = {genre.name.lower(): genre for genre in Genre.objects.all()}
        self.changes: dict[int, dict[str, Any]] = {}

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Track, bool]:
        text = unguarded(str(row.get("id") or "").strip())
        track = self.known.get(int(text)) if text.isdecimal() and len(text) < 19 else None
        if track is None:
            raise ValidationError(f"There is no track with the id “{text[:40]}”.")
        if track.pk in self.changes:
            raise ValidationError(f"Track {track.pk} stands in the file twice.")
        return track, False

    def import_instance(self, instance: Any, row: Any, **_options: Any) -> None:
        errors: dict[str, str] = {}
        changes: dict[str, Any] = {}
        for name in (*PARSERS, "genre"):
            raw = str(row.get(name) or "").strip()
            if not raw or unguarded(raw) == instance.shown[name]:
                continue
            try:
                changes[name] = self._value(name, raw)
            except ValueError as wrong:
                errors[name] = str(wrong)
            instance.shown[name] = "" if raw == NOTHING else unguarded(raw)
        self.changes[instance.pk] = changes
        if errors:
            raise ValidationError({name: [words] for name, words in errors.items()})

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        return not errors and not self.changes[instance.pk]

    def save_instance(self, instance: Any, is_create: bool, row: Any, **_options: Any) -> None:
        """All rows are written together, once all of them are read."""

    def after_import(self, dataset: Any, result: Any, **options: Any) -> None:
        result.change = None
        values = {pk: changed for pk, changed in self.changes.items() if changed}
        wrong = result.has_errors() or result.has_validation_errors()
        if options.get("dry_run", True) or wrong or not values:
            return
        at, what = now(), "Edited {rows} in a CSV file"
        with recording(what, by=options["user"], at=at, watch=(Track, list(values))) as record:
            curating.edit_tracks(values=values, at=at)
        result.change = record.change

    def _value(self, name: str, raw: str) -> Any:
        if raw == NOTHING:
            if name in NEEDED:
                raise ValueError(f"The {name} cannot be taken away.")
            return [] if name == "tags" else None
        text = unguarded(raw)
        if name == "genre":
            return self._genre(text)
        value = PARSERS[name](text)
        if name in NEEDED and value in ("", []):
            raise ValueError(f"The {name} cannot be empty.")
        return value

    def _genre(self, text: str) -> Genre:
        try:
            return self.genres[text.lower()]
        except KeyError:
            raise ValueError(f"There is no genre called “{text[:40]}”.") from None


class ExchangedAdmin(ImportExportMixin):
    """A list of tracks that goes out and comes in as CSV."""

    resource_classes = [TrackResource]
    import_form_class = ImportForm
    export_form_class = SelectableFieldsExportForm
    formats = [CSV]
    tmp_storage_class = MediaStorage  # the next request may come to another host
    skip_admin_log = True  # the history says more

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def _do_file_export(
        self,
        file_format: Any,
        request: HttpRequest,
        queryset: QuerySet[Track],
        export_form: Any = None,
    ) -> StreamingHttpResponse:
        """Row by row: the whole catalogue need not fit into memory."""
        chosen = export_form.get_selected_resource_export_fields() if export_form else COLUMNS
        rows = _written(queryset, [name for name in COLUMNS if name in chosen])
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="tracks.csv"'
        return response

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        form.add_error("import_file", "This cannot be read as a CSV file in UTF-8.")

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        admin: Any = self
        if result.change:
            admin.tell(request, result.change)
        else:
            words = "Nothing was changed. Look at the file again: tracks may have changed since."
            admin.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect("../")


class _Line:
    """What a csv writer writes to, to get each line back."""

    def write(self, line: str) -> str:
        return line


def _written(queryset: QuerySet[Track], columns: Sequence[str]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for track in TrackResource().iter_queryset(queryset):
        shown = track.shown  # type: ignore[attr-defined]
        yield writer.writerow([guarded(shown[name]) for name in columns])


def _column(dataset: Any, name: str) -> Iterable[str]:
    if name not in (dataset.headers or ()):
        return []
    return (unguarded(str(cell or "").strip()) for cell in dataset[name])
