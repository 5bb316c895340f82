"""What belongs to a listener and to a user, found from the models, so that nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models

from accounts.models import Listener, User
from catalog.models import Album, Artist, Genre, Track
from listening.models import (
    Correction,
    FeedbackChange,
    HeardMonth,
    ImportRow,
    Mute,
    Play,
    StaleDay,
)
from playlists.models import Playlist, PlaylistEntry, Telling
from recommendations.models import SlateOutcome

# Written in files of their own form, which can be imported again; or copies of what is there.
WRITTEN_OTHERWISE = (
    Play,
    FeedbackChange,
    Mute,
    Correction,
    Playlist,
    PlaylistEntry,
    HeardMonth,
    StaleDay,
)
# Rows that hang on what a listener has.
FURTHER = (
    (ImportRow, "source_import__listener"),
    (SlateOutcome, "slate__listener"),
    (PlaylistEntry, "playlist__listener"),
    (Telling, "playlist__listener"),
)
NAMES = {Track: "title", Artist: "name", Album: "title", Genre: "name"}
MUSIC = {Track: "tracks", Album: "albums", Artist: "artists"}
SECRET = frozenset({"hash", "password", "md5", "session_key", "data", "token", "token_secret"})


class Kind(NamedTuple):
    """One table of what belongs to somebody; `path` leads from its rows to them."""

    model: type[models.Model]
    path: str

    @property
    def name(self) -> str:
        name = str(self.model._meta.verbose_name_plural).replace(" ", "-")
        owners = [one for one in _pointing_at(Listener) if one[0] is self.model]
        return f"{name}-{self.path}" if len(owners) > 1 else name

    def named(self, column: str, owner: models.Model) -> set[int]:
        """What the rows of the owner have in this column, each once."""
        found = self.model._default_manager.filter(**{self.path: owner}).order_by()
        return set(found.values_list(column, flat=True).distinct()) - {None}

    def rows(self, owner: models.Model) -> Iterator[dict[str, Any]]:
        found = self.model._default_manager.filter(**{self.path: owner}).order_by("pk")
        return found.values(*_fields(self.model)).iterator(chunk_size=2_000)


def kinds_of_listener() -> list[Kind]:
    """Return every table whose rows belong to a listener, but those written in another form."""
    return [kind for kind in all_of_listener() if kind.model not in WRITTEN_OTHERWISE]


def all_of_listener() -> list[Kind]:
    direct = [Kind(model, field) for model, field in _pointing_at(Listener)]
    return direct + [Kind(model, path) for model, path in FURTHER]


def music_of(listener: Listener) -> dict[str, set[int]]:
    """Return the keys of the tracks, albums and artists that some row of the listener's names."""
    named: dict[str, set[int]] = {name: set() for name in MUSIC.values()}
    for kind in all_of_listener():
        for field in kind.model._meta.concrete_fields:
            if name := MUSIC.get(field.related_model):  # type: ignore[arg-type]
                named[name] |= kind.named(field.attname, listener)
    return named


def kinds_of_user() -> list[Kind]:
    """Return every table whose rows belong to a user; what staff did to music is not theirs."""
    owned = [Kind(model, field) for model, field in _pointing_at(User) if model is not Listener]
    return [kind for kind in owned if _goes_with(kind)]


def _goes_with(kind: Kind) -> bool:
    field: Any = kind.model._meta.get_field(kind.path)
    return field.remote_field.on_delete is models.CASCADE


def _pointing_at(owner: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    for relation in owner._meta.get_fields(include_hidden=True):
        if (relation.one_to_many or relation.one_to_one) and relation.auto_created:
            model: Any = relation.related_model
            yield model, relation.field.name  # type: ignore[union-attr]


def _fields(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.name in SECRET:
            continue
        yield field.attname
        if named := NAMES.get(field.related_model):  # type: ignore[arg-type]
            yield f"{field.name}__{named}"
