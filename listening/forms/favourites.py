from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Artist, Genre


class FavouriteForm(forms.Form):
    """One genre or one artist."""

    genre = forms.ModelChoiceField(Genre.objects.all(), required=False)
    artist = forms.ModelChoiceField(Artist.objects.shown(), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [thing for thing in (cleaned.get("genre"), cleaned.get("artist")) if thing]
        if len(chosen) != 1:
            raise forms.ValidationError("Name one genre or one artist.")
        return {"on": chosen[0]}


class OldFavouriteForm(FavouriteForm):
    """A favourite may be merged or hidden by now, and can still be taken back."""

    artist = forms.ModelChoiceField(Artist.objects.all(), required=False)


class FindArtistForm(forms.Form):
    find = forms.CharField(max_length=100, required=False)

    @property
    def words(self) -> str:
        """What was asked for; nothing where that could be no name."""
        return self.cleaned_data["find"] if self.is_valid() else ""
