"""Pages on which rows are merged, split and kept apart; the same for tracks and for artists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from catalog.admin.base import CuratedAdmin, may_merge
from catalog.admin.facts import artist_rows, track_rows
from catalog.models import Artist, Change, Track
from catalog.services import merging
from catalog.services.refusing import Refused

AT_MOST = 10  # columns that can still be compared


class JoinedAdmin(CuratedAdmin):
    """A list of rows that can be merged."""

    change_form_outer_before_template = "admin/catalog/_joined.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        name = f"catalog_{self.opts.model_name}"
        return (
            *super().get_custom_urls(),
            ("merge/", f"{name}_merge", merge),
            ("apart/", f"{name}_apart", apart),
            ("<int:pk>/split/", f"{name}_split", split),
        )

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and may_merge(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_merge": self.has_merge_permission(request)}
        return super().changeform_view(request, object_id, form_url, context)

    def to_merge_page(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: AT_MOST + 1])
        if not 2 <= len(ids) <= AT_MOST:
            self.message_user(
                request, f"Choose two to {AT_MOST} to compare and merge.", messages.WARNING
            )
            return None
        return HttpResponseRedirect(f"{_url(self, 'merge')}?{urlencode({'ids': _joined(ids)})}")


def merge(request: HttpRequest, model_admin: JoinedAdmin) -> HttpResponse:
    """Rows side by side; which of them survives is chosen here."""
    _demand_merge(request, model_admin)
    rows = _asked_for(model_admin.model, request)
    if len(rows) < 2:
        model_admin.message_user(request, "There is nothing left to merge.", messages.WARNING)
        return HttpResponseRedirect(_url(model_admin, "changelist"))
    if request.method == "POST":
        return _act(request, model_admin, lambda: _merged(request, rows))
    facts = track_rows if model_admin.model is Track else artist_rows
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Merge {len(rows)} {model_admin.opts.verbose_name_plural}",
        "opts": model_admin.opts,
        "columns": rows,
        "facts": facts(rows),
        "ids": _joined([row.pk for row in rows]),
        "next": request.GET.get("next", ""),
    }
    return TemplateResponse(request, "admin/catalog/merge.html", context)


@require_POST
def apart(request: HttpRequest, model_admin: JoinedAdmin) -> HttpResponse:
    """These look alike and are not one."""
    _demand_merge(request, model_admin)
    rows = _asked_for(model_admin.model, request)
    if len(rows) < 2:
        return HttpResponseRedirect(_next(request, model_admin))
    return _act(
        request,
        model_admin,
        lambda: merging.keep_apart(rows=rows, by=request.user, at=now()),
    )


@require_POST
def split(request: HttpRequest, model_admin: JoinedAdmin, pk: int) -> HttpResponse:
    _demand_merge(request, model_admin)
    row: Any = get_object_or_404(model_admin.model, pk=pk)
    if isinstance(row, Track):
        return _act(
            request,
            model_admin,
            lambda: merging.split_track(track=row, by=request.user, at=now()),
        )
    return _act(
        request, model_admin, lambda: merging.split_artist(artist=row, by=request.user, at=now())
    )


def _merged(request: HttpRequest, rows: Sequence[Any]) -> Change:
    survivor = next((row for row in rows if str(row.pk) == request.POST.get("survivor")), None)
    if isinstance(survivor, Track):
        return merging.merge_tracks(survivor=survivor, tracks=rows, by=request.user, at=now())
    if isinstance(survivor, Artist):
        return merging.merge_artists(survivor=survivor, artists=rows, by=request.user, at=now())
    raise Refused("Choose which of these is to stay.")


def _act(
    request: HttpRequest, model_admin: JoinedAdmin, work: Callable[[], Change]
) -> HttpResponse:
    try:
        model_admin.tell(request, work())
    except Refused as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
    return HttpResponseRedirect(_next(request, model_admin))


def _demand_merge(request: HttpRequest, model_admin: JoinedAdmin) -> None:
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied


def _asked_for(model: Any, request: HttpRequest) -> list[Any]:
    asked = (request.POST if request.method == "POST" else request.GET).get("ids", "")
    ids = [int(pk) for pk in asked.split(",")[:AT_MOST] if pk.isdecimal() and len(pk) < 19]
    rows = model.objects.filter(pk__in=ids, canonical__isnull=True).order_by("pk")
    return list(rows.for_rows() if model is Track else rows)


def _next(request: HttpRequest, model_admin: JoinedAdmin) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return _url(model_admin, "changelist")


def _url(model_admin: JoinedAdmin, name: str) -> str:
    return reverse(f"admin:catalog_{model_admin.opts.model_name}_{name}")


def _joined(ids: Sequence[int]) -> str:
    return ",".join(str(pk) for pk in ids)
