"""The desk for taste: versions of the model, experiments, reports, and what was shown."""

from recommendations.admin import reviews, slates, versions  # noqa: F401 -- they register their lists
