"""The playlists of a listener, and one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.models import Track
from catalog.playing import playable_for
from playlists.forms import NameForm, PlaylistForm, PutBackForm
from playlists.models import Playlist, PlaylistEntry, PlaylistEntryQuerySet
from playlists.services import keeping
from playlists.services.holding import PlaylistError, quoted

PAGE = 24
TRACKS = 100
PRINTS = 4


class Card(NamedTuple):
    """A playlist with its first tracks, whose prints stand for it."""

    playlist: Playlist
    tracks: list[Track]


class Row(NamedTuple):
    entry: PlaylistEntry
    track: Track
    url: str  # where it plays


@login_required
@never_cache
def playlists(request: MemberRequest) -> HttpResponse:
    return _playlists(request, NameForm())


@login_required
@require_POST
def new_playlist(request: MemberRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _playlists(request, form)
    made = keeping.make_playlist(listener=request.listener, at=now(), **form.cleaned_data)
    messages.success(request, _("%(name)s is made.") % {"name": quoted(made.name)})
    return redirect(made)


@never_cache
def playlist(request: HttpRequest, pk: int) -> HttpResponse:
    """For its owner, and, where it is public, for whoever has the address."""
    seen = Playlist.objects.visible_to(request.user).select_related("listener")
    return _playlist(request, get_object_or_404(seen, pk=pk))


@login_required
@require_POST
def change_playlist(request: MemberRequest, pk: int) -> HttpResponse:
    found = own_or_404(request, pk)
    form = PlaylistForm(request.POST)
    if not form.is_valid():
        return _playlist(request, found, form)
    try:
        keeping.rename_playlist(playlist=found, by=request.user, at=now(), **form.cleaned_data)
    except PlaylistError as error:
        return refused(request, error)
    messages.success(request, _("Saved."))
    return redirect(found)


@login_required
@require_POST
def show_playlist(request: MemberRequest, pk: int) -> HttpResponse:
    """Public or private: the value of the button says which."""
    found, is_public = own_or_404(request, pk), request.POST.get("public") == "on"
    try:
        keeping.show_playlist(playlist=found, by=request.user, is_public=is_public, at=now())
    except PlaylistError as error:
        return refused(request, error)
    public, private = _("Anybody can see it now."), _("Only you see it now.")
    messages.success(request, public if is_public else private)
    return redirect(found)


@login_required
@never_cache
def delete_playlist(request: MemberRequest, pk: int) -> HttpResponse:
    found = own_or_404(request, pk)
    if request.method != "POST":
        return render(request, "playlists/delete.html", {"playlist": found})
    try:
        keeping.delete_playlist(playlist=found, by=request.user)
    except PlaylistError as error:
        return refused(request, error)
    messages.success(request, _("%(name)s is deleted.") % {"name": quoted(found.name)})
    return redirect("playlists")


def own_or_404(request: MemberRequest, pk: int) -> Playlist:
    own = Playlist.objects.owned_by(request.user).select_related("listener").with_track_count()
    return get_object_or_404(own, pk=pk)


def refused(request: HttpRequest, error: PlaylistError) -> HttpResponse:
    messages.warning(request, str(error))
    return redirect("playlists")


def _playlists(request: MemberRequest, form: NameForm) -> HttpResponse:
    own = Playlist.objects.filter(listener=request.listener).with_track_count().newest_first()
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "cards": _cards(list(page)), "form": form}
    return render(request, "playlists/playlists.html", context)


def _cards(found: Sequence[Playlist]) -> list[Card]:
    first = PlaylistEntry.objects.filter(playlist__in=list(found), position__lte=PRINTS)
    tracks = defaultdict(list)
    for entry in first.for_rows():
        tracks[entry.playlist_id].append(entry.shown)
    return [Card(playlist, tracks[playlist.pk]) for playlist in found]


def _playlist(
    request: HttpRequest, found: Playlist, form: PlaylistForm | None = None
) -> HttpResponse:
    is_own = found.belongs_to(request.user)
    entries = found.entries.all() if is_own else found.entries.findable()
    rows = entries.with_findable().for_rows()
    page = Paginator(rows, TRACKS).get_page(request.GET.get("page"))
    context = {
        "playlist": found,
        "is_own": is_own,
        "page": page,
        "rows": _rows(list(page), request.user),
        "length_ms": _length_of(entries),
    }
    if is_own:
        words = {"name": found.name, "description": found.description}
        context |= {"form": form or PlaylistForm(words), "undo": _undo(request, found)}
    return render(request, "playlists/playlist.html", context)


def _rows(entries: Sequence[PlaylistEntry], user: Any) -> list[Row]:
    heard_here = playable_for([entry.shown for entry in entries], user=user)
    return [Row(one, one.shown, heard_here.get(one.shown.pk, "")) for one in entries]


def _length_of(entries: PlaylistEntryQuerySet) -> int | None:
    lengths = Coalesce("track__canonical__duration_ms", "track__duration_ms")
    length: int | None = entries.aggregate(length=Sum(lengths))["length"]
    return length


def _undo(request: HttpRequest, found: Playlist) -> dict[str, Any] | None:
    """What has just been taken out, and is not back yet."""
    form = PutBackForm(request.GET, playlist=found)
    if not form.is_valid():
        return None
    track = Track.objects.filter(pk=form.cleaned_data["removed"].track).first()
    if track is None or found.entries.of(track).exists():
        return None
    return {"track": track, "removed": form.data["removed"]}
