"""Lists beside Home: from a genre, in a mood, for an activity, like an artist, and popular ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from accounts.requests import MemberRequest
from catalog.models import Artist, Genre
from catalog.portrait import MOODS
from recommendations import serving
from recommendations.activities import NAMES
from recommendations.serializers.asking import ListQuery
from recommendations.services.finding import fitting_genres
from recommendations.services.pages import NOTES, shown_again
from recommendations.serving import NoModel, Surface

ON_PAGE = 20
HEADLINES: dict[Surface, str | Promise] = {
    Surface.GENRE: gettext_lazy("From"),
    Surface.MOOD: gettext_lazy("In the mood:"),
    Surface.ACTIVITY: gettext_lazy("For"),
    Surface.SIMILAR: gettext_lazy("More like"),
}
ABOUT: dict[Surface, str | Promise] = {
    Surface.GENRE: gettext_lazy("What fits you best of this genre, and why."),
    Surface.MOOD: gettext_lazy("What sounds like it and fits you best, and why."),
    Surface.ACTIVITY: gettext_lazy("What goes with it and fits you best, and why."),
    Surface.SIMILAR: gettext_lazy("By others, and why."),
}


class About(NamedTuple):
    """What a list is about: as the query says it, and as the page does."""

    field: str = ""
    value: str = ""
    name: str | Promise = ""
    language: str = ""


@login_required
def lists(request: MemberRequest) -> HttpResponse:
    """Choose a list: the genres that fit come first, by the listener's own scores."""
    try:
        genres = fitting_genres(listener=request.listener, at=now())
    except NoModel:
        genres = []
    context = {
        "genres": genres,
        "moods": MOODS.items(),
        "activities": NAMES.items(),
        "plain": [(surface, surface.label, note) for surface, note in NOTES.items()],
    }
    return render(request, "recommendations/lists.html", context)


@login_required
def genre_list(request: MemberRequest, slug: str) -> HttpResponse:
    genre = get_object_or_404(Genre, slug=slug)
    return _list(request, Surface.GENRE, About("genre", genre.slug, genre.name))


@login_required
def mood_list(request: MemberRequest, name: str) -> HttpResponse:
    if name not in MOODS:
        raise Http404
    return _list(request, Surface.MOOD, About("mood", name, MOODS[name]))


@login_required
def activity_list(request: MemberRequest, name: str) -> HttpResponse:
    if name not in NAMES:
        raise Http404
    return _list(request, Surface.ACTIVITY, About("activity", name, NAMES[name]))


@login_required
def artist_list(request: MemberRequest, pk: int) -> HttpResponse:
    artist = get_object_or_404(Artist.objects.shown(), pk=pk)
    about = About("artist", str(artist.pk), artist.name, artist.language)
    return _list(request, Surface.SIMILAR, about)


@login_required
def plain_list(request: MemberRequest, surface: str) -> HttpResponse:
    if surface not in NOTES:
        raise Http404
    return _list(request, Surface(surface), About())


def _list(request: MemberRequest, surface: Surface, about: About) -> HttpResponse:
    """Show the list, steered as the query says; after feedback, the one that answered it."""
    fixed = {"surface": str(surface), "n": str(ON_PAGE)}
    fixed |= {about.field: about.value} if about.field else {}
    asked = request.GET.copy()
    for name, value in fixed.items():
        asked[name] = value
    query = ListQuery(data=asked, context={"listener": request.listener})
    is_valid = query.is_valid()
    context: dict[str, Any] = {
        "surface": surface,
        "about": about,
        "headline": HEADLINES.get(surface, ""),
        "note": (NOTES | ABOUT)[surface],
        "fixed": fixed,
        "complaints": {} if is_valid else query.errors,
        "steering": query.steering if is_valid else serving.Steering(),
    }
    options = query.options if is_valid else _unsteered(request, fixed)
    try:
        again = shown_again(request.GET.get("slate"), listener=request.listener, at=now())
        if again is not None and again.listed.ask.surface == surface:
            context |= {"listed": again.listed, "answer": again.answer}
        else:
            context["listed"] = serving.recommend(listener=request.listener, at=now(), **options)
    except NoModel:
        context["listed"] = None
    status = 200 if is_valid else 400
    return render(request, "recommendations/list.html", context, status=status)


def _unsteered(request: MemberRequest, fixed: dict[str, str]) -> dict[str, Any]:
    query = ListQuery(data=fixed, context={"listener": request.listener})
    query.is_valid(raise_exception=True)
    return query.options
