"""The desk for taste: versions of the model, experiments, reports, and what was shown."""

from recommendations.admin import (  # noqa: F401 -- they register their lists
    experiments,
    reviews,
    slates,
    versions,
)
