"""The queue of what listeners reported or disliked, and the decisions that were taken."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import User
from catalog.models import Track
from catalog.services.refusing import Refused
from listening.admin import ReadOnly
from recommendations.models import Demotion, Review
from recommendations.services import reviewing

PAGE = 20
QUEUE = "admin:recommendations_review_queue"

ACTS = {
    Review.Decision.FIXED: "I have put the facts right",
    Review.Decision.HIDDEN: "Hide it from everybody",
    Review.Decision.DEMOTED: "Show it less",
    Review.Decision.DISMISSED: "Leave it as it is",
}


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[(name.value, words) for name, words in ACTS.items()])
    note = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        label="Note (other curators read it)",
    )


@admin.register(Review)
class ReviewAdmin(ReadOnly, ModelAdmin):
    """Decisions are taken in the queue and stay as they are; a later one overrules them."""

    list_display = ["track", "decision", "decided_by", "decided_at", "note"]
    list_filter = ["decision"]
    list_select_related = ["track", "decided_by"]
    search_fields = ["track__title", "note"]
    ordering = ["-decided_at", "-pk"]
    list_before_template = "admin/recommendations/_to_queue.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("queue/", "recommendations_review_queue", queue_view),
            ("queue/<int:pk>/", "recommendations_review_case", case_view),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Demotion)
class DemotionAdmin(ReadOnly, ModelAdmin):
    list_display = ["track", "since", "review"]
    list_select_related = ["track", "review"]
    search_fields = ["track__title"]
    ordering = ["-since"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def queue_view(request: HttpRequest, model_admin: ReviewAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    page = Paginator(reviewing.waiting(at=now()), PAGE).get_page(request.GET.get("p"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "What listeners reported or disliked",
        "opts": model_admin.opts,
        "page": page,
        "cases": reviewing.cases(page),
    }
    return TemplateResponse(request, "admin/recommendations/queue.html", context)


def case_view(request: HttpRequest, model_admin: ReviewAdmin, pk: int) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    track = get_object_or_404(Track.objects.for_rows(), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        if not may_decide(request):
            raise PermissionDenied
        if form.is_valid() and _decided(request, model_admin, track, form.cleaned_data):
            return HttpResponseRedirect(reverse(QUEUE))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": str(track),
        "opts": model_admin.opts,
        "track": track,
        "case": reviewing.case_of(track, at=now()),
        "voices": reviewing.voices(track),
        "reviews": track.reviews.select_related("decided_by").order_by("-decided_at", "-pk"),
        "is_demoted": Demotion.objects.filter(track=track).exists(),
        "form": form,
        "acts": ACTS,
        "may_decide": may_decide(request),
    }
    return TemplateResponse(request, "admin/recommendations/case.html", context)


def may_decide(request: HttpRequest) -> bool:
    return request.user.has_perms(["recommendations.add_review", "catalog.change_track"])


def _decided(
    request: HttpRequest, model_admin: ReviewAdmin, track: Track, asked: dict[str, Any]
) -> bool:
    decision = Review.Decision(asked["decision"])
    by = cast(User, request.user)
    try:
        reviewing.decide(track=track, decision=decision, by=by, at=now(), note=asked["note"])
    except Refused as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return False
    words = f"{track.title}: {decision.label}."
    model_admin.message_user(request, words, messages.SUCCESS)
    return True
