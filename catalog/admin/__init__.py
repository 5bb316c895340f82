"""The curators' desk. What stands here is a door: the work is done in `catalog.services`."""

from catalog.admin import (  # noqa: F401 -- they register their lists
    audio,
    genres,
    hints,
    music,
    rules,
    tracks,
    uploads,
)
