from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from unfold.admin import ModelAdmin

from catalog.admin import queues
from catalog.admin.acts import action
from catalog.admin.base import CuratedAdmin, recording_of
from catalog.admin.joining import JoinedAdmin
from catalog.models import Album, Artist, ExternalId, FeatureSet, Source, Tag, Work
from catalog.naming import name_key
from catalog.services import curating
from jobs.choosing import SearchesMenus


class ReadOnly:
    """Rows that belong to a track, and are changed with it."""

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False

    def has_delete_permission(self, *args: object) -> bool:
        return False


@admin.register(Artist)
class ArtistAdmin(JoinedAdmin):
    list_display = ["name", "source", "track_count", "state"]
    list_filter = ["source"]
    search_fields = ["name"]
    fields = ["name", "language", "source", "created_at"]
    readonly_fields = ["source", "created_at"]
    actions = [action("hide_artists"), action("unhide_artists"), "merge_chosen"]

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        page = ("duplicates/", "catalog_artist_duplicates", queues.duplicate_artists)
        return (*super().get_custom_urls(), page)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artist]:
        return super().get_queryset(request).annotate(tracks_here=Count("tracks"))

    def save_model(
        self, request: HttpRequest, obj: Artist, form: ModelForm[Any], change: bool
    ) -> None:
        if not change:
            obj.match_key, obj.source = name_key(obj.name), "curator"
            obj.save()
            return
        Artist.objects.filter(pk=obj.pk).update(language=obj.language)
        if "name" in form.changed_data:
            old = Artist.objects.get(pk=obj.pk)
            curating.edit_artist(artist=old, name=obj.name, record=recording_of(request), at=now())

    @admin.action(description="Merge…", permissions=["merge"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Artist]) -> HttpResponse | None:
        return self.to_merge_page(request, queryset)

    @admin.display(ordering="tracks_here", description="tracks")
    def track_count(self, artist: Any) -> int:
        return artist.tracks_here

    @admin.display(description="state")
    def state(self, artist: Artist) -> str:
        if artist.canonical_id:
            return f"merged into #{artist.canonical_id}"
        return "hidden" if artist.hidden_at else "–"


@admin.register(Album)
class AlbumAdmin(CuratedAdmin):
    list_display = ["title", "artist_name", "year", "source"]
    list_filter = ["source"]
    list_select_related = ["artist"]
    search_fields = ["title", "artist__name"]
    fields = ["title", "artist", "year", "language", "source"]
    readonly_fields = ["artist", "source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an album is there as soon as a track names it

    def save_model(
        self, request: HttpRequest, obj: Album, form: ModelForm[Any], change: bool
    ) -> None:
        Album.objects.filter(pk=obj.pk).update(language=obj.language, year=obj.year)
        if "title" in form.changed_data:
            old = Album.objects.get(pk=obj.pk)
            curating.edit_album(album=old, title=obj.title, record=recording_of(request), at=now())

    @admin.display(ordering="artist__name", description="artist")
    def artist_name(self, album: Album) -> str:
        return album.artist.name


@admin.register(Work)
class WorkAdmin(SearchesMenus, ModelAdmin):
    list_display = ["title", "artist_name"]
    list_select_related = ["artist"]
    search_fields = ["title", "artist__name"]
    autocomplete_fields = ["artist"]

    @admin.display(ordering="artist__name", description="artist")
    def artist_name(self, work: Work) -> str:
        return work.artist.name


@admin.register(Tag)
class TagAdmin(ReadOnly, ModelAdmin):
    """Tags come and go with the tracks they are put to."""

    list_display = ["name"]
    search_fields = ["name"]


@admin.register(FeatureSet)
class FeatureSetAdmin(ReadOnly, ModelAdmin):
    list_display = ["track_title", "source", "tempo", "energy", "valence", "may_train"]
    list_filter = ["source", "may_train"]
    list_select_related = ["track"]
    search_fields = ["track__title"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureSet]:
        return super().get_queryset(request).filter(source__in=Source)

    @admin.display(ordering="track__title", description="track")
    def track_title(self, features: FeatureSet) -> str:
        return features.track.title


@admin.register(ExternalId)
class ExternalIdAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "namespace", "value", "source"]
    list_filter = ["kind", "source"]
    search_fields = ["value"]
    show_full_result_count = False
