"""Experiments at the desk: begun by operators, read by curators."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from musicsite.groups import CURATOR, OPERATOR, ensure_groups
from recommendations import pipeline
from recommendations.models import Experiment, SlateOutcome
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_listener,
    make_model_version,
    make_play,
    make_slate,
    make_track,
    make_user,
)

pytestmark = pytest.mark.django_db

START = reverse("admin:recommendations_experiment_start")


def member_of(name):
    ensure_groups()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return logged_in(user)


@pytest.fixture
def operator():
    return member_of(OPERATOR)


@pytest.fixture
def version():
    make_play(make_listener(shares_taste=True))
    return pipeline.train(at=NOON)


def asked(version, **fields):
    return {
        "name": "Rarer",
        "model_a": version.pk,
        "model_b": version.pk,
        "settings_b": '{"rarity": 0.5}',
    } | fields


def act(name, row):
    return reverse(f"admin:recommendations_experiment_{name}", args=[row.pk])


def test_an_operator_begins_and_ends_one(operator, version):
    page = operator.post(START, asked(version), follow=True).content.decode()

    row = Experiment.objects.get()
    assert (row.settings_a, row.settings_b, row.started_by) == ({}, {"rarity": 0.5}, operator.user)
    assert "Not enough yet: 0 of 200 listeners" in page

    assert "It is over" in operator.post(act("end", row), follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("ended", operator.user)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"settings_b": ""}, "Both sides are the same"),
        ({"settings_b": "[1]"}, "Write it as"),
        ({"settings_b": "{"}, "valid JSON"),
        ({"settings_b": '{"speed": 1}'}, "No such setting: speed"),
        ({"model_a": "x"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_begins(operator, version, fields, words):
    page = operator.post(START, asked(version, **fields)).content.decode()

    assert words in page
    assert not Experiment.objects.exists()


def test_a_curator_reads_the_result_and_begins_nothing(version):
    curator = member_of(CURATOR)
    row = Experiment.objects.create(
        name="Two", model_a=version, model_b=make_model_version(), started_at=NOON
    )
    track = make_track()
    slate = make_slate(tracks=[track], experiment=row, sides="b")
    SlateOutcome.objects.create(slate=slate, track=track, kind="like", at=NOON)

    page = curator.get(act("change", row)).content.decode()

    assert "0 listeners preferred side A, 1 side B" in page
    assert slate.listener.handle not in page
    assert "End it" not in page
    assert curator.get(START).status_code == 403
    assert curator.post(act("end", row)).status_code == 403
