"""From a trained model to a listener's list."""

from recommendations.serving.asking import About, Ask, Steering, Surface
from recommendations.serving.lists import (
    Listed,
    Recommended,
    explain_track,
    make_list,
    popular,
    recommend,
    replay,
    similar,
)
from recommendations.serving.live import NoModel, current, current_version, warm_up

__all__ = [
    "About",
    "Ask",
    "Listed",
    "NoModel",
    "Recommended",
    "Steering",
    "Surface",
    "current",
    "current_version",
    "explain_track",
    "make_list",
    "popular",
    "recommend",
    "replay",
    "similar",
    "warm_up",
]
