"""The desk for taste: versions of the model, experiments, reports, and what was shown."""

from recommendations.admin import slates, versions  # noqa: F401 -- they register their lists
