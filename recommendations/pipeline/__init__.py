"""Where the site meets the algorithms: read what may teach, fit, publish, promote."""

from recommendations.pipeline.publishing import promote
from recommendations.pipeline.reading import read_catalogue, read_interactions
from recommendations.pipeline.training import NothingToTrainOn, train

__all__ = ["NothingToTrainOn", "promote", "read_catalogue", "read_interactions", "train"]
