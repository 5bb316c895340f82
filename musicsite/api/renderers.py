from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from rest_framework.renderers import BaseRenderer


class PartialRenderer(BaseRenderer):
    """The page's own partial, for a script of the page that asks for `text/html`.

    A view that can be read so names its template in `partial` and puts what the template needs
    into `response.context`; any other view, and any error, answers in plain words.
    """

    media_type = "text/html"
    format = "html"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        context = renderer_context or {}
        response, view = context["response"], context["view"]
        if response.status_code >= 400 or not hasattr(response, "context"):
            return render_to_string(
                "_notice.html", {"kind": "error", "text": words_of(data)}, context["request"]
            )
        return render_to_string(view.partial, response.context, context["request"])


def words_of(data: Any) -> str:
    """Return what a refusal says, without its machine-readable parts."""
    errors = data.get("errors", []) if isinstance(data, dict) else []
    return " ".join(str(error["detail"]) for error in errors)
