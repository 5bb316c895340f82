from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import now
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from catalog.admin import queues
from catalog.admin.acts import action
from catalog.admin.exchange import ExchangedAdmin
from catalog.admin.forms import TrackForm
from catalog.admin.joining import JoinedAdmin
from catalog.believing import believed_first
from catalog.features import FEATURES
from catalog.models import ExternalId, FeatureSet, Source, Track
from catalog.naming import normalise
from catalog.services import curating
from catalog.services.gaps import GAPS
from catalog.services.showing import refresh_shown
from jobs.choosing import SearchesMenus

STATES = {
    "shown": Q(canonical__isnull=True, hidden_at__isnull=True),
    "unverified": Q(canonical__isnull=True, hidden_at__isnull=True, is_verified=False),
    "hidden": Q(hidden_at__isnull=False),
    "merged": Q(canonical__isnull=False),
}


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, name) for name in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Track]) -> QuerySet[Track]:
        return queryset.filter(STATES.get(self.value() or "", Q()))


class GapFilter(admin.SimpleListFilter):
    """Of the tracks that show."""

    title = "what is missing"
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, f"no {name}") for name in GAPS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Track]) -> QuerySet[Track]:
        if self.value() not in GAPS:
            return queryset
        return queryset.filter(STATES["shown"], GAPS[str(self.value())])


class OwnSoundInline(TabularInline):
    """The curator's own values; those of other sources are told, not edited."""

    model = FeatureSet
    fk_name = "track"
    verbose_name_plural = "Sound, in your own numbers (they count before all others)"
    extra = 0
    max_num = 1
    fields = ["may_train", *FEATURES]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureSet]:
        return super().get_queryset(request).filter(source=Source.CURATOR)


class ExternalIdInline(TabularInline):
    model = ExternalId
    extra = 0
    fields = ["kind", "value", "source"]
    readonly_fields = ["source"]


@admin.register(Track)
class TrackAdmin(SearchesMenus, ExchangedAdmin, JoinedAdmin):
    form = TrackForm
    list_display = ["title", "artist_name", "year", "genre_name", "source", "is_verified", "state"]
    list_filter = [
        StateFilter,
        GapFilter,
        ("genre", AutocompleteSelectFilter),
        "is_explicit",
        "source",
    ]
    list_filter_submit = True
    list_select_related = ["artist", "genre"]
    list_per_page = 50
    ordering = ["-pk"]
    search_fields = ["search_text"]
    search_help_text = "Words of title, artist and album, or an id of another service."
    autocomplete_fields = ["work"]
    readonly_fields = ["sources"]
    inlines = [OwnSoundInline, ExternalIdInline]
    fieldsets = [
        (
            None,
            {"fields": ["title", "artist_names", ("album_title", "position"), ("genre", "tags")]},
        ),
        (
            "Facts",
            {"fields": [("year", "duration_ms"), ("is_explicit", "language"), "work"]},
        ),
        ("On the site", {"fields": [("is_verified", "hidden")]}),
        ("Where it comes from", {"fields": ["sources"]}),
    ]
    actions = [
        action("hide"),
        action("unhide"),
        action("mark_explicit"),
        action("mark_clean"),
        action("set_genre"),
        action("retag"),
        action("verify"),
        "merge_chosen",
    ]

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            *super().get_custom_urls(),
            ("unverified/", "catalog_track_unverified", queues.unverified),
            ("duplicates/", "catalog_track_duplicates", queues.duplicates),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Track], search_term: str
    ) -> tuple[QuerySet[Track], bool]:
        """Every word must occur; or the whole is an id."""
        if not search_term.strip():
            return queryset, False
        words = Q()
        for word in normalise(search_term).split():
            words &= Q(search_text__contains=word)
        ids = ExternalId.objects.filter(value=search_term.strip(), track__isnull=False)
        return queryset.filter(words | Q(pk__in=ids.values("track"))), False

    def get_inlines(self, request: HttpRequest, obj: Track | None) -> list[Any]:
        return self.inlines if obj else []

    def save_model(
        self, request: HttpRequest, obj: Track, form: ModelForm[Any], change: bool
    ) -> None:
        values = form.values()  # type: ignore[attr-defined]
        if not change:
            made = curating.make_track(
                title=values["title"], artists=form.cleaned_data["artist_names"]
            )
            obj.pk, obj._state.adding = made.pk, False
        curating.edit_tracks(values={obj.pk: values}, at=now())

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        for row in formset.save(commit=False):
            row.source = Source.CURATOR
            if isinstance(row, FeatureSet):
                row.measured_at = now()
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_shown([form.instance.pk])

    @admin.action(description="Merge…", permissions=["merge"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Track]) -> HttpResponse | None:
        return self.to_merge_page(request, queryset)

    @admin.display(ordering="artist__name", description="artist")
    def artist_name(self, track: Track) -> str:
        return track.byline

    @admin.display(ordering="genre__name", description="genre")
    def genre_name(self, track: Track) -> str:
        return track.genre.name if track.genre else "–"

    @admin.display(description="state")
    def state(self, track: Track) -> str:
        if track.canonical_id:
            return f"merged into #{track.canonical_id}"
        return "hidden" if track.hidden_at else "–"

    @admin.display(description="what each source says")
    def sources(self, track: Track) -> SafeString:
        return render_to_string(
            "admin/catalog/_sources.html",
            {
                "records": _believed(track.records.all()),
                "sets": _believed(track.feature_sets.said()),
                "genres": _believed(track.track_genres.select_related("genre")),
                "shown": track.features_id,
            },
        )


def _believed(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (believed_first(row.source), row.pk))
