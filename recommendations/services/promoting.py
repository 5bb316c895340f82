"""A person decides which version is live."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from recommendations import pipeline
from recommendations.models import ModelAct, ModelVersion

CAN_GO_LIVE = (ModelVersion.State.READY, ModelVersion.State.RETIRED)


class NotPromoted(Exception):
    """A refusal whose message may be shown as it stands."""


def promote(*, version: ModelVersion, by: User | None, at: datetime, why: str = "") -> None:
    """Make a version that waits live, or roll back to one that was.

    :raises NotPromoted: if it cannot go live, or its artifact is not whole; nothing has changed
    """
    if version.state not in CAN_GO_LIVE:
        raise NotPromoted(f"Version {version.pk} is {version.get_state_display()}.")
    if not version.artifact:
        raise NotPromoted(f"The arrays of version {version.pk} were deleted. Train again instead.")
    if damage := pipeline.damage_of(version):
        raise NotPromoted(f"Version {version.pk} was not made live. {damage}")
    pipeline.promote(version, at=at, by=by, why=why, kind=_kind(version))


def _kind(version: ModelVersion) -> ModelAct.Kind:
    was_live = version.promoted_at is not None
    return ModelAct.Kind.ROLLED_BACK if was_live else ModelAct.Kind.PROMOTED
