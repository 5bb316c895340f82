"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from musicsite.demo.load.world import is_loaded

THEMES = ("light", "dark")
DEMO_KNOWN_FOR = 300  # seconds: so long the foot of a page may be behind


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "listener": getattr(request, "listener", None),
        "listeners": getattr(request, "listeners", []),
        "is_demo": SimpleLazyObject(
            lambda: cache.get_or_set("demo-world", is_loaded, DEMO_KNOWN_FOR)
        ),
    }
