"""A reason as the page sets it: {{ because.terms.0|sentence }}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:  # every command loads the tags, and the engine behind this takes 80 MB
    from recommendations.serving.reasons import Term

register = template.Library()


@register.filter
def sentence(term: Term) -> SafeString:
    """Return the words of a term, with the track's name set apart."""
    before, named, after = term.words.partition("{track}")
    if not named or term.track is None:
        return mark_safe(conditional_escape(term.words))  # noqa: S308 -- escaped right here
    language = format_html(' lang="{}"', term.track.language) if term.track.language else ""
    return format_html(
        '{}<cite dir="auto"{}>{}</cite>{}', before, language, term.track.title, after
    )
