"""Taking the demo world out again, and nothing else."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from catalog.models import Album, Artist, FeatureSet, Source, Track, Work
from listening.models import Feedback, Play
from musicsite.demo.known import CURATOR, ROSALIND
from musicsite.demo.load.people import DOMAIN
from musicsite.demo.load.rows import CHUNK


class WorldInUse(Exception):
    """Others have played or judged what is fictional; their rows are not ours to delete."""


def demo_users() -> models.QuerySet[User]:
    return User.objects.filter(Q(email__endswith=f"@{DOMAIN}") | Q(email__in=(ROSALIND, CURATOR)))


def clear() -> None:
    """Delete all rows of the demo world.

    :raises WorldInUse: if a listener of flesh and blood has played or judged one of its tracks
    """
    _refuse_if_in_use()
    _delete(Play.objects.filter(source=Play.Source.DEMO))
    _delete(Feedback.objects.filter(listener__user__in=demo_users()))
    _delete(demo_users())
    Track.objects.filter(source=Source.DEMO).update(features=None)
    for model in (FeatureSet, Track, Album):
        _delete(model.objects.filter(source=Source.DEMO))
    _delete(Work.objects.filter(artist__source=Source.DEMO))
    _delete(Artist.objects.filter(source=Source.DEMO))


def _refuse_if_in_use() -> None:
    tracks = Track.objects.filter(source=Source.DEMO)
    strangers = User.objects.exclude(pk__in=demo_users())
    for model in (Play, Feedback):
        if model.objects.filter(track__in=tracks, listener__user__in=strangers).exists():
            raise WorldInUse(
                "Listeners who are not of the demo world have played or judged its tracks. "
                "Their history would lose rows, so nothing was changed."
            )


def _delete(rows: models.QuerySet) -> None:
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=keys).delete()
