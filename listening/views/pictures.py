"""Pictures of listening: one page for any span, the whole list, and a review of cards."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from accounts.requests import MemberRequest
from listening.counting.plays import Plays, as_date
from listening.figures.page import Chosen, page_of, review_cards, two_cards, whole_list_of
from listening.forms.pictures import SpanForm
from listening.pipeline.heard import plays_of

YEARS = 30  # how many years back the picker offers


class Asked(NamedTuple):
    plays: Plays
    chosen: Chosen
    picker: dict[str, Any]


@login_required
def listening(request: MemberRequest) -> HttpResponse:
    asked = _asked(request)
    page = page_of(asked.plays, asked.chosen) if len(asked.plays) else {}
    cards = two_cards(asked.plays, asked.chosen.span) if page.get("tops") else []
    return render(request, "listening/pictures.html", asked.picker | page | {"cards": cards})


@login_required
def tops(request: MemberRequest) -> HttpResponse:
    asked = _asked(request)
    rows = whole_list_of(asked.plays, asked.chosen)
    return render(request, "listening/tops.html", asked.picker | {"tops": rows})


@login_required
def review(request: MemberRequest) -> HttpResponse:
    asked = _asked(request)
    cards = review_cards(asked.plays, asked.chosen.span)
    return render(request, "listening/review.html", asked.picker | {"cards": cards})


@login_required
def card(request: MemberRequest, slug: str) -> HttpResponse:
    """One card as a picture to keep."""
    asked = _asked(request)
    found = [one for one in review_cards(asked.plays, asked.chosen.span) if one.slug == slug]
    if not found:
        raise Http404
    context = {"card": found[0], "span": asked.chosen.span}
    response = render(request, "listening/card.svg", context, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="segue-{slug}.svg"'
    return response


def _asked(request: MemberRequest) -> Asked:
    plays = plays_of(request.listener)
    form = SpanForm(request.GET)
    today = now().astimezone(request.listener.zone).date()
    oldest = as_date(plays.day[0]) if len(plays) else today
    chosen = form.chosen(today=today, oldest=oldest)
    picker = {
        "form": form,
        "chosen": chosen,
        "span": chosen.span,
        "has_plays": len(plays) > 0,
        "years": range(today.year, max(oldest.year, today.year - YEARS) - 1, -1),
    }
    return Asked(plays, chosen, picker)
