"""Last.fm's answers: one tree, written as JSON or as XML.

In a tree, "@attr" holds attributes; beside "#text" every other name is an attribute too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from listening.scrobbling.lastfm import Failed, Ignored, Said

Tree = Mapping[str, Any]

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(tree: Tree) -> str:
    return json.dumps(tree, ensure_ascii=False)


def as_xml(tree: Tree) -> str:
    inner = "".join(_elements(tree))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lfm status="ok">{inner}</lfm>\n'


def error_as_json(failed: Failed) -> str:
    return as_json({"error": int(failed.error), "message": str(failed)})


def error_as_xml(failed: Failed) -> str:
    inner = f'<error code="{int(failed.error)}">{_text(failed)}</error>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lfm status="failed">{inner}</lfm>\n'


def session(name: str, key: str) -> Tree:
    return {"session": {"name": name, "key": key, "subscriber": 0}}


def scrobbled(said: list[Said]) -> Tree:
    """One scrobble is an object, several are a list, as Last.fm has it."""
    ignored = sum(1 for one in said if one.ignored)
    told = [_scrobble(one) | {"timestamp": one.timestamp} for one in said]
    return {
        "scrobbles": {
            "@attr": {"accepted": len(said) - ignored, "ignored": ignored},
            "scrobble": told if len(told) > 1 else told[0],
        }
    }


def now_playing(said: Said) -> Tree:
    return {"nowplaying": _scrobble(said)}


WHY = {
    Ignored.NOT: "",
    Ignored.ARTIST: "Artist name is empty",
    Ignored.TRACK: "Track name is empty",
    Ignored.TOO_OLD: "Timestamp is too old",
    Ignored.TOO_NEW: "Timestamp is in the future",
}


def _scrobble(said: Said) -> dict[str, Any]:
    return {
        "artist": {"corrected": "0", "#text": said.artist},
        "track": {"corrected": "0", "#text": said.track},
        "album": {"corrected": "0", "#text": said.album},
        "albumArtist": {"corrected": "0", "#text": said.album_artist},
        "ignoredMessage": {"code": str(int(said.ignored)), "#text": WHY[said.ignored]},
    }


def _elements(tree: Tree) -> Iterator[str]:
    for name, value in tree.items():
        if name == "@attr":
            continue
        for one in value if isinstance(value, list) else [value]:
            yield _element(name, one)


def _element(name: str, value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"<{name}>{_text(value)}</{name}>"
    if "#text" in value:
        attributes = {key: inner for key, inner in value.items() if key != "#text"}
        return f"<{name}{_attributes(attributes)}>{_text(value['#text'])}</{name}>"
    inner = "".join(_elements(value))
    return f"<{name}{_attributes(value.get('@attr', {}))}>{inner}</{name}>"


def _attributes(values: Mapping[str, Any]) -> str:
    return "".join(f" {key}={quoteattr(_plain(value))}" for key, value in values.items())


def _text(value: Any) -> str:
    return escape(_plain(value))


def _plain(value: Any) -> str:
    return _NOT_IN_XML.sub("", str(value))
