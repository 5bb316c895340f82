"""What the groups of the staff let people do."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from musicsite.groups import CURATOR, OPERATOR, ensure_groups
from tests.conftest import logged_in
from tests.factories import make_track, make_user

pytestmark = pytest.mark.django_db


def member_of(name):
    ensure_groups()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


def test_the_command_makes_the_groups_and_may_be_run_again(capsys):
    call_command("groups")
    held = Group.objects.get(name=CURATOR).permissions.count()
    Group.objects.get(name=CURATOR).permissions.clear()

    call_command("groups")

    assert set(Group.objects.values_list("name", flat=True)) == {CURATOR, OPERATOR}
    assert Group.objects.get(name=CURATOR).permissions.count() == held > 20
    assert "curator, operator" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("group", "may"),
    [
        (CURATOR, "catalog.change_track listening.view_feedback recommendations.add_review"),
        (OPERATOR, "accounts.change_user jobs.change_job recommendations.change_experiment"),
        (OPERATOR, "catalog.change_track catalog.add_rule listening.view_feedback"),
    ],
)
def test_a_group_does_its_work(group, may):
    member = member_of(group)

    assert {wish for wish in may.split() if not member.has_perm(wish)} == set()


@pytest.mark.parametrize(
    ("group", "may_not"),
    [
        (CURATOR, "catalog.delete_track catalog.delete_artist accounts.view_user jobs.view_job"),
        (OPERATOR, "catalog.delete_track listening.view_play auth.change_group"),
    ],
)
def test_a_group_does_nothing_else(group, may_not):
    member = member_of(group)

    assert {wish for wish in may_not.split() if member.has_perm(wish)} == set()


def test_a_curator_mends_the_catalogue_and_sees_no_people():
    curator = logged_in(member_of(CURATOR))
    track = make_track()

    assert curator.get(reverse("admin:catalog_track_change", args=[track.pk])).status_code == 200
    assert curator.get(reverse("admin:accounts_user_changelist")).status_code == 403
