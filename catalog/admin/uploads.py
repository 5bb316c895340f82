"""Files of tracks: brought in by a form, read by a job, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from catalog.admin.streaming import as_csv
from catalog.imports.formats import AUTO, FORMATS
from catalog.imports.header import ALIASES
from catalog.models import RowFate, TrackImport, TrackImportRow
from catalog.services import importing
from jobs import services as jobs
from jobs.models import State

SHOWN = 50  # rejected rows on the page; the download has all
FATES = {fate.value: fate.label for fate in RowFate}
KEPT = (RowFate.REJECTED, RowFate.MERGED)
UPLOADED = [(name, one.about) for name, one in FORMATS.items()]


class UploadForm(forms.ModelForm):
    """A file to read, and what to know of it."""

    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget(),
        help_text="A table as text in UTF-8 (CSV), or one HDF5 file of the Million Song "
        "Dataset, or one audio file.",
    )
    format = forms.ChoiceField(
        choices=[(AUTO, "Found from the header"), *UPLOADED],
        widget=UnfoldAdminSelectWidget(),
    )
    columns = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3, "placeholder": "title=Song name"}),
        help_text="Only where we would not know a column: ours=theirs, one on each line. "
        f"Ours are {', '.join(ALIASES)}.",
    )
    may_train = forms.BooleanField(
        label="May teach the shared model",
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )

    class Meta:
        model = TrackImport
        fields = ["file", "format", "columns", "may_train"]

    def clean_columns(self) -> dict[str, str]:
        asked: dict[str, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["columns"].splitlines())):
            ours, equals, theirs = (part.strip() for part in line.partition("="))
            if not (ours and equals and theirs):
                raise forms.ValidationError(f"“{line[:80]}” is not written as ours=theirs.")
            if ours not in ALIASES:
                raise forms.ValidationError(f"We know no column “{ours[:80]}”.")
            asked[ours] = theirs
        return asked


@admin.register(TrackImport)
class TrackImportAdmin(ModelAdmin):
    form = UploadForm
    list_display = ["name", "format_name", "state", "rows", *RowFate.values, "made_by", "made_at"]
    list_select_related = ["made_by"]
    list_filter = ["state", "format"]
    search_fields = ["name"]
    ordering = ["-pk"]
    show_full_result_count = False
    readonly_fields = ["name", "format_name", "asked", "may_train", "made_by", "made_at"]
    change_form_outer_before_template = "admin/catalog/_track_import.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("<int:pk>/progress/", "catalog_trackimport_progress", progress),
            ("<int:pk>/rows/<str:fate>/", "catalog_trackimport_rows", rows),
            ("<int:pk>/stop/", "catalog_trackimport_stop", stop),
            ("<int:pk>/go-on/", "catalog_trackimport_go_on", go_on),
        )

    def get_fields(self, request: HttpRequest, obj: TrackImport | None = None) -> list[str]:
        return self.readonly_fields if obj else UploadForm.Meta.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: TrackImport | None = None
    ) -> list[str]:
        return self.readonly_fields if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what a file said is not rewritten

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> TrackImport:
        """Keep the file and have it read; the admin gets the row that stands for it."""
        file = form.cleaned_data["file"]
        return importing.start_upload(
            file=file,
            name=file.name,
            format_=form.cleaned_data["format"],
            columns=form.cleaned_data["columns"],
            may_train=form.cleaned_data["may_train"],
            made_by=request.user,
            at=now(),
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """It is stored already."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on it yet."""

    def response_add(
        self, request: HttpRequest, obj: TrackImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, f"{obj.name} is here and will be read.", messages.SUCCESS)
        return HttpResponseRedirect(_page(obj))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = extra_context or {}
        if object_id and object_id.isdecimal():
            found = TrackImport.objects.filter(pk=object_id).first()
            context |= self.standing(request, found) if found else {}
        return super().changeform_view(request, object_id, form_url, context)

    def standing(self, request: HttpRequest, track_import: TrackImport) -> dict[str, Any]:
        """How far it is, for the page and for the part of it that looks again."""
        job = importing.job_of(track_import)
        rejected = track_import.rows.filter(fate=RowFate.REJECTED).order_by("line")
        return {
            "import": track_import,
            "job": job,
            "is_live": job is not None and job.is_live,
            "is_broken_off": job is not None and _is_broken_off(track_import, job.state),
            "share": _share(track_import),
            "fates": [(FATES[name], name, n) for name, n in track_import.counts.items()],
            "downloads": [fate for fate in KEPT if track_import.counts[fate]],
            "rejected": rejected[:SHOWN] if track_import.rejected else [],
            "may_steer": self.has_add_permission(request),
        }

    @admin.display(description="format", ordering="format")
    def format_name(self, track_import: TrackImport) -> str:
        return track_import.format or "found from the header"

    @admin.display(description="rows", ordering="position")
    def rows(self, track_import: TrackImport) -> str:
        total = track_import.total
        return f"{track_import.position:,}" + (f" of {total:,}" if total else "")

    @admin.display(description="columns that were named")
    def asked(self, track_import: TrackImport) -> str:
        pairs = (f"{ours}={theirs}" for ours, theirs in track_import.columns.items())
        return ", ".join(pairs) or "–"


