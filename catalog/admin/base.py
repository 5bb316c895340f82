"""What all lists of the catalogue share: what a form changes is one change, told and undoable."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from unfold.admin import ModelAdmin

from catalog.admin.told import told
from catalog.models import Change
from catalog.services.changing import Recording, history_of, recording
from catalog.services.refusing import Refused

ENTRIES = 50


class CuratedAdmin(ModelAdmin):
    """A list of rows whose history is kept."""

    show_full_result_count = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        view = super().changeform_view
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method != "POST" or row is None or not self.has_change_permission(request, row):
            return view(request, object_id, form_url, extra_context)
        watch = (self.model, [row.pk])
        try:
            with recording(
                f"Edited {_named(row)}", by=request.user, at=now(), watch=watch
            ) as record:
                request.recording = record  # type: ignore[attr-defined]
                return view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        if change:
            obj.save_without_historical_record()  # the change of the whole form tells it
        else:
            obj.save()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(history_of(row), ENTRIES).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was changed of {_named(row)}",
            "opts": self.opts,
            "object": row,
            "page": page,
            "entries": [(entry, list(told(entry.changed))) for entry in page],
            "may_undo": may_undo(request),
        }
        return TemplateResponse(request, "admin/catalog/history.html", context)

    def tell(self, request: HttpRequest, change: Change) -> None:
        """Say what was done, with the way back."""
        link = reverse("admin:catalog_change_change", args=[change.pk])
        words = format_html('{}. <a href="{}">Look at it or undo it</a>', change.what, link)
        self.message_user(request, words, messages.SUCCESS)


def recording_of(request: HttpRequest) -> Recording:
    return cast(Recording, request.recording)  # type: ignore[attr-defined]


def may_undo(request: HttpRequest) -> bool:
    return request.user.has_perm("catalog.change_change")


def may_merge(request: HttpRequest) -> bool:
    return request.user.has_perms(["catalog.add_rule", "catalog.change_rule"])


def _named(row: Model) -> str:
    return f"“{getattr(row, 'title', None) or getattr(row, 'name', None) or row}”"
