"""Each page has one address: other spellings of it, and what was merged, lead there."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme


def shown_or_404(shown: QuerySet[Any], pk: int) -> Any:
    """Return the thing of this key, or the one it was merged into."""
    survivor = shown.model._default_manager.filter(pk=pk).values_list(Coalesce("canonical", "pk"))
    return get_object_or_404(shown, pk__in=survivor)


def elsewhere(request: HttpRequest, thing: Any, pk: int) -> HttpResponse | None:
    """Lead to the one address of a thing; None if that was asked for.

    A wrong name in the address leads there for good. What was merged does so until it is split.
    """
    url = thing.get_absolute_url()
    if request.path == unquote(url):
        return None
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{url}?{query}" if query else url, permanent=thing.pk == pk)


def ours(request: HttpRequest, url: str) -> str:
    """Return an address that a form or a browser sent; nothing if it leads to another site."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if is_ours else ""


def came_from(request: HttpRequest) -> str:
    """Return the page that led here, with the list (`slate`) as it stood there.

    Nothing if the browser does not tell, or if this page had led to itself.
    """
    before = urlsplit(ours(request, request.headers.get("referer", "")))
    if before.path in ("", request.path):
        return ""
    slate = request.GET.get("slate", "")
    query = urlencode({"slate": slate}) if slate else before.query
    return f"{before.path}?{query}" if query else before.path
