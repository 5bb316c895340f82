"""How to read a soundprint: what each part of one picture shows, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from catalog.figures.words import percent, said
from catalog.templatetags.catalog_words import NOTES

BLOCKS = (
    (0.2, "Indigo block"),
    (0.45, "Green-blue block"),
    (0.65, "Moss block"),
    (0.85, "Ochre block"),
    (2.0, "Red block"),
)


class Part(NamedTuple):
    look: str
    meaning: str


def parts(features: Mapping[str, Any]) -> list[Part]:
    """Return the parts whose meaning is known; for anything else the print has what is usual."""
    known = {name: value for name, value in features.items() if value is not None}
    return list(_parts(known))


def _parts(known: Mapping[str, Any]) -> Iterator[Part]:
    if "valence" in known:
        look = next(look for under, look in BLOCKS if known["valence"] < under)
        yield Part(_(look), _("mood, %(share)s happy") % {"share": percent(known["valence"])})
    if "mode" in known:
        look = _("Dark on light") if known["mode"] else _("White line on dark")
        yield Part(look, _("a major key") if known["mode"] else _("a minor key"))
    if "key" in known:
        hour = known["key"] * 7 % 12 or 12
        yield Part(
            _("Bead at %(hour)d o’clock") % {"hour": hour},
            _("%(note)s, in fifths from C at twelve") % {"note": NOTES[known["key"]]},
        )
    if "tempo" in known:
        yield Part(_("Petals"), said("tempo", known["tempo"]))
    yield from _touch(known)


def _touch(known: Mapping[str, Any]) -> Iterator[Part]:
    if "acousticness" in known:
        by_hand = known["acousticness"] >= 0.25
        look = _("Wood grain, fine cuts") if by_hand else _("Ruled rays, flat shape")
        yield Part(look, _("acoustic, %(share)s") % {"share": percent(known["acousticness"])})
    if "energy" in known:
        look = _("Sharp tips, thick line") if known["energy"] >= 0.5 else _("Round tips, thin line")
        yield Part(look, _("energy, %(share)s") % {"share": percent(known["energy"])})
    if "instrumentalness" in known:
        ring = known["instrumentalness"] >= 0.5
        yield Part(
            _("A ring in the centre") if ring else _("Full centre"),
            _("no voice") if ring else _("a voice"),
        )
