from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site

from accounts import sealing, services


class AccountAdapter(DefaultAccountAdapter):
    """allauth, for users that have no username, and whose mail leaves by itself."""

    def populate_username(self, request: Any, user: Any) -> None:
        pass

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post the mail: how long an answer takes must not say whether an address is known."""
        request = current.request
        frame = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, frame | context)
        services.post_mail(subject=message.subject, text=message.body, to=message.to)


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second step, with its secrets sealed."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
