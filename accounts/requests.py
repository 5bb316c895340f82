"""What the middleware adds to a request, for the type checker."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import Listener, User


class MemberRequest(HttpRequest):
    """A request of somebody logged in: `listeners` are theirs, `listener` is the chosen one."""

    user: User
    listener: Listener
    listeners: list[Listener]
