"""The style page: every part of the look once, drawn by the partials that the pages use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.models import Artist, FeatureSet, Genre, Track
from catalog.soundprint import KNOWN

# Title, artist, genre, year, and the features in the order of KNOWN. All of them are invented.
TRACKS = (
    ("Blue Hour Ledger", "Tomas Wrenley", "indie folk", 2022, "0.5 1 0 0.36 100 0.8 0.04 0.46 -12"),
    ("Orchard Street, Rewound", "Coda & Daughters", "soul", 2023, "0.86 1 3 0.7 104 0.2 0 0.76 -6"),
    ("Ночной трамвай", "Станция Ясень", "post-punk", 2019, "0.36 0 4 0.82 156 0.06 0.1 0.58 -6"),
    ("새벽 기차", "한여울", "chamber folk", 2020, "0.4 1 2 0.26 76 0.88 0.08 0.36 -15"),
    ("雨の図書館", "藤野しずくり", "ambient", 2021, "0.3 1 3 0.12 68 0.8 0.92 0.2 -21"),
    ("شارع البحر", "ليلى المرجان", "shaabi", 2018, "0.66 0 11 0.6 102 0.5 0.02 0.74 -8"),
    ("धीमी बारिश", "नैना वर्मन", "ghazal", 2018, "0.38 0 1 0.24 70 0.9 0.03 0.34 -14"),
    ("Ξενιτεμένο φως", "Δήμητρα Κάβουρα", "laïko", 2016, "0.44 0 2 0.46 98 0.78 0.01 0.56 -9"),
    ("Brass Meadow (🌾 live)", "Odd Furnace Co.", "metal", 2015, "0.18 0 11 0.97 188 0 0.2 0.2 -4"),
    (
        "The Long and Winding Account of a Ferry That Never Quite Arrived, Part Two of Seven",
        "The Most Serene Orchestra of the Lower Harbour and Its Several Neighbouring Islands",
        "string quartet",
        2017,
        "0.3 1 3 0.25 120 0.98 0.95 0.22 -18",
    ),
)
SPRITE = Path(settings.BASE_DIR) / "templates" / "_sprite.html"
TOKENS = ("paper", "sheet", "tint", "rule", "edge", "ink-3", "ink-2", "ink", "accent", "wash")
INKS = ("indigo", "vermilion", "ochre", "verdigris", "moss", "plum", "umber")


class SampleForm(forms.Form):
    """One field of every kind."""

    email = forms.EmailField(
        label="E-mail", help_text="Only for logging in and for what you ask us to send."
    )
    password = forms.CharField(label="Password", min_length=10, widget=forms.PasswordInput)
    country = forms.ChoiceField(
        label="Country", required=False, choices=[("", "Prefer not to say"), ("is", "Iceland")]
    )
    about = forms.CharField(label="About you", required=False, widget=forms.Textarea)
    history = forms.FileField(label="Your history", required=False, help_text="JSON, CSV or ZIP.")
    learn = forms.ChoiceField(
        label="This profile",
        choices=[("yes", "Learn from it"), ("no", "Keep it out of every model")],
        widget=forms.RadioSelect,
    )
    moods = forms.MultipleChoiceField(
        label="Moods",
        required=False,
        choices=[("warm", "warm"), ("wistful", "wistful")],
        widget=forms.CheckboxSelectMultiple,
    )
    explicit = forms.BooleanField(label="Leave explicit tracks out", required=False)


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    return render(request, "styleguide.html", _specimens())


def _specimens() -> dict[str, Any]:
    tracks = [_track(number, *words) for number, words in enumerate(TRACKS, start=1)]
    return {
        "tracks": tracks,
        "prints": [track.features for track in tracks],
        "quads": [tracks[start : start + 4] for start in (0, 2, 4, 6)],
        "shares": {"history": 58, "sound": 30, "tags": 12},
        "icons": re.findall(r'id="i-([a-z]+)"', SPRITE.read_text()),
        "tokens": [*TOKENS, "good", "bad"],
        "inks": INKS,
        "form": SampleForm(),
        "wrong_form": SampleForm({"email": "rosalind", "password": "short", "learn": "maybe"}),
        "page": Paginator(range(200), 20).page(3),
        "columns": ["Genre", "Plays, 30 days", "Change"],
        "rows": [["indie folk", "184", "up 31 %"], ["dream pop", "88", "down 12 %"]],
        "heat": range(6),
        **_chart(),
    }


def _chart() -> dict[str, Any]:
    months, plays = (
        ("Jan", "Feb", "Mar", "Apr"),
        {"fado": (0, 2, 19, 34), "dream pop": (28, 21, 9, 4)},
    )
    return {
        "chart": {
            "labels": months,
            "sets": [{"label": name, "values": values} for name, values in plays.items()],
        },
        "chart_columns": ["Genre", *months],
        "chart_rows": [[name, *values] for name, values in plays.items()],
    }


def _track(number: int, title: str, artist: str, genre: str, year: int, features: str) -> Track:
    values = dict(zip(KNOWN, map(float, features.split()), strict=True))
    return Track(
        pk=number,
        title=title,
        artist=Artist(pk=number, name=artist),
        genre=Genre(name=genre, slug=genre.replace(" ", "-")),
        year=year,
        features=FeatureSet(**values),
    )
