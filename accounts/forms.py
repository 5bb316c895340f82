from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Listener, Scope, Token, User
from accounts.time_zones import grouped_zones


class OwnTimeZone(forms.HiddenInput):
    """Filled in by the browser, which knows where it is."""

    template_name = "accounts/_own_time_zone.html"


class LongSelect(forms.Select):
    """A select of hundreds, drawn in one go: option by option took a third of a second."""

    template_name = "accounts/_long_select.html"


class SignupForm(forms.Form):
    """What signing up asks beside e-mail and password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("As the page greets you."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    time_zone = forms.CharField(required=False, widget=OwnTimeZone)

    def signup(self, request: Any, user: User) -> None:
        services.welcome(
            user=user,
            name=self.cleaned_data["name"],
            time_zone=self.cleaned_data["time_zone"],
        )


class AboutYouForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)
    explicit_in = forms.ModelMultipleChoiceField(
        label=_("Explicit tracks"),
        queryset=Listener.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The profiles that may hear tracks marked as explicit."),
    )

    class Meta:
        model = User
        fields = ["name", "country", "birth_year", "may_use_background", "language"]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "country": LongSelect({"autocomplete": "country"}),
            "birth_year": forms.NumberInput({"autocomplete": "bday-year", "inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listeners = Listener.objects.owned_by(self.instance).order_by("pk")
        explicit_in: Any = self.fields["explicit_in"]
        explicit_in.queryset = listeners
        explicit_in.label_from_instance = lambda listener: listener.name
        self.initial["explicit_in"] = [each.pk for each in listeners if each.wants_explicit]
        country: Any = self.fields["country"]
        country.choices = [("", _("Prefer not to say")), *country.choices[1:]]

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year and year > now().year:
            raise forms.ValidationError(say("That year is still to come."))
        return year

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=self.Meta.fields)
        services.allow_explicit(user=self.instance, only_in=self.cleaned_data["explicit_in"])
        return self.instance


class TimeZoneField(forms.ChoiceField):
    widget = LongSelect

    def __init__(self) -> None:
        super().__init__(label=_("Time zone"), choices=grouped_zones)


class NewListenerForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Such as Sleep, Kids or Running.")
    )
    time_zone = TimeZoneField()
    wants_explicit = forms.BooleanField(
        label=_("Show tracks marked as explicit"), required=False, initial=True
    )


class ListenerForm(forms.ModelForm):
    time_zone = TimeZoneField()
    shares_taste = forms.TypedChoiceField(
        label=_("May the plays of this profile help others find music?"),
        choices=[("", _("Not decided yet, so no")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Your own lists work either way."),
    )

    class Meta:
        model = Listener
        fields = ["name", "handle", "time_zone", "wants_explicit", "shares_taste"]
        labels = {"wants_explicit": _("Show tracks marked as explicit")}
        help_texts = {"wants_explicit": ""}
        widgets = {"handle": forms.TextInput({"autocapitalize": "none", "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shares: bool | None = self.instance.shares_taste
        self.initial["shares_taste"] = {True: "yes", False: "no", None: ""}[shares]
        self._offer(self.instance.time_zone)

    def _offer(self, zone: str) -> None:
        """Keep a zone under an old name, which the list of places leaves out."""
        field: Any = self.fields["time_zone"]
        if not field.valid_value(zone):
            field.choices = [*grouped_zones(), (_("Yours"), [(zone, zone)])]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Listener.objects.filter(user=self.instance.user).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(say("You have a profile of that name already."))
        return name

    def save(self, commit: bool = True) -> Listener:
        services.change_listener(listener=self.instance, fields=self.changed_data)
        return self.instance


class RemoveListenerForm(forms.Form):
    """The handle, typed once more, so that nobody deletes by a slip of the hand."""

    handle = forms.CharField(
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        )
    )

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listener = listener
        self.fields["handle"].label = say("Type %(handle)s to confirm") % {
            "handle": listener.handle
        }

    def clean_handle(self) -> str:
        typed: str = self.cleaned_data["handle"]
        if typed != self.listener.handle:
            raise forms.ValidationError(say("That is not the handle of this profile."))
        return typed


class NewKeyForm(forms.Form):
    """For whom a key is, and what it may do. A player's may do all that players do."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Such as Navidrome, Phone or Backup script."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    listener = forms.ModelChoiceField(
        label=_("Profile"), queryset=Listener.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(
        label=_("For"),
        choices=[
            (Token.Kind.APP, _("A player: it sends plays, likes tracks and reads both back")),
            (Token.Kind.PERSONAL, _("A program of mine: it may do what is ticked below")),
        ],
        initial=Token.Kind.APP,
        widget=forms.RadioSelect,
    )
    scopes = forms.MultipleChoiceField(
        label=_("The program may"),
        choices=Scope.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    handshakes = forms.BooleanField(
        label=_("The player is of the AudioScrobbler age"),
        required=False,
        help_text=_("Such as mpdscribble. We then keep what its old handshake needs."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listener: Any = self.fields["listener"]
        listener.queryset = Listener.objects.owned_by(user).order_by("pk")
        listener.label_from_instance = lambda each: each.name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Token.Kind.APP:
            cleaned["scopes"] = Scope.values
        elif not cleaned.get("scopes") and "scopes" not in self.errors:
            self.add_error("scopes", say("Tick at least one."))
        return cleaned


class KeyNameForm(forms.ModelForm):
    class Meta:
        model = Token
        fields = ["name"]
        labels = {"name": _("Name")}
        widgets = {"name": forms.TextInput({"autocomplete": "off"})}
