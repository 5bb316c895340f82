"""Who of the staff may do what. People join a group in the admin, or in the demo world."""

from __future__ import annotations

from accounts import services

CURATOR, OPERATOR = "curator", "operator"

CURATES = [
    "catalog.view_*",
    "catalog.add_*",
    "catalog.change_*",
    # What hangs on a track may go; tracks and artists are merged or hidden, rules undone.
    "catalog.delete_externalid",
    "catalog.delete_featureset",
    "listening.view_feedback",
    "listening.view_feedbackchange",
    "recommendations.view_review",
    "recommendations.add_review",
    "recommendations.change_review",
    "recommendations.view_modelversion",
    "recommendations.change_modelversion",  # promote, and roll back
    "recommendations.view_modelact",
    "recommendations.view_experiment",
    "recommendations.view_demotion",
]

GRANTS = {
    CURATOR: CURATES,
    OPERATOR: [
        *CURATES,
        "accounts.*",
        "jobs.*",
        "listening.view_import",
        "listening.view_importrow",
        "recommendations.*",
    ],
}


def ensure_groups() -> None:
    """Make the groups, or bring them up to date; needs the permissions that `migrate` makes."""
    for name, permissions in GRANTS.items():
        services.ensure_group(name=name, permissions=permissions)
