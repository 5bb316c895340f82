from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from jobs.choosing import SearchesMenus
from playlists.models import Playlist, PlaylistEntry, Recipe


class EntryInline(SearchesMenus, TabularInline):
    model = PlaylistEntry
    extra = 0
    autocomplete_fields = ["track"]


@admin.register(Playlist)
class PlaylistAdmin(ModelAdmin):
    list_display = ["name", "listener", "is_public", "refreshes_weekly", "changed_at"]
    list_filter = ["is_public", "refreshes_weekly"]
    list_select_related = ["listener"]
    search_fields = ["name", "listener__handle"]
    raw_id_fields = ["listener", "recipe"]
    readonly_fields = ["key"]
    inlines = [EntryInline]


@admin.register(Recipe)
class RecipeAdmin(ModelAdmin):
    list_display = ["kind", "listener"]
    list_filter = ["kind"]
    list_select_related = ["listener"]
    raw_id_fields = ["listener"]
