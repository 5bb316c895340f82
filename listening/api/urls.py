"""The addresses of the doors for players: they end with a slash or not, and never redirect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path

from listening.api import audioscrobbler
from listening.api import listenbrainz as lb
from listening.api.lastfm import LastfmView

LISTENBRAINZ: dict[str, Any] = {
    "submit-listens": lb.SubmitListens,
    "validate-token": lb.ValidateToken,
    "user/<str:handle>/listens": lb.Listens,
    "user/<str:handle>/listen-count": lb.ListenCount,
    "user/<str:handle>/playing-now": lb.PlayingNow,
    "playing-now/delete": lb.StopPlaying,
    "delete-listen": lb.DeleteListen,
    "feedback/recording-feedback": lb.GiveFeedback,
    "feedback/user/<str:handle>/get-feedback": lb.FeedbackGiven,
    "latest-import": lb.LatestImported,
}
# People type the server's address with its /1/ or without, and many a client adds one of its own.
OTHER_BASES = ("1/1/", "apis/listenbrainz/1/", "apis/listenbrainz/1/1/")


def _listenbrainz() -> Iterator[URLPattern]:
    for address, view in LISTENBRAINZ.items():
        yield from _both(f"1/{address}", view, f"lb_{view.__name__}")
        for base in OTHER_BASES:
            yield from _undocumented(f"{base}{address}", view)


def _both(address: str, view: Any, name: str) -> Iterator[URLPattern]:
    """The first is in the documentation of the API."""
    yield path(address, view.as_view(), name=name)
    yield path(f"{address}/", view.as_view(schema=None))


def _undocumented(address: str, view: Any) -> Iterator[URLPattern]:
    for end in ("", "/"):
        yield path(f"{address}{end}", view.as_view(schema=None))


urlpatterns = [
    *_listenbrainz(),
    *_both("2.0", LastfmView, "lastfm"),
    *_undocumented("apis/audioscrobbler/2.0", LastfmView),
    *_both("audioscrobbler", audioscrobbler.Handshake, "audioscrobbler"),
    *_both("audioscrobbler/playing", audioscrobbler.NowPlaying, "audioscrobbler_now_playing"),
    *_both("audioscrobbler/submit", audioscrobbler.Submit, "audioscrobbler_submit"),
]
