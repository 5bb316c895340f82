"""Tracks come into playlists and leave them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.addresses import came_from, ours, shown_or_404
from catalog.models import Track
from playlists.forms import ChooseForm, EntryForm, FirstTrackForm, PutBackForm, seal
from playlists.models import Playlist
from playlists.services import filling, keeping
from playlists.services.holding import PlaylistError, quoted
from playlists.views.pages import own_or_404

PAGE = 50


@login_required
@never_cache
def add_to_playlist(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask to which playlist, and add the track to it.

    Asked `in_place`, the answer is only the menu, or the sentence that says what was done.
    """
    track = shown_or_404(Track.objects.findable().select_related("artist"), pk)
    if request.method != "POST":
        return _menu(request, track, FirstTrackForm())
    if "playlist" in request.POST:
        choice = ChooseForm(request.POST, listener=request.listener)
        if not choice.is_valid():
            return HttpResponseBadRequest("No such playlist.")
        return _add(request, track, choice.cleaned_data["playlist"])
    form = FirstTrackForm(request.POST)
    if not form.is_valid():
        return _menu(request, track, form, status=400)
    made = keeping.make_playlist(
        listener=request.listener, track=track, at=now(), **form.cleaned_data
    )
    return _said(request, track, _added(track, made))


@login_required
@require_POST
def remove_from_playlist(request: MemberRequest, pk: int) -> HttpResponse:
    found = own_or_404(request, pk)
    form = EntryForm(request.POST, playlist=found)
    if not form.is_valid():
        messages.warning(request, _("That track is not in this playlist any more."))
        return redirect(found)
    entry = form.cleaned_data["entry"]
    try:
        removed = filling.remove_entry(entry=entry, by=request.user, at=now())
    except PlaylistError as error:
        messages.warning(request, str(error))
        return redirect(found)
    query = {"page": request.GET.get("page", "1"), "removed": seal(removed, playlist=found)}
    return redirect(f"{found.get_absolute_url()}?{urlencode(query)}")


@login_required
@require_POST
def put_back(request: MemberRequest, pk: int) -> HttpResponse:
    found = own_or_404(request, pk)
    form = PutBackForm(request.POST, playlist=found)
    if not form.is_valid():
        return HttpResponseBadRequest("Nothing that was taken out of this playlist.")
    removed = form.cleaned_data["removed"]
    try:
        filling.put_back(playlist=found, removed=removed, by=request.user, at=now())
        messages.success(request, _("It is back."))
    except PlaylistError as error:
        messages.warning(request, str(error))
    return redirect(found)


def _add(request: MemberRequest, track: Track, playlist: Playlist) -> HttpResponse:
    try:
        filling.add_track(playlist=playlist, track=track, by=request.user, at=now())
    except PlaylistError as error:
        return _said(request, track, str(error), status=409)
    return _said(request, track, _added(track, playlist))


def _added(track: Track, playlist: Playlist) -> str:
    names = {"track": quoted(track.title), "playlist": quoted(playlist.name)}
    return _("%(track)s is in %(playlist)s now.") % names


def _said(request: MemberRequest, track: Track, text: str, status: int = 200) -> HttpResponse:
    if request.POST.get("in_place"):
        return render(request, "playlists/_said.html", {"text": text}, status=status)
    say = messages.success if status == 200 else messages.warning
    say(request, text)
    return redirect(ours(request, request.POST.get("next", "")) or track)


def _menu(
    request: MemberRequest, track: Track, form: FirstTrackForm, status: int = 200
) -> HttpResponse:
    own = Playlist.objects.filter(listener=request.listener).with_track_count().with_having(track)
    asked = request.POST if request.method == "POST" else request.GET
    context = {
        "track": track,
        "page": Paginator(own.newest_first(), PAGE).get_page(request.GET.get("page")),
        "form": form,
        "in_place": bool(asked.get("in_place")),
        "next": request.POST.get("next")
        or came_from(request)
        or ours(request, request.GET.get("next", "")),
    }
    template = "playlists/_menu.html" if context["in_place"] else "playlists/add.html"
    return render(request, template, context, status=status)
