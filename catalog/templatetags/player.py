"""{% listen track as playable %}: how whoever looks at the page can hear the track."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.context import Context

from catalog.models import Track
from catalog.playing import Playable, playable_of

register = template.Library()


@register.simple_tag(takes_context=True)
def listen(context: Context, track: Track) -> Playable:
    user: Any = context.get("user") or AnonymousUser()
    return playable_of(track, user=user)
