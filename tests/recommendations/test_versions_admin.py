"""The list of versions: looking, promoting, rolling back, comparing, asking for a training."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.urls import reverse

from jobs.models import Job
from musicsite.groups import CURATOR, OPERATOR, ensure_groups
from recommendations import pipeline
from recommendations.models import ModelAct, ModelVersion
from recommendations.services import promoting
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_listener,
    make_model_version,
    make_play,
    make_user,
)
from tests.queries import count_queries
from tests.recommendations.measured import make_measured

pytestmark = pytest.mark.django_db

LIST = reverse("admin:recommendations_modelversion_changelist")
State = ModelVersion.State


def member_of(name):
    ensure_groups()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return logged_in(user)


@pytest.fixture
def curator():
    return member_of(CURATOR)


@pytest.fixture
def operator():
    return member_of(OPERATOR)


@pytest.fixture
def trained():
    """Two versions with arrays, the second of them live."""
    make_play(make_listener(shares_taste=True))
    return [pipeline.train(at=NOON), pipeline.train(at=NOON + timedelta(days=1))]


def act(name, *pk):
    return reverse(f"admin:recommendations_modelversion_{name}", args=pk)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_the_list_shows_what_each_version_is_worth(curator):
    make_measured(state=State.LIVE, promoted_at=NOON, message="Better than all.")

    page = curator.get(LIST).content.decode()

    assert "0.379 (0.372 to 0.386)" in page
    assert "+0.368 (+0.360 to +0.376)" in page
    assert "Better than all." in page


def test_the_list_costs_the_same_however_many_versions(curator):
    make_measured()
    few = count_queries(curator, LIST)
    for _ in range(5):
        make_measured()

    assert count_queries(curator, LIST) == few


def test_a_version_tells_its_figures_and_who_decided(curator):
    row = make_measured()
    ModelAct.objects.create(kind="promoted", version=row, why="By the rule.", at=NOON)

    page = curator.get(act("change", row.pk)).content.decode()

    assert "Recall@20" in page
    assert "made live, by the rule. By the rule." in page


@pytest.mark.parametrize("group", [CURATOR, OPERATOR])
def test_curators_and_operators_roll_back(group, trained):
    first, second = trained
    browser = member_of(group)

    page = browser.post(act("promote", first.pk), {"why": "Complaints since."}, follow=True)

    assert "is live; every process serves it" in page.content.decode()
    assert [state_of(first), state_of(second)] == [State.LIVE, State.RETIRED]
    done = ModelAct.objects.latest("pk")
    assert (done.kind, done.version, done.replaced, done.by, done.why) == (
        "rolled_back", first, second, browser.user, "Complaints since.",
    )  # fmt: skip


def test_a_version_that_waits_is_promoted_and_not_rolled_back_to(curator, trained):
    waiting = trained[0]
    ModelVersion.objects.filter(pk=waiting.pk).update(state=State.READY, promoted_at=None)

    assert "Make version" in curator.get(act("change", waiting.pk)).content.decode()
    curator.post(act("promote", waiting.pk))

    assert ModelAct.objects.latest("pk").kind == "promoted"


def test_a_damaged_version_is_not_promoted(curator, trained):
    first, second = trained
    with default_storage.open(f"{first.artifact}/popularity.npy", "r+b") as file:
        file.seek(-1, 2)
        file.write(b"\xff")

    page = curator.post(act("promote", first.pk), follow=True).content.decode()

    assert "is damaged: popularity.npy was altered" in page
    assert state_of(second) == State.LIVE


@pytest.mark.parametrize("state", [State.TRAINING, State.FAILED, State.LIVE])
def test_what_is_not_ready_is_not_promoted(state):
    row = make_model_version(state=state, artifact="models/1")

    with pytest.raises(promoting.NotPromoted):
        promoting.promote(version=row, by=make_user(), at=NOON)

    assert not ModelAct.objects.exists()


def test_what_has_no_arrays_any_more_is_not_promoted(curator):
    row = make_model_version(state=State.RETIRED)

    assert "were deleted" in curator.get(act("change", row.pk)).content.decode()
    page = curator.post(act("promote", row.pk), follow=True).content.decode()

    assert "Train again instead" in page
    assert state_of(row) == State.RETIRED


def test_operators_ask_for_a_training_and_curators_do_not(curator, operator):
    assert curator.post(act("train")).status_code == 403
    assert "Train now" not in curator.get(LIST).content.decode()

    operator.post(act("train"))

    assert Job.objects.live().get().name == "recommendations.train"
    assert ModelAct.objects.get().by == operator.user
    assert "A training waits" in operator.get(LIST).content.decode()


def test_the_training_that_runs_is_shown_with_its_step(operator):
    make_model_version(state=State.TRAINING, progress=0.4, step="Learning from everything")

    page = operator.get(LIST).content.decode()

    assert "40 %" in page
    assert "Learning from everything" in page
    assert "Train now" not in page


def test_two_versions_stand_side_by_side(curator):
    rows = [make_measured(algorithm="hybrid"), make_model_version(algorithm="popularity")]
    chosen = {"action": "compare", "_selected_action": [row.pk for row in rows]}

    page = curator.post(LIST, chosen, follow=True).content.decode()

    assert "0.379 (0.372 to 0.386)" in page
    assert f"Version {rows[0].pk}</a>" in page
    assert f"Version {rows[1].pk}</a>" in page


def test_one_version_cannot_be_compared(curator):
    chosen = {"action": "compare", "_selected_action": [make_measured().pk]}

    assert "Choose two versions" in curator.post(LIST, chosen, follow=True).content.decode()


@pytest.mark.parametrize("query", ["", "?a=1", "?a=x&b=y", "?a=98&b=99", f"?a={9**30}&b=1"])
def test_a_comparison_of_nothing_is_no_page(curator, query):
    assert curator.get(act("compare") + query).status_code == 404


@pytest.mark.parametrize("name", ["train", "promote"])
def test_nobody_acts_by_following_a_link(operator, name, trained):
    pk = [trained[0].pk] if name == "promote" else []

    assert operator.get(act(name, *pk)).status_code == 405


def test_others_see_nothing_of_it(as_listener, trained):
    assert as_listener.get(LIST).status_code == 302
    as_listener.post(act("promote", trained[0].pk))
    assert state_of(trained[0]) == State.RETIRED
