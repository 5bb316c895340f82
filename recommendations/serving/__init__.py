"""From a trained model to a listener's list."""

from recommendations.serving.asking import About, Ask, Steering, Surface
from recommendations.serving.leading import Fit, fitting, leading_tracks
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
from recommendations.serving.ratings import expected_rating
from recommendations.serving.taste import taste
from recommendations.serving.telling import telling_artists, telling_tracks

__all__ = [
    "About",
    "Ask",
    "Fit",
    "Listed",
    "NoModel",
    "Recommended",
    "Steering",
    "Surface",
    "current",
    "current_version",
    "expected_rating",
    "explain_track",
    "fitting",
    "leading_tracks",
    "make_list",
    "popular",
    "recommend",
    "replay",
    "similar",
    "taste",
    "telling_artists",
    "telling_tracks",
    "warm_up",
]
