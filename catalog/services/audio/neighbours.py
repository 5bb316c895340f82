"""Which files sound like one."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.audio.nearness import nearest
from catalog.models import AudioFile


@dataclass(frozen=True)
class Neighbour:
    file: AudioFile
    distance: float  # 0 is the same sound; a few units are audibly alike


def nearest_files(file: AudioFile, *, n: int) -> list[Neighbour]:
    """Return the `n` measured files that sound most like this one, the nearest first."""
    if not file.timbre:
        return []
    others = AudioFile.objects.measured().exclude(pk=file.pk).order_by("pk")
    rows = dict(others.values_list("pk", "timbre"))
    keys = list(rows)
    near = [(keys[place], far) for place, far in nearest(file.timbre, list(rows.values()), n)]
    found = AudioFile.objects.select_related("track__artist").in_bulk([pk for pk, _ in near])
    return [Neighbour(found[pk], far) for pk, far in near if pk in found]
