"""Takes secrets out of what is logged or stored about an error."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "[hidden]"

# A name begins a word or follows a line (_) in it; what stands before is not looked through, since
# a long word would be looked through anew from each of its letters.
_NAMES = (
    r"(?:\b|(?<=_))(?:pass(?:word|wd|phrase)?\d?|secret|authorization|cookie|set-cookie|sessionid"
    r"|session_key|secret[_-]?key|private[_-]?key|client_secret|csrf\w{0,200}|dsn"
    r"|credentials?|signature|sk|(?:database|redis|cache|broker|email)_url)|token|api[_-]?key"
)
_SECRET_NAME = re.compile(rf"(?:{_NAMES})\Z", re.IGNORECASE)
_PATTERNS = [
    # Bearer abc, Token abc, Basic abc
    (re.compile(r"\b(Bearer|Token|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # scheme://user:password@host
    (re.compile(r"(\w[\w+.-]{0,30}://[^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    # password=abc, 'access_token': 'abc'
    (
        re.compile(
            rf"""((?:{_NAMES})["']?\s?[=:]\s?["']?)[^\s"'&,;)}}]+""",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    # ...?code=abc&state=xyz, as they come back from a login elsewhere
    (re.compile(r"([?&](?:code|state|key|sig)=)[^\s&\"']+"), rf"\1{HIDDEN}"),
    # A link that lets whoever holds it in: password reset, e-mail confirmation
    (re.compile(r"(/(?:reset/key|confirm-email|unsubscribe)/)[^\s/?\"']+"), rf"\1{HIDDEN}"),
]


def redact_text(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any) -> Any:
    """Return the value with secrets hidden, however deep they lie."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, dict):
        return {name: _redact_named(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [redact(inner) for inner in value]
    return value


def _redact_named(name: Any, value: Any) -> Any:
    if value and isinstance(name, str) and _SECRET_NAME.search(name):
        return HIDDEN
    return redact(value)
