"""What is done to many rows at once: asked again with the count, then one change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import now

from catalog.admin.base import CuratedAdmin
from catalog.admin.forms import GenreChoice, MoveForm, RetagForm
from catalog.models import Change
from catalog.services import curating
from catalog.services.changing import By
from catalog.services.refusing import Refused

NAMED = 12  # rows that the question names


class Act(NamedTuple):
    title: str  # in the list of actions
    question: str
    run: Callable[[list[int], dict[str, Any], By, datetime], Change]
    form: type[forms.Form] = forms.Form


ACTS = {
    "hide": Act(
        "Hide",
        "Nobody will find or be recommended these any more. Plays and playlists keep them.",
        lambda ids, _asked, by, at: curating.hide_tracks(ids=ids, by=by, at=at),
    ),
    "unhide": Act(
        "Show again",
        "These can be found and recommended again.",
        lambda ids, _asked, by, at: curating.unhide_tracks(ids=ids, by=by, at=at),
    ),
    "mark_explicit": Act(
        "Mark as explicit",
        "Listeners who want nothing explicit will not get these.",
        lambda ids, _asked, by, at: curating.mark_explicit(ids=ids, explicit=True, by=by, at=at),
    ),
    "mark_clean": Act(
        "Mark as not explicit",
        "Every listener may get these.",
        lambda ids, _asked, by, at: curating.mark_explicit(ids=ids, explicit=False, by=by, at=at),
    ),
    "set_genre": Act(
        "Set the genre",
        "Your word counts before that of any file.",
        lambda ids, asked, by, at: curating.set_genre(ids=ids, by=by, at=at, **asked),
        GenreChoice,
    ),
    "retag": Act(
        "Add or take off tags",
        "Tags are taken off whoever put them there.",
        lambda ids, asked, by, at: curating.retag(ids=ids, by=by, at=at, **asked),
        RetagForm,
    ),
    "verify": Act(
        "Verify as tracks of their own",
        "These were made from plays that matched nothing. They can be recommended from now on.",
        lambda ids, _asked, by, at: curating.verify_tracks(ids=ids, by=by, at=at),
    ),
    "hide_artists": Act(
        "Hide",
        "Neither these artists nor their tracks will be recommended any more.",
        lambda ids, _asked, by, at: curating.hide_artists(ids=ids, by=by, at=at),
    ),
    "unhide_artists": Act(
        "Show again",
        "These artists and their tracks can be found and recommended again.",
        lambda ids, _asked, by, at: curating.unhide_artists(ids=ids, by=by, at=at),
    ),
    "move": Act(
        "Move in the tree",
        "What stands below a genre moves with it.",
        lambda ids, asked, by, at: curating.move_genres(ids=ids, by=by, at=at, **asked),
        MoveForm,
    ),
}


def action(name: str) -> Any:
    """The admin's action of this name, for those who may change the rows."""
    act = ACTS[name]

    @admin.action(description=act.title, permissions=["change"])
    def run(
        model_admin: CuratedAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return confirm(model_admin, request, queryset, name)

    run.__name__ = name
    return run


def confirm(
    model_admin: CuratedAdmin, request: HttpRequest, queryset: QuerySet[Any], name: str
) -> HttpResponse | None:
    """Ask, and do it once the answer is yes."""
    act = ACTS[name]
    rows = queryset.order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[: curating.MOST + 1])
    answered = "answer" in request.POST
    form = act.form(request.POST if answered else None)
    if answered and form.is_valid():
        try:
            model_admin.tell(request, act.run(ids, form.cleaned_data, request.user, now()))
        except Refused as refusal:
            model_admin.message_user(request, str(refusal), messages.WARNING)
        return None
    across = request.POST.get("select_across") == "1"
    context = {
        **model_admin.admin_site.each_context(request),
        "title": act.title,
        "opts": model_admin.opts,
        "act": act,
        "action": name,
        "form": form,
        "count": len(ids),
        "too_many": curating.MOST if len(ids) > curating.MOST else 0,
        "named": model_admin.get_queryset(request).filter(pk__in=ids[:NAMED]).order_by("pk"),
        "across": across,
        "chosen": ids[:1] if across else ids,
        "checkbox": ACTION_CHECKBOX_NAME,
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/catalog/confirm.html", context)
