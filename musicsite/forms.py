from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as say

from accounts.models import User


class EraseUserForm(forms.Form):
    """The e-mail, typed once more, so that nobody deletes by a slip of the hand."""

    email = forms.CharField(
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        )
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = say("Type %(email)s to confirm") % {"email": user.email}

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed.strip().lower() != self.user.email.lower():
            raise forms.ValidationError(say("That is not the e-mail of this account."))
        return typed
