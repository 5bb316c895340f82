from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listening.services import importing


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """One file or more, each within what the site takes."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        cleaned = [super(SeveralFiles, self).clean(one, initial) for one in data or [None]]
        for file in cleaned:
            try:
                importing.check_size(file)
            except importing.TooLarge as error:
                raise forms.ValidationError(f"{file.name}: {error}") from error
        return cleaned


class ImportForm(forms.Form):
    """What somebody brings; `asks` whether its plays may teach others is not decided yet."""

    exports = SeveralFiles(
        label=_("Your exports"),
        widget=SeveralFilesInput({"multiple": True}),
        help_text=_("A zip as it came, or the files out of it. Segue sees by itself what it is."),
    )
    shares_taste = forms.TypedChoiceField(
        label=_("May the plays of this profile help others find music?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        help_text=_("Your own lists work either way, and you can change it at any time."),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["shares_taste"]
