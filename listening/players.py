"""How people connect the players that they have. Words only: the page fills in the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Guide(NamedTuple):
    """Steps for one player; in them stand {root}, {listenbrainz}, {lastfm}, {old} and {handle}."""

    slug: str
    name: str | Promise
    steps: Sequence[str | Promise]
    lines: str = ""  # for a file of settings

    def at(self, addresses: dict[str, str]) -> Guide:
        """Return the steps with the addresses of this site and the name of this profile."""
        return self._replace(
            steps=[str(step).format(**addresses) for step in self.steps],
            lines=self.lines.format(**addresses),
        )


GUIDES = [
    Guide(
        "navidrome",
        "Navidrome",
        [
            _("In Navidrome: Settings, Personal, “Scrobble to ListenBrainz”, and paste the key."),
            _("Its server must know where we are. Whoever runs it sets this, and starts it anew:"),
        ],
        "ND_LISTENBRAINZ_BASEURL={listenbrainz}",
    ),
    Guide(
        "jellyfin",
        "Jellyfin",
        [
            _("Install the plugin ListenBrainz, and open its settings."),
            _("ListenBrainz API URL: {root}"),
            _("Choose your user, paste the key as the user token, and save."),
        ],
    ),
    Guide(
        "pano",
        "Pano Scrobbler",
        [
            _("Settings, Scrobblers, ListenBrainz with a server of one’s own."),
            _("Server: {root}/ – user name: {handle} – token: the key."),
        ],
    ),
    Guide(
        "web-scrobbler",
        "Web Scrobbler",
        [
            _("In its options: Accounts, ListenBrainz, Properties."),
            _("API URL: {listenbrainz}submit-listens – token: the key."),
        ],
    ),
    Guide(
        "multi-scrobbler",
        "multi-scrobbler",
        [
            _("For Spotify, Plex, Kodi, Sonos and all else that it listens to."),
            _("Give it these, with the key in place of the dots:"),
        ],
        "LZ_URL={root}/\nLZ_USER={handle}\nLZ_TOKEN=…",
    ),
    Guide(
        "music-assistant",
        "Music Assistant",
        [
            _("Add the plugin ListenBrainz Scrobbler, and paste the key as its token."),
            _("Among the advanced settings, base URL: {root}"),
        ],
    ),
    Guide(
        "mpd",
        "MPD",
        [
            _("Under “All keys”, make a new one, and tick “of the AudioScrobbler age”."),
            _("Put this into mpdscribble.conf, with the key in place of the dots:"),
        ],
        "[segue]\nurl = {old}\nusername = {handle}\npassword = …",
    ),
    Guide(
        "listenbrainz",
        _("Anything else that knows ListenBrainz"),
        [
            _("Server, base URL or API URL: {listenbrainz} (some want it without the 1: {root}/)"),
            _("Token: the key. User name: {handle}"),
        ],
    ),
    Guide(
        "lastfm",
        _("Anything else that knows Last.fm or Libre.fm"),
        [
            _("Server or API URL: {lastfm}"),
            _("User name: {handle}. Password: the key, not your password."),
        ],
    ),
]
