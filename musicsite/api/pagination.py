from __future__ import annotations

from listening.api.pages import ByNumber


class Pages(ByNumber):
    """Pages by cursor: stable while rows come and go."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-pk"
