"""The admin: every list opens for staff, for nobody else, and costs the same however long."""

import subprocess
import sys

import pytest
from django.contrib import admin
from django.core import checks
from django.urls import reverse

from catalog.models import (
    ArtistCredit,
    Change,
    ExternalId,
    MatchHint,
    Rule,
    Tag,
    TrackGenre,
    TrackTag,
    Work,
)
from jobs.models import IdempotencyKey, Job
from listening.models import FeedbackChange, Import, ImportRow, Mute, PlayingNow
from playlists.models import Recipe
from recommendations.models import Experiment, Review, SlateOutcome
from tests.factories import (
    NOON,
    make_album,
    make_curator,
    make_features,
    make_feedback,
    make_genre,
    make_listener,
    make_model_version,
    make_play,
    make_playlist,
    make_slate,
    make_track,
)
from tests.queries import count_queries

admin.autodiscover()  # the addresses do it, and may not be loaded yet
pytestmark = pytest.mark.django_db

OURS = ("accounts", "catalog", "jobs", "listening", "playlists", "recommendations")
LISTS = sorted(
    (model._meta.app_label, model._meta.model_name)
    for model in admin.site._registry
    if model._meta.app_label in OURS
)


def changelist(app, model):
    return reverse(f"admin:{app}_{model}_changelist")


def make_one_of_everything():
    """A row, with all it points to, in each table that the admin lists."""
    track, listener = make_track(album=make_album()), make_listener()
    make_features(track)
    genre, tag = make_genre(parent=make_genre()), Tag.objects.create(name=f"tag {track.pk}")
    ArtistCredit.objects.create(track=track, artist=track.artist, position=1)
    TrackGenre.objects.create(track=track, genre=genre, source="curator")
    TrackTag.objects.create(track=track, tag=tag, source="curator")
    Work.objects.create(title="Work", artist=track.artist)
    ExternalId.objects.create(kind="isrc", value=str(track.pk), track=track, source="curator")
    Rule.objects.create(
        kind="merge", track=track, other_track=make_track(), made_by=make_curator(), made_at=NOON
    )
    MatchHint.objects.create(track=track, match=make_track(), listeners=2, last_at=NOON)
    Change.objects.create(what="Hid 1 track", made_by=make_curator(), made_at=NOON)
    make_play(listener, track)
    make_feedback(listener, track=track)
    FeedbackChange.objects.create(listener=listener, kind="like", track=track, at=NOON)
    Mute.objects.create(listener=listener, track=track, made_at=NOON)
    PlayingNow.objects.create(
        listener=listener, title="T", artist_name="A", started_at=NOON, expires_at=NOON
    )
    brought = Import.objects.create(listener=listener, created_at=NOON)
    ImportRow.objects.create(source_import=brought, number=1, fate="new")
    model, slate = make_model_version(), make_slate(listener, tracks=[track])
    slate.model = model
    slate.save()
    SlateOutcome.objects.create(slate=slate, track=track, kind="like", at=NOON)
    Experiment.objects.create(
        name="Two",
        model_a=model,
        model_b=make_model_version(),
        started_at=NOON,
        state="ended",
        ended_at=NOON,
    )
    Review.objects.create(
        track=track, decision="dismissed", decided_by=make_curator(), decided_at=NOON
    )
    make_playlist(listener, tracks=[track])
    Recipe.objects.create(listener=listener, kind="mood")
    Job.objects.create(name="test.nothing")
    IdempotencyKey.objects.create(
        scope="s", key=str(track.pk), fingerprint="f", created=NOON, status=200
    )


def test_every_entity_has_its_list():
    assert len(LISTS) >= 25


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_a_list_costs_the_same_however_long(app, model, as_curator):
    make_one_of_everything()
    before = count_queries(as_curator, changelist(app, model))

    for _ in range(4):
        make_one_of_everything()

    assert count_queries(as_curator, changelist(app, model)) <= before


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_no_list_opens_for_a_listener(app, model, as_listener):
    assert as_listener.get(changelist(app, model)).status_code in (302, 403)


def test_a_command_that_needs_no_page_loads_none():
    code = "import django, sys; django.setup(); print('recommendations.engine' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"


def test_the_pages_are_checked_for_all_that(monkeypatch):
    monkeypatch.setattr(admin.site._registry[Rule], "list_display", ("no_such_column",))

    found = checks.run_checks(tags=[checks.Tags.admin])

    assert "admin.E108" in [one.id for one in found]
