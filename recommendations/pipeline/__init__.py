"""Where the site meets the algorithms: read what may teach, fit, measure, publish, promote."""

from recommendations.engine.evaluation.bootstrap import Interval
from recommendations.pipeline.claiming import AlreadyTraining, TakenOver, release_stale
from recommendations.pipeline.publishing import damage_of, promote
from recommendations.pipeline.reading import read_catalogue, read_interactions, read_split
from recommendations.pipeline.training import NothingToTrainOn, train

__all__ = [
    "AlreadyTraining",
    "Interval",
    "NothingToTrainOn",
    "TakenOver",
    "damage_of",
    "promote",
    "read_catalogue",
    "read_interactions",
    "read_split",
    "release_stale",
    "train",
]
