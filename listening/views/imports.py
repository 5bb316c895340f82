"""Bringing in a history: the upload, what became of it, and taking it back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from listening.forms.imports import ImportForm
from listening.models import Import
from listening.services import importing

PAGE = 20
COLUMNS = ("row", "place", "reason", "text")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@login_required
def imports(request: MemberRequest) -> HttpResponse:
    asks = request.listener.shares_taste is None
    form = ImportForm(request.POST or None, request.FILES or None, asks=asks)
    if request.method == "POST" and form.is_valid():
        started = importing.start_imports(
            listener=request.listener,
            files=form.cleaned_data["exports"],
            shares_taste=form.cleaned_data.get("shares_taste"),
            at=now(),
        )
        return _to(started[0]) if len(started) == 1 else redirect("imports")
    page = Paginator(_mine(request).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "listening/imports.html", {"form": form, "page": page})


@login_required
def one_import(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "listening/import.html", importing.standing_of(_found(request, pk)))


@login_required
def rejected_rows(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """All rejected rows as a table."""
    found = _found(request, pk)
    response = StreamingHttpResponse(table_of(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    return response


@login_required
@require_POST
def cancel_import(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, importing.cancel)


@login_required
@require_POST
def resume_import(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, importing.resume)


@login_required
@require_POST
def choose_profile(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, importing.choose_profile, folder=request.POST.get("folder", ""))


@login_required
def undo_import(request: MemberRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return _act(request, pk, importing.ask_to_undo)
    return render(request, "listening/import_undo.html", importing.standing_of(_found(request, pk)))


def table_of(import_: Import) -> Iterator[str]:
    """Yield the rejected rows as lines of CSV that no spreadsheet takes for formulas."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    rows = import_.rows.rejected().order_by("number")
    for row in rows.values_list("number", "place", "reason", "text").iterator(2000):
        yield writer.writerow([_harmless(cell) for cell in row])


class _Echo:
    """A file for the csv module that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def _act(request: MemberRequest, pk: int, act: Callable[..., None], **given: str) -> HttpResponse:
    found = _found(request, pk)
    try:
        act(import_=found, at=now(), **given)
    except importing.NotNow as refusal:
        messages.warning(request, str(refusal))
    return _to(found)


def _to(import_: Import) -> HttpResponse:
    return redirect("import", import_.pk)


def _found(request: MemberRequest, pk: int) -> Import:
    return get_object_or_404(_mine(request), pk=pk)


def _mine(request: MemberRequest) -> Any:
    return Import.objects.filter(listener=request.listener)
