"""Each page has one address: other spellings of it, and what was merged, lead there."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect


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
