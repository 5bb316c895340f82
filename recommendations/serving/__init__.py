"""From a trained model to a listener's list."""

from recommendations.serving.lists import Recommended, popular, recommend
from recommendations.serving.live import NoModel, current, current_version, warm_up

__all__ = [
    "NoModel",
    "Recommended",
    "current",
    "current_version",
    "popular",
    "recommend",
    "warm_up",
]
