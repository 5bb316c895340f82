"""A reason as the page sets it: {{ because.terms.0|sentence }}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.playing import playable_for

if TYPE_CHECKING:  # every command loads the tags, and the engine behind this takes 80 MB
    from catalog.models import Track
    from recommendations.services.answering import Answer
    from recommendations.serving import Listed
    from recommendations.serving.moves import Move, Moves
    from recommendations.serving.reasons import Term

register = template.Library()

DONE: dict[str, str | Promise] = {
    "like": gettext_lazy("You liked {name}."),
    "dislike": gettext_lazy("You disliked {name}."),
    "hide": gettext_lazy("You hid {name}."),
    "skip": gettext_lazy("You skipped {name}."),
    "favourite": gettext_lazy("{name} is a favourite now."),
    "rating": gettext_lazy("You rated {name}."),
    "report": gettext_lazy("You reported {name}."),
}


@register.filter
def sentence(term: Term) -> SafeString:
    """Return the words of a term, with the track's name set apart."""
    before, named, after = term.words.partition("{track}")
    if not named or term.track is None:
        return mark_safe(conditional_escape(term.words))  # noqa: S308 -- escaped right here
    return _named(before, term.track.title, term.track.language, after)


@register.simple_tag(takes_context=True)
def audible(context: template.Context, listed: Listed) -> dict[int, str]:
    """Return where the tracks of a list can be heard here, by track."""
    user = context.get("user")
    return playable_for([row.track for row in listed], user=user) if user else {}


@register.filter
def of_track(by_track: dict[int, str], track: int) -> str:
    return by_track.get(track, "")


@register.filter
def move_of(answer: Answer | None, track: int) -> Move | None:
    """Return what has become of a track, where feedback has just changed its list."""
    return answer.moves.of(track) if answer else None


@register.filter
def left(answer: Answer, move: Move) -> Track | None:
    return answer.track(move)


@register.filter
def why(answer: Answer, move: Move) -> str:
    return answer.why(move)


@register.filter
def moved(moves: Moves) -> str:
    """Return how many came, left and moved, as a sentence."""
    counts = len(moves.came), len(moves.left), len(moves.up) + len(moves.down)
    came, gone, others = counts
    if not any(counts):
        return _("The list stays as it is.")
    return _("%(came)s came in, %(left)s left, %(moved)s moved.") % {
        "came": came,
        "left": gone,
        "moved": others,
    }


@register.filter
def done(answer: Answer) -> SafeString:
    """Return what was done, with the name of its thing set apart: “You liked Salt Road.”"""
    opinion = answer.opinion
    if opinion is None:
        return mark_safe("")
    words = DONE.get(str(opinion.kind), DONE["like"])
    before, _name, after = str(words).partition("{name}")
    name: str = getattr(opinion.on, "title", "") or getattr(opinion.on, "name", "")
    return _named(before, name, getattr(opinion.on, "language", ""), after)


def _named(before: str, name: str, language: str, after: str) -> SafeString:
    """Set a name apart, in its own direction and language."""
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('{}<cite dir="auto"{}>{}</cite>{}', before, lang, name, after)
