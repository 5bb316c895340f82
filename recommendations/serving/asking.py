"""What may be asked of a list: where it stands, what it is about, how it is steered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.engine.ranking.steering import Steering as Sliders

MOST = 100  # tracks of a list
MOST_ABOUT = 50  # tracks that a list may be about
ABOUT, STEERING, APART = "about", "steering", "apart"  # of what a slate keeps of its ask


class Surface(TextChoices):
    FOR_YOU = "for-you", _("For you")
    SIMILAR = "similar", _("More like this")
    BECAUSE = "because-you-liked", _("Because you liked")
    NEW = "new-to-you", _("New to you")
    FORGOTTEN = "forgotten", _("Forgotten favourites")
    GENRE = "genre", _("From a genre")
    MOOD = "mood", _("In a mood")
    ACTIVITY = "activity", _("For an activity")
    FRESH = "fresh", _("Hardly played yet")
    POPULAR = "popular", _("Much played here")


@dataclass(frozen=True)
class Steering:
    """The sliders. In the middle (0), and with shares of 1, they change nothing."""

    adventure: float = 0.0  # -1 familiar, 1 adventurous
    rarity: float = 0.0  # -1 popular, 1 rare
    energy: float = 0.0  # -1 calm, 1 energetic
    newness: float = 0.0  # -1 old, 1 new
    mood: str = ""
    history: float = 1.0  # shares: 0 leaves a source out, 2 doubles it
    sound: float = 1.0
    tags: float = 1.0
    per_artist: int = 3  # tracks by one artist

    @property
    def sliders(self) -> Sliders:
        """The same, as the engine takes it."""
        return Sliders(
            shares={"history": self.history, "sound": self.sound, "tags": self.tags},
            levels={"popularity": -self.rarity, "energy": self.energy, "year": self.newness},
            adventure=self.adventure,
        )

    @property
    def moved(self) -> dict[str, Any]:
        """What is not as it stands by itself."""
        return {name: value for name, value in vars(self).items() if value != _STILL[name]}


_STILL = vars(Steering())


@dataclass(frozen=True)
class About:
    """What a list starts from: tracks, an artist, a genre, a mood, an activity; or nothing."""

    tracks: tuple[int, ...] = ()
    artist: int | None = None
    genre: int | None = None
    mood: str = ""
    activity: str = ""


@dataclass(frozen=True)
class Ask:
    """One list as it is asked for; a slate keeps it, so that it can be asked for again."""

    surface: Surface = Surface.FOR_YOU
    n: int = 10
    about: About = field(default_factory=About)
    steering: Steering = field(default_factory=Steering)
    rest: int | None = None  # days for which a track heard stays away; None: as the site has it
    seed: int = 0
    rested: tuple[int, ...] = ()  # tracks of the last page that make room for others
    is_apart: bool = False  # a further page, or a mix: the next visit does not go by it

    @property
    def rest_days(self) -> int:
        return settings.REST_DAYS if self.rest is None else self.rest

    def to_settings(self) -> dict[str, Any]:
        """Return what the slate stores: only what was asked for."""
        about = {name: value for name, value in vars(self.about).items() if value}
        stored: dict[str, Any] = {"n": self.n, "seed": self.seed}
        stored |= {ABOUT: about} if about else {}
        stored |= {STEERING: self.steering.moved} if self.steering.moved else {}
        stored |= {} if self.rest is None else {"rest": self.rest}
        stored |= {APART: True} if self.is_apart else {}
        return stored | ({"rested": list(self.rested)} if self.rested else {})

    @classmethod
    def of(cls, surface: str, stored: Mapping[str, Any]) -> Self:
        """Return what a slate was asked for."""
        about = dict(stored.get(ABOUT, {}))
        about["tracks"] = tuple(about.get("tracks", ()))
        return cls(
            surface=Surface(surface) if surface in Surface.values else Surface.FOR_YOU,
            n=stored.get("n", 10),
            about=About(**about),
            steering=Steering(**stored.get(STEERING, {})),
            rest=stored.get("rest"),
            seed=stored.get("seed", 0),
            rested=tuple(stored.get("rested", ())),
            is_apart=stored.get(APART, False),
        )

    def of_visit(self, *, seed: int, rested: tuple[int, ...] = (), is_apart: bool = False) -> Self:
        return replace(self, seed=seed, rested=rested, is_apart=is_apart)
