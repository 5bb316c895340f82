from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.addresses import elsewhere, shown_or_404
from catalog.figures.reading import read_page
from catalog.forms import ExploreForm
from catalog.models import Album, Artist, AudioFile, Exploration, Genre, Tag, Track
from catalog.models.music import TrackQuerySet
from catalog.search.finding import find, load
from catalog.search.forms import SearchForm
from catalog.search.lines import lines_of
from catalog.search.ranking import COMPARED
from catalog.streaming import stream
from catalog.tree import genre_tree, line_above

PAGE = 50
NEWEST = F("year").desc(nulls_last=True)


def artist(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    found = shown_or_404(Artist.objects.shown(), pk)
    if away := elsewhere(request, found, pk):
        return away
    tracks = Track.objects.findable().credited_to(found).order_by(NEWEST, "title", "pk")
    albums = Album.objects.of(found).with_tracks().order_by(NEWEST, "title", "pk")
    also = found.merged.order_by("name").values_list("name", flat=True)
    description = _("Tracks and albums of %(name)s, and how they sound.") % {"name": found.name}
    about = {"artist": found, "albums": albums, "also": also, "description": description}
    return _tracks(request, "catalog/artist.html", tracks, **about)


def album(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    found = get_object_or_404(Album.objects.select_related("artist"), pk=pk)
    if away := elsewhere(request, found, pk):
        return away
    tracks = Track.objects.findable().filter(album=found).order_by("position", "pk")
    named = {"title": found.title, "name": found.artist.name}
    description = _("The tracks of %(title)s by %(name)s, and how they sound.") % named
    return _tracks(request, "catalog/album.html", tracks, album=found, description=description)


@require_safe
def audio(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, for whoever may listen to it."""
    return stream(request, get_object_or_404(AudioFile.objects.audible_to(request.user), pk=pk))


def genre(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Genre, slug=slug)
    branch = Genre.objects.branch(found)
    tracks = Track.objects.findable().filter(genre__in=branch).order_by("title", "pk")
    about = {
        "genre": found,
        "line": line_above(found),
        "children": found.children.order_by("name"),
        "is_explored": Exploration.objects.of(found.pk).exists(),
        "description": _("Tracks of the genre %(name)s, and how they sound.")
        % {"name": found.name},
    }
    return _tracks(request, "catalog/genre.html", tracks, **about)


def genres(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/genres.html", {"tree": genre_tree()})


def tag(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag, pk=pk)
    if away := elsewhere(request, found, pk):
        return away
    tracks = Track.objects.findable().filter(pk__in=found.track_tags.values("track"))
    description = _("Tracks that people tag “%(name)s”.") % {"name": found.name}
    return _tracks(
        request,
        "catalog/tag.html",
        tracks.order_by("title", "pk"),
        tag=found,
        description=description,
    )


def year(request: HttpRequest, number: int) -> HttpResponse:
    shown = Track.objects.findable()
    tracks = shown.filter(year=number).order_by("title", "pk")
    if not tracks.exists():
        raise Http404
    about = {
        "year": number,
        "before": shown.filter(year__lt=number).aggregate(Max("year"))["year__max"],
        "after": shown.filter(year__gt=number).aggregate(Min("year"))["year__min"],
        "description": _("Tracks of the year %(year)s, and how they sound.") % {"year": number},
    }
    return _tracks(request, "catalog/year.html", tracks, **about)


def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "catalog/search.html", {"form": form}, status=400)
    found, page = find(form.wanted), None
    if form.wanted.leafs and found.groups:
        page = Paginator(found.groups[0].keys, PAGE).get_page(request.GET.get("page"))
        found.groups[0].keys = list(page.object_list)
    groups = lines_of(load(found))
    context = {"form": form, "groups": groups, "page": page, "is_guess": found.is_guess}
    return render(request, "catalog/search.html", context | {"many": COMPARED})


def explore(request: HttpRequest) -> HttpResponse:
    form = ExploreForm(request.GET)
    complaints = form.complaints()
    slug = form.cleaned_data.get("genre")
    found = get_object_or_404(Genre, slug=slug) if slug else None
    page = read_page(found, form.chosen())
    context = page | {"complaints": complaints, "form": ExploreForm(initial=page.get("initial"))}
    return render(request, "catalog/explore.html", context, status=400 if complaints else 200)


def _tracks(
    request: HttpRequest, template: str, tracks: TrackQuerySet, **context: Any
) -> HttpResponse:
    page = Paginator(tracks.for_rows(), PAGE).get_page(request.GET.get("page"))
    address = request.path if page.number == 1 else f"{request.path}?page={page.number}"
    return TemplateResponse(request, template, {"page": page, "address": address, **context})
