from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from catalog.models import Genre, Track
from catalog.naming import clean
from catalog.services import crediting
from catalog.services.curating import refuse_circle
from catalog.services.refusing import Refused


class GenreField(forms.ModelChoiceField):
    """A genre, told with what it stands under."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", UnfoldAdminSelectWidget())
        super().__init__(Genre.objects.select_related("parent").order_by("name"), **options)

    def to_python(self, value: Any) -> Genre | None:
        if value in self.empty_values:
            return None
        found = Genre.objects.filter(pk=value).first() if str(value).isdecimal() else None
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return found

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.parent.name})" if obj.parent else obj.name


class TagsField(forms.CharField):
    """Tags, with commas between."""

    def __init__(self, **options: Any) -> None:
        options = {"required": False, "widget": UnfoldAdminTextInputWidget(), **options}
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        names = [clean(name).lower() for name in (value or "").split(",")]
        return list(dict.fromkeys(name for name in names if name))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.to_python(initial)) != set(self.to_python(data))


class GenreChoice(forms.Form):
    genre = GenreField(required=False, empty_label="No word of ours: let the files say")


class MoveForm(forms.Form):
    parent = GenreField(required=False, label="Under", empty_label="To the top of the tree")


class RetagForm(forms.Form):
    add = TagsField(label="Put these tags to them", help_text="With commas between.")
    remove = TagsField(label="Take these tags off", help_text="With commas between.")

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if not asked.get("add") and not asked.get("remove"):
            raise forms.ValidationError("Name at least one tag.")
        return asked


class GenreForm(forms.ModelForm):
    parent = GenreField(required=False, label="Under", empty_label="Nothing: at the top")

    class Meta:
        model = Genre
        fields = ["name", "slug", "parent"]

    def clean_parent(self) -> Genre | None:
        parent = self.cleaned_data["parent"]
        try:
            refuse_circle(genre=self.instance, parent=parent)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return parent


class TrackForm(forms.ModelForm):
    """What the track shows; what is changed here is the curator's word from then on."""

    artist_names = forms.CharField(
        label="Artists",
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text="One on each line, as they are credited.",
    )
    album_title = forms.CharField(
        label="Album", required=False, max_length=400, widget=UnfoldAdminTextInputWidget()
    )
    genre = GenreField(required=False)
    tags = TagsField(help_text="With commas between.")
    hidden = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text="Neither found nor recommended; plays and playlists keep it.",
    )

    class Meta:
        model = Track
        fields = [
            "title",
            "year",
            "duration_ms",
            "is_explicit",
            "language",
            "position",
            "work",
            "is_verified",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            for name, value in shown_of(self.instance).items():
                self.initial.setdefault(name, value)

    def clean_artist_names(self) -> list[str]:
        names = [clean(name) for name in self.cleaned_data["artist_names"].splitlines()]
        return [name[:300] for name in names if name]

    def values(self) -> dict[str, Any]:
        """What was changed, by the names that `curating.edit_tracks` knows."""
        names = {"artist_names": "artists", "album_title": "album"}
        return {names.get(name, name): self.cleaned_data[name] for name in self.changed_data}


def shown_of(track: Track) -> dict[str, Any]:
    names = crediting.names_of([track.pk]).get(track.pk) or [track.artist.name]
    tags = track.track_tags.order_by("tag__name").values_list("tag__name", flat=True)
    return {
        "artist_names": "\n".join(names),
        "album_title": track.album.title if track.album else "",
        "genre": track.genre_id,
        "tags": ", ".join(dict.fromkeys(tags)),
        "hidden": track.hidden_at is not None,
    }
