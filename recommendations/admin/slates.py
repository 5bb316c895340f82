from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

from listening.admin import ReadOnly
from recommendations.models import Slate, SlateOutcome


@admin.register(Slate)
class SlateAdmin(ReadOnly, ModelAdmin):
    list_display = ["surface", "listener", "model", "shown_at"]
    list_filter = ["surface"]
    list_select_related = ["listener", "model"]
    search_fields = ["listener__handle"]
    show_full_result_count = False


@admin.register(SlateOutcome)
class SlateOutcomeAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "track", "slate", "at"]
    list_filter = ["kind"]
    list_select_related = ["track", "slate"]
    show_full_result_count = False
