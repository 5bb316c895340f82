from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from catalog.admin.base import CuratedAdmin, may_merge, may_undo
from catalog.admin.told import told
from catalog.models import Change, Rule
from catalog.services import merging
from catalog.services.changing import KEPT, undo
from catalog.services.refusing import Refused

ROWS = 100  # of each kind, of one change


class HoldingFilter(admin.SimpleListFilter):
    title = "holds"
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("no", "undone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(undone_at__isnull=self.value() == "yes")


@admin.register(Rule)
class RuleAdmin(CuratedAdmin):
    """Rules are made where something is merged, split or matched; here they are undone."""

    list_display = ["kind", "about", "other", "match_key", "made_by", "made_at", "undone_at"]
    list_filter = [HoldingFilter, "kind"]
    list_select_related = ["track", "other_track", "artist", "other_artist", "made_by"]
    search_fields = ["match_key", "track__title", "artist__name"]
    ordering = ["-made_at", "-pk"]
    actions = ["undo_rules"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return may_merge(request) and may_undo(request)

    @admin.action(description="Undo these rules", permissions=["undo"])
    def undo_rules(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        done = 0
        for rule in queryset.order_by("-made_at", "-pk"):
            try:
                merging.undo_rule(rule=rule, by=request.user, at=now())
                done += 1
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
        if done:
            self.message_user(request, f"Undone: {done}.", messages.SUCCESS)

    @admin.display(description="about")
    def about(self, rule: Rule) -> str:
        return str(rule.track or rule.artist)

    @admin.display(description="and")
    def other(self, rule: Rule) -> str:
        return str(rule.other_track or rule.other_artist or "–")


@admin.register(Change)
class ChangeAdmin(ModelAdmin):
    """Who did what, and the way back."""

    list_display = ["what", "made_by", "made_at", "is_undone"]
    list_select_related = ["made_by", "undone_by"]
    list_filter = ["made_by"]
    search_fields = ["what"]
    ordering = ["-made_at", "-pk"]
    show_full_result_count = False
    fields = ["what", "made_by", "made_at", "rows"]
    readonly_fields = fields
    change_form_outer_before_template = "admin/catalog/_undo.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("<int:pk>/undo/", "catalog_change_undo", undo_view),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_undo": may_undo(request)}
        return super().changeform_view(request, object_id, form_url, context)

    @admin.display(description="undone", boolean=True)
    def is_undone(self, change: Change) -> bool:
        return hasattr(change, "undone_by")

    @admin.display(description="what changed")
    def rows(self, change: Change) -> SafeString:
        rows = []
        for model in KEPT:
            entries = model.history.filter(change=change)  # type: ignore[attr-defined]
            rows += [
                (model._meta.verbose_name, _name_in(entry), list(told(entry.changed)))
                for entry in entries.order_by("history_id")[:ROWS]
            ]
        return render_to_string("admin/catalog/_changed.html", {"rows": rows, "most": ROWS})


def _name_in(entry: Any) -> str:
    """What a row was called when it changed."""
    name = getattr(entry, "title", None) or getattr(entry, "name", None)
    return f"{name or entry.get_kind_display()} (#{entry.id})"


@require_POST
def undo_view(request: HttpRequest, model_admin: ChangeAdmin, pk: int) -> HttpResponse:
    if not may_undo(request):
        raise PermissionDenied
    change = get_object_or_404(Change, pk=pk)
    try:
        undone = undo(change=change, by=request.user, at=now())
    except Refused as refusal:
        model_admin.message_user(request, str(refusal), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:catalog_change_change", args=[pk]))
    words = f"{undone.change.what}."
    if undone.left:
        words += f" Changed again since, and left as they are: {undone.left}."
    model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:catalog_change_change", args=[undone.change.pk]))