def progress(request: HttpRequest, model_admin: TrackImportAdmin, pk: int) -> HttpResponse:
    """The part of the page that moves; once it stands still, the whole page is asked for."""
    found = _viewed(request, model_admin, pk)
    context = model_admin.standing(request, found)
    response = TemplateResponse(request, "admin/catalog/_import_progress.html", context)
    if not context["is_live"]:
        response["HX-Refresh"] = "true"
    return response


def rows(
    request: HttpRequest, model_admin: TrackImportAdmin, pk: int, fate: str
) -> StreamingHttpResponse:
    """All rows of a fate as a table to download."""
    found = _viewed(request, model_admin, pk)
    kept = found.rows.filter(fate=fate).order_by("line").select_related("track")
    columns = ["line", "reason", "row", "track", "title"]
    return as_csv(f"{fate}-rows-of-import-{pk}.csv", columns, _told(kept))


@require_POST
def stop(request: HttpRequest, model_admin: TrackImportAdmin, pk: int) -> HttpResponse:
    found = _steered(request, model_admin, pk)
    if importing.stop(found, at=now()):
        words = "It stops at the next chunk. What was read stays, and it can go on later."
        model_admin.message_user(request, words, messages.SUCCESS)
    else:
        model_admin.message_user(request, "It is over already.", messages.WARNING)
    return HttpResponseRedirect(_page(found))


@require_POST
def go_on(request: HttpRequest, model_admin: TrackImportAdmin, pk: int) -> HttpResponse:
    found = _steered(request, model_admin, pk)
    try:
        importing.go_on(found, at=now())
    except jobs.NotRetried as refusal:
        model_admin.message_user(request, str(refusal), messages.WARNING)
    else:
        model_admin.message_user(request, "It goes on where it broke off.", messages.SUCCESS)
    return HttpResponseRedirect(_page(found))


def _viewed(request: HttpRequest, model_admin: TrackImportAdmin, pk: int) -> TrackImport:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return get_object_or_404(TrackImport, pk=pk)


def _steered(request: HttpRequest, model_admin: TrackImportAdmin, pk: int) -> TrackImport:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    return get_object_or_404(TrackImport, pk=pk)


def _page(track_import: TrackImport) -> str:
    return reverse("admin:catalog_trackimport_change", args=[track_import.pk])


def _is_broken_off(track_import: TrackImport, state: str) -> bool:
    return not track_import.is_over and state in (State.PARKED, State.CANCELLED, State.FAILED)


def _share(track_import: TrackImport) -> int:
    """How much of the file is read, in percent."""
    return 100 * track_import.position // track_import.total if track_import.total else 0


def _told(kept: QuerySet[TrackImportRow]) -> Iterator[list[str]]:
    for row in kept.iterator(2000):
        track = [str(row.track.pk), row.track.title] if row.track else ["", ""]
        yield [str(row.line), row.reason, row.text, *track]
