from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

from listening.admin import ReadOnly
from recommendations.models import Experiment, ModelVersion, Review, Slate, SlateOutcome


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ["pk", "algorithm", "state", "started_at", "finished_at", "promoted_at"]
    list_filter = ["state", "algorithm"]


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


@admin.register(Experiment)
class ExperimentAdmin(ModelAdmin):
    list_display = ["name", "model_a", "model_b", "started_at", "ended_at"]
    list_select_related = ["model_a", "model_b"]


@admin.register(Review)
class ReviewAdmin(ModelAdmin):
    list_display = ["track", "decision", "decided_by", "decided_at"]
    list_filter = ["decision"]
    list_select_related = ["track", "decided_by"]
    search_fields = ["track__title", "note"]
    autocomplete_fields = ["track"]
    raw_id_fields = ["feedback"]
