"""Experiments: begun and ended here, with what they have come to."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from listening.admin import ReadOnly
from recommendations.admin.comparing import in_words
from recommendations.models import Experiment, ModelVersion
from recommendations.services import experimenting

PAGE = "admin:recommendations_experiment_change"


class SettingsField(forms.JSONField):
    """Sliders of one side, as {"rarity": 0.5}; empty: as the site has them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextInputWidget(), **options)

    def clean(self, value: Any) -> dict[str, Any]:
        found = super().clean(value) or {}
        if not isinstance(found, dict):
            raise forms.ValidationError('Write it as {"rarity": 0.5}.')
        return found


class ExperimentForm(forms.Form):
    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget())
    model_a = forms.ChoiceField(label="Side A", widget=UnfoldAdminSelectWidget())
    settings_a = SettingsField(label="Settings of side A", help_text='As {"rarity": 0.5}.')
    model_b = forms.ChoiceField(label="Side B", widget=UnfoldAdminSelectWidget())
    settings_b = SettingsField(label="Settings of side B", help_text='As {"rarity": 0.5}.')

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        stored = ModelVersion.objects.good().exclude(artifact="").newest_first()
        self.versions = {str(version.pk): version for version in stored}
        for name in ("model_a", "model_b"):
            choices = [(number, str(version)) for number, version in self.versions.items()]
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_model_a(self) -> ModelVersion:
        return self.versions[self.cleaned_data["model_a"]]

    def clean_model_b(self) -> ModelVersion:
        return self.versions[self.cleaned_data["model_b"]]


@admin.register(Experiment)
class ExperimentAdmin(ReadOnly, ModelAdmin):
    list_display = ["name", "state", "model_a", "model_b", "started_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["model_a", "model_b"]
    ordering = ["-started_at", "-pk"]
    list_before_template = "admin/recommendations/_to_experiment.html"
    change_form_outer_before_template = "admin/recommendations/_end_experiment.html"
    fields = [
        "name", "result", "state", "model_a", "told_a", "model_b", "told_b",
        "started_at", "started_by", "ended_at", "ended_by",
    ]  # fmt: skip
    readonly_fields = fields

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("start/", "recommendations_experiment_start", start_view),
            ("<int:pk>/end/", "recommendations_experiment_end", end_view),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_experiment": may_experiment(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"may_experiment": may_experiment(request), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    @admin.display(description="settings of side A")
    def told_a(self, experiment: Experiment) -> str:
        return _told(experiment.settings_a)

    @admin.display(description="settings of side B")
    def told_b(self, experiment: Experiment) -> str:
        return _told(experiment.settings_b)

    @admin.display(description="what it has come to")
    def result(self, experiment: Experiment) -> SafeString:
        count = experimenting.count(experiment)
        kinds = sorted({kind for acts in count.acts.values() for kind in acts})
        rows = [(kind, count.acts["a"][kind], count.acts["b"][kind]) for kind in kinds]
        context = {"count": count, "lead": in_words(count.lead, sign=True), "rows": rows}
        return render_to_string("admin/recommendations/_result.html", context)


def may_experiment(request: HttpRequest) -> bool:
    return request.user.has_perm("recommendations.change_experiment")


def start_view(request: HttpRequest, model_admin: ExperimentAdmin) -> HttpResponse:
    if not may_experiment(request):
        raise PermissionDenied
    form = ExperimentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = cast(User, request.user)
        try:
            begun = experimenting.start(by=by, at=now(), **form.cleaned_data)
        except experimenting.NotStarted as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse(PAGE, args=[begun.pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Begin an experiment",
        "opts": model_admin.opts,
        "form": form,
    }
    return TemplateResponse(request, "admin/recommendations/experiment.html", context)


@require_POST
def end_view(request: HttpRequest, model_admin: ExperimentAdmin, pk: int) -> HttpResponse:
    if not may_experiment(request):
        raise PermissionDenied
    experiment = get_object_or_404(Experiment, pk=pk)
    by = cast(User, request.user)
    if experimenting.end(experiment=experiment, by=by, at=now()):
        words = "It is over; every list comes from the live version again."
        model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse(PAGE, args=[pk]))


def _told(settings: dict[str, Any]) -> str:
    return json.dumps(settings) if settings else "as the site has them"
