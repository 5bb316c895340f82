"""Every play, and what can be done with it: correct, move, delete."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.models import Findable, Track
from catalog.search.finding import Wanted, find
from listening.forms.plays import CorrectForm, FindTrackForm, MoveForm, PlaysForm, PrivateForm
from listening.models import Correction, Move, Mute, Play, PlayQuerySet
from listening.services import correcting, moving, private, removing

AT_ONCE = 50
FOUND = 8
LAST_CHANGES = 50


@login_required
def plays(request: MemberRequest) -> HttpResponse:
    form = PlaysForm(request.GET, listener=request.listener)
    chosen = form.chosen()
    shown = list(_from(request, _for_rows(chosen))[: AT_ONCE + 1])
    context = {
        "form": form,
        "plays": shown[:AT_ONCE],
        "behind": shown[AT_ONCE - 1] if len(shown) > AT_ONCE else None,
        "count": chosen.count(),
        "move": MoveForm(listener=request.listener),
    }
    return render(request, "listening/plays.html", context)


@login_required
def play(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_for_rows(_mine(request)), pk=pk)
    words = FindTrackForm(request.GET).words
    context = {
        "play": one,
        "seen": one.sightings.order_by("pk").select_related("source_import"),
        "words": words,
        "found": _found(words),
        "move": MoveForm(listener=request.listener),
    }
    return render(request, "listening/play.html", context)


@login_required
@require_POST
def correct_play(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_mine(request).select_related("track__canonical"), pk=pk)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, " ".join(map(str, form.non_field_errors())) or _("There is no such track.")
        )
        return redirect("play", pk)
    try:
        became = _correct(one, **form.cleaned_data)
    except correcting.NotCorrected as error:
        messages.error(request, str(error))
        return redirect("play", pk)
    messages.success(request, _("Corrected. You can take it back at any time."))
    return redirect("play", became) if became else redirect("play_changes")


@login_required
@require_POST
def restore_play(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_mine(request).filter(is_pinned=True), pk=pk)
    messages.success(request, _("It is the track again that it was told of."))
    return redirect("play", correcting.restore_play(play=one, at=now()).pk)


@login_required
@require_POST
def move_plays(request: MemberRequest) -> HttpResponse:
    form, to = _chosen(request), MoveForm(request.POST, listener=request.listener)
    if form is None or not to.is_valid():
        return HttpResponseBadRequest("No such plays, or no such profile.")
    try:
        moving.move_plays(listener=request.listener, plays=form, to=to.cleaned_data["to"], at=now())
    except moving.NotMoved as error:
        messages.error(request, str(error))
        return redirect("plays")
    messages.success(request, _("Moved. You can bring them back here."))
    return redirect("play_changes")


@login_required
def delete_plays(request: MemberRequest) -> HttpResponse:
    """Ask first: it cannot be undone."""
    plays = _chosen(request)
    if plays is None:
        return HttpResponseBadRequest("No such plays.")
    if request.method != "POST":
        context = {"count": plays.count(), "given": request.GET.items()}
        return render(request, "listening/delete_plays.html", context)
    count = removing.delete_plays(listener=request.listener, plays=plays, at=now())
    said = ngettext("%(count)s play is gone.", "%(count)s plays are gone.", count)
    messages.success(request, said % {"count": f"{count:,}"})
    return redirect("plays")


@login_required
def play_changes(request: MemberRequest) -> HttpResponse:
    corrections = Correction.objects.holding().filter(listener=request.listener)
    moves = Move.objects.filter(from_listener=request.listener, undone_at=None)
    context = {
        "corrections": corrections.order_by("-pk").select_related("wrong__artist", "right__artist")[
            :LAST_CHANGES
        ],
        "moves": moves.with_plays().order_by("-pk").select_related("to_listener")[:LAST_CHANGES],
    }
    return render(request, "listening/play_changes.html", context)


@login_required
@require_POST
def undo_correction(request: MemberRequest, pk: int) -> HttpResponse:
    correction = get_object_or_404(Correction, pk=pk, listener=request.listener)
    correcting.undo_correction(correction=correction, at=now())
    messages.success(request, _("Taken back. Its plays are of the track they were told of."))
    return redirect("play_changes")


@login_required
@require_POST
def undo_move(request: MemberRequest, pk: int) -> HttpResponse:
    move = get_object_or_404(Move, pk=pk, from_listener=request.listener)
    moving.undo_move(move=move, at=now())
    messages.success(request, _("They are back."))
    return redirect("play_changes")


@login_required
@require_POST
def private_session(request: MemberRequest) -> HttpResponse:
    """Switch it on, with or without an end, or off."""
    at, form = now(), PrivateForm(request.POST)
    if "off" in request.POST:
        private.end_private(listener=request.listener, at=at)
        messages.success(request, _("Plays are recorded again."))
    elif form.is_valid():
        hours = form.cleaned_data["hours"]
        until = at + timedelta(hours=hours) if hours else None
        private.go_private(listener=request.listener, at=at, until=until)
    else:
        return HttpResponseBadRequest("No such time.")
    return redirect("plays")


def _mine(request: MemberRequest) -> PlayQuerySet:
    return Play.objects.filter(listener=request.listener)


def _for_rows(plays: PlayQuerySet) -> PlayQuerySet:
    """Load what a row of the history shows."""
    rows = plays.select_related(
        "track__artist", "track__album", "track__features", "track__genre", "told_track__artist"
    ).select_related("track__canonical__artist", "track__canonical__features", "source_import")
    return rows.annotate(is_muted=Mute.objects.in_force().silencing()).newest_first()


def _from(request: MemberRequest, plays: PlayQuerySet) -> PlayQuerySet:
    """Go on behind the play that the page before ended with."""
    behind = request.GET.get("behind", "")
    last = _mine(request).filter(pk=int(behind)).first() if behind.isdecimal() else None
    return plays.before(last) if last else plays


def _chosen(request: MemberRequest) -> PlayQuerySet | None:
    """The one play named, or those of a form that leaves some out; None where it is wrong."""
    given = request.POST if request.method == "POST" else request.GET
    if one := given.get("play"):
        return _mine(request).filter(pk=int(one)) if one.isdecimal() else None
    form = PlaysForm(given, listener=request.listener)
    return form.chosen() if form.is_narrow else None


def _found(words: str) -> list[Track]:
    if not words.strip():
        return []
    groups = find(Wanted(words, kind=Findable.TRACK, n=FOUND)).groups
    keys = [pk for group in groups for pk in group.keys[:FOUND]]
    rows = Track.objects.shown().for_rows().in_bulk(keys)
    return [rows[pk] for pk in keys if pk in rows]


@transaction.atomic
def _correct(play: Play, *, track: Track | None, artist: str, title: str, every: bool) -> int:
    """Return the play as it is now; 0 where all of its track went with it."""
    at = now()
    right = track or correcting.track_named(artist=artist, title=title, at=at)
    if not every:
        return correcting.correct_play(play=play, right=right, at=at).pk
    wrong = play.told_track or play.track
    correcting.correct_track(listener=play.listener, wrong=wrong, right=right, at=at)
    return 0
