"""The addresses of the doors for players: they are there however they are written, unredirected.

What people type as the address of the server ends with a slash or not, with a /1/ or not, and some
players put all of that behind it once more. So slashes may be doubled, and the /1/ too, or missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, re_path

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
LISTENBRAINZ_BASE = "(?:apis/+listenbrainz/+)?(?:1/+){0,2}"
LASTFM_BASE = "(?:apis/+audioscrobbler/+)?"


def _listenbrainz() -> Iterator[URLPattern]:
    for address, view in LISTENBRAINZ.items():
        yield path(f"1/{address}", view.as_view(), name=f"lb_{view.__name__}")
        yield _however_written(address, view, LISTENBRAINZ_BASE)


def _door(address: str, view: Any, name: str, base: str = "") -> Iterator[URLPattern]:
    yield path(address, view.as_view(), name=name)  # the one in the documentation of the API
    yield _however_written(address, view, base)


def _however_written(address: str, view: Any, base: str) -> URLPattern:
    words = "/+".join(re.escape(word) for word in address.split("/"))
    words = words.replace("<str:handle>", "(?P<handle>[^/]+)")
    return re_path(f"^(?:/*){base}{words}/*$", view.as_view(schema=None))


urlpatterns = [
    *_listenbrainz(),
    *_door("2.0", LastfmView, "lastfm", LASTFM_BASE),
    *_door("audioscrobbler", audioscrobbler.Handshake, "audioscrobbler"),
    *_door("audioscrobbler/playing", audioscrobbler.NowPlaying, "audioscrobbler_now_playing"),
    *_door("audioscrobbler/submit", audioscrobbler.Submit, "audioscrobbler_submit"),
]
