"""Versions of the model: what each is worth, which is live, and who decided so."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.models import User
from jobs.models import Job
from listening.admin import ReadOnly
from recommendations import pipeline
from recommendations.admin.comparing import compared, in_words
from recommendations.models import ModelAct, ModelVersion
from recommendations.services import promoting, training

NOTE_LENGTH = 500


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "state", "quality", "over_popular", "over_live", "began", "took"]
    list_filter = ["state", "algorithm"]
    ordering = ["-pk"]
    list_before_template = "admin/recommendations/_training.html"
    change_form_outer_before_template = "admin/recommendations/_promote.html"
    fields = [
        "state", "message", "algorithm", "quality", "over_popular", "over_live", "figures",
        "started_at", "took", "promoted_at", "acts", "data", "parameters", "libraries",
        "artifact", "checksum",
    ]  # fmt: skip
    readonly_fields = fields
    actions = ["compare"]

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("train/", "recommendations_modelversion_train", train_view),
            ("compare/", "recommendations_modelversion_compare", compare_view),
            ("<int:pk>/promote/", "recommendations_modelversion_promote", promote_view),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = Job.objects.live().filter(name=training.TRAIN).first()
        context = {
            "may_train": may_train(request),
            "asked": asked,
            "in_training": ModelVersion.objects.training().first(),
            "live": ModelVersion.objects.live().first(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {
            "may_promote": may_promote(request),
            "can_go_live": promoting.CAN_GO_LIVE,
            "note_length": NOTE_LENGTH,
        }
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @admin.action(description="Compare two side by side", permissions=["view"])
    def compare(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponse | None:
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, "Choose two versions.", messages.WARNING)
            return None
        page = reverse("admin:recommendations_modelversion_compare")
        return HttpResponseRedirect(f"{page}?a={chosen[0]}&b={chosen[1]}")

    @admin.display(description="version", ordering="pk")
    def number(self, version: ModelVersion) -> str:
        return f"{version.pk} ({version.algorithm})"

    @admin.display(description="NDCG@20")
    def quality(self, version: ModelVersion) -> str:
        return in_words(pipeline.figures_of(version).quality)

    @admin.display(description="over the most popular")
    def over_popular(self, version: ModelVersion) -> str:
        return in_words(pipeline.figures_of(version).leads.get("popularity"), sign=True)

    @admin.display(description="over the one before")
    def over_live(self, version: ModelVersion) -> str:
        return in_words(pipeline.figures_of(version).leads.get("live"), sign=True)

    @admin.display(description="began", ordering="started_at")
    def began(self, version: ModelVersion) -> Any:
        return version.started_at

    @admin.display(description="took")
    def took(self, version: ModelVersion) -> str:
        if version.state == ModelVersion.State.TRAINING:
            return f"{version.progress:.0%}: {version.step}"
        seconds = version.seconds
        return "–" if seconds is None else f"{seconds:,.0f} s"

    @admin.display(description="figures")
    def figures(self, version: ModelVersion) -> SafeString | str:
        fragment = pipeline.figures_of(version).fragment()
        if fragment is None:
            return "Nothing was measured."
        return render_to_string("admin/recommendations/_figures.html", {"evaluation": fragment})

    @admin.display(description="who decided")
    def acts(self, version: ModelVersion) -> SafeString:
        acts = version.acts.select_related("by", "replaced").order_by("-at", "-pk")
        return render_to_string("admin/recommendations/_acts.html", {"acts": acts})


@admin.register(ModelAct)
class ModelActAdmin(ReadOnly, ModelAdmin):
    list_display = ["at", "kind", "version", "replaced", "by", "why"]
    list_filter = ["kind"]
    list_select_related = ["version", "replaced", "by"]
    ordering = ["-at", "-pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _acting(request: HttpRequest) -> User:
    return cast(User, request.user)  # the admin lets nobody else in


def may_promote(request: HttpRequest) -> bool:
    return request.user.has_perm("recommendations.change_modelversion")


def may_train(request: HttpRequest) -> bool:
    return request.user.has_perm("recommendations.add_modelversion")


@require_POST
def train_view(request: HttpRequest, model_admin: ModelVersionAdmin) -> HttpResponse:
    if not may_train(request):
        raise PermissionDenied
    training.ask_for_training(by=_acting(request), at=now())
    model_admin.message_user(request, "A training was asked for.", messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:recommendations_modelversion_changelist"))


@require_POST
def promote_view(request: HttpRequest, model_admin: ModelVersionAdmin, pk: int) -> HttpResponse:
    if not may_promote(request):
        raise PermissionDenied
    version = get_object_or_404(ModelVersion, pk=pk)
    why = request.POST.get("why", "").strip()[:NOTE_LENGTH]
    try:
        promoting.promote(version=version, by=_acting(request), at=now(), why=why)
    except promoting.NotPromoted as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
    else:
        words = f"Version {version.pk} is live; every process serves it within 5 seconds."
        model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:recommendations_modelversion_change", args=[pk]))


def compare_view(request: HttpRequest, model_admin: ModelVersionAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    numbers = [request.GET.get(side, "") for side in ("a", "b")]
    if not all(number.isdecimal() and len(number) < 19 for number in numbers):
        raise Http404
    found = ModelVersion.objects.in_bulk([int(number) for number in numbers])
    if len(found) != len(numbers):
        raise Http404
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Two versions side by side",
        "opts": model_admin.opts,
        "versions": found.values(),
        "rows": compared(list(found.values())),
    }
    return TemplateResponse(request, "admin/recommendations/compare.html", context)
