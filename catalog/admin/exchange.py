"""Tracks as CSV: out with what they show, in again with what a curator changed in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, ValidationError
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

from catalog.admin import cells
from catalog.admin.streaming import as_csv
from catalog.models import Genre, Track
from catalog.services import curating
from catalog.services.changing import recording

CHUNK = 2000


class Shown(fields.Field):
    def export(self, instance: Any, **_options: Any) -> str:
        return cells.guarded(instance.shown[self.column_name])


class TrackResource(resources.ModelResource):
    class Meta:
        model = Track
        name = "Tracks"
        fields = cells.COLUMNS
        export_order = cells.COLUMNS
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
                yield from cells.with_shown(chunk)
                chunk = []
        yield from cells.with_shown(chunk)

    # In

    def before_import(self, dataset: Any, **_options: Any) -> None:
        if len(dataset) > curating.MOST:
            raise ValidationError(
                f"These are {len(dataset):,} rows. Bring at most {curating.MOST:,} at a time."
            )
        ids = {int(pk) for pk in _column(dataset, "id") if pk.isdecimal() and len(pk) < 19}
        rows = Track.objects.filter(pk__in=ids).select_related("artist", "album", "genre")
        self.known = {track.pk: track for track in cells.with_shown(list(rows))}
        self.genres = {genre.name.lower(): genre for genre in Genre.objects.all()}
        self.changes: dict[int, dict[str, Any]] = {}

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Track, bool]:
        text = cells.unguarded(str(row.get("id") or "").strip())
        track = self.known.get(int(text)) if text.isdecimal() and len(text) < 19 else None
        if track is None:
            raise ValidationError(f"There is no track with the id “{text[:40]}”.")
        if track.pk in self.changes:
            raise ValidationError(f"Track {track.pk} stands in the file twice.")
        return track, False

    def import_instance(self, instance: Any, row: Any, **_options: Any) -> None:
        errors: dict[str, str] = {}
        changes: dict[str, Any] = {}
        for name in (*cells.PARSERS, "genre"):
            raw = str(row.get(name) or "").strip()
            if not raw or cells.unguarded(raw) == instance.shown[name]:
                continue
            try:
                changes[name] = cells.read(name, raw, self.genres)
            except ValueError as wrong:
                errors[name] = str(wrong)
            instance.shown[name] = "" if raw == cells.NOTHING else cells.unguarded(raw)
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

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Track]:
        try:
            return super().get_export_queryset(request)
        except IncorrectLookupParameters as error:
            raise BadRequest("There is no such filter.") from error

    def _do_file_export(
        self,
        file_format: Any,
        request: HttpRequest,
        queryset: QuerySet[Track],
        export_form: Any = None,
    ) -> StreamingHttpResponse:
        """Row by row: the whole catalogue need not fit into memory."""
        chosen = export_form.get_selected_resource_export_fields() if export_form else cells.COLUMNS
        columns = [name for name in cells.COLUMNS if name in chosen]
        return as_csv("tracks.csv", columns, _rows(queryset, columns))

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


def _rows(queryset: QuerySet[Track], columns: Sequence[str]) -> Iterator[list[str]]:
    for track in TrackResource().iter_queryset(queryset):
        shown = track.shown  # type: ignore[attr-defined]
        yield [shown[name] for name in columns]


def _column(dataset: Any, name: str) -> Iterable[str]:
    if name not in (dataset.headers or ()):
        return []
    return (cells.unguarded(str(cell or "").strip()) for cell in dataset[name])
