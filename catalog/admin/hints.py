from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from catalog.models import MatchHint


@admin.register(MatchHint)
class MatchHintAdmin(ModelAdmin):
    """What listeners say for themselves, the most often said first; for a curator to act on."""

    list_display = ["track", "match", "listeners", "last_at"]
    list_select_related = ["track", "match"]
    search_fields = ["track__title", "match__title"]
    ordering = ["-listeners", "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MatchHint | None = None) -> bool:
        return False
