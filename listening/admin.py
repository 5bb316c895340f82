from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Count
from unfold.admin import ModelAdmin, TabularInline

from catalog.admin.facts import ARTIST_FACTS, TRACK_FACTS
from listening.models import (
    Feedback,
    FeedbackChange,
    Import,
    ImportRow,
    Mute,
    Play,
    PlayingNow,
)


class ReadOnly:
    """What people did is looked at here, never edited."""

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False


@admin.register(Play)
class PlayAdmin(ReadOnly, ModelAdmin):
    list_display = ["track", "listener", "started_at", "ms_played", "skipped", "source"]
    list_filter = ["source", "skipped"]
    list_select_related = ["track", "listener"]
    search_fields = ["track__title", "listener__handle"]
    show_full_result_count = False


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "track", "artist", "album", "genre", "listener", "rating", "given_at"]
    list_filter = ["kind"]
    list_select_related = ["track", "artist", "album", "genre", "listener"]
    search_fields = ["track__title", "artist__name", "listener__handle", "note"]
    show_full_result_count = False


@admin.register(FeedbackChange)
class FeedbackChangeAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "withdrawn", "track", "artist", "album", "genre", "listener", "at"]
    list_filter = ["kind", "withdrawn"]
    list_select_related = ["track", "artist", "album", "genre", "listener"]
    search_fields = ["track__title", "artist__name", "listener__handle"]
    show_full_result_count = False


@admin.register(Mute)
class MuteAdmin(ReadOnly, ModelAdmin):
    list_display = ["listener", "track", "artist", "genre", "source", "starts_at", "lifted_at"]
    list_select_related = ["listener", "track", "artist", "genre"]
    search_fields = ["listener__handle"]


@admin.register(PlayingNow)
class PlayingNowAdmin(ReadOnly, ModelAdmin):
    list_display = ["title", "artist_name", "listener", "player", "expires_at"]
    list_select_related = ["listener"]


class ImportRowInline(ReadOnly, TabularInline):
    model = ImportRow
    extra = 0
    fields = ["number", "fate", "reason"]
    per_page = 50


@admin.register(Import)
class ImportAdmin(ReadOnly, ModelAdmin):
    list_display = ["file_name", "format", "listener", "state", "position", "created_at"]
    list_filter = ["state", "format"]
    list_select_related = ["listener"]
    search_fields = ["file_name", "listener__handle"]
    inlines = [ImportRowInline]


def _count(model: Any, column: str) -> Any:
    """How many rows there are for each of some tracks or artists; for the page that compares."""

    def count(ids: Collection[int]) -> dict[int, int]:
        rows = model.objects.filter(**{f"{column}__in": ids}).order_by()
        return dict(rows.values_list(column).annotate(n=Count("pk")))

    return count


TRACK_FACTS["Plays"] = _count(Play, "track")
TRACK_FACTS["Likes and other feedback"] = _count(Feedback, "track")
ARTIST_FACTS["Plays"] = _count(Play, "track__artist")
ARTIST_FACTS["Likes and other feedback"] = _count(Feedback, "artist")
