from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from jobs.models import IdempotencyKey, Job, State
from tests.queries import count_queries

pytestmark = pytest.mark.django_db
LIST = "/admin/jobs/job/"


@pytest.fixture
def operator(client):
    user = get_user_model().objects.create_superuser(email="olga@example.org", password="x")
    client.force_login(user)
    return client


def act(client, action, *jobs):
    data = {"action": action, "_selected_action": [job.pk for job in jobs]}
    return client.post(LIST, data, follow=True)


def test_shows_parked_jobs(operator):
    Job.objects.create(name="tests.one", subject="import:7", state=State.PARKED)
    Job.objects.create(name="tests.one", subject="import:8", state=State.DONE)

    page = operator.get(LIST, {"state__exact": "parked"}).content.decode()

    assert "import:7" in page
    assert "import:8" not in page


def test_starts_a_parked_job_again(operator, rings):
    parked = Job.objects.create(name="tests.broken", state=State.PARKED, tries=3)

    page = act(operator, "retry", parked)

    parked.refresh_from_db()
    assert (parked.state, parked.tries) == (State.NEW, 0)
    assert "is started again" in page.content.decode()


def test_says_why_a_job_is_not_started_again(operator):
    done = Job.objects.create(name="tests.done", state=State.DONE)

    page = act(operator, "retry", done)

    assert "it is done" in page.content.decode()


def test_calls_jobs_off(operator):
    waiting = Job.objects.create(name="tests.waiting")

    act(operator, "cancel", waiting)

    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED


def test_whoever_may_only_look_cannot_act(client, rings):
    curator = get_user_model().objects.create_user(email="cora@example.org", password="x")
    curator.is_staff = True
    curator.save()
    curator.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(curator)
    parked = Job.objects.create(name="tests.broken", state=State.PARKED)

    assert client.get(LIST).status_code == 200
    act(client, "retry", parked)

    parked.refresh_from_db()
    assert parked.state == State.PARKED


def test_rows_are_written_by_the_machinery_alone(operator):
    job = Job.objects.create(name="tests.one")

    assert operator.get(f"/admin/jobs/job/{job.pk}/change/").status_code == 200
    assert operator.post(f"/admin/jobs/job/{job.pk}/change/", {"state": "done"}).status_code == 403
    assert operator.get("/admin/jobs/job/add/").status_code == 403


def test_the_answers_kept_for_partners_are_not_shown(operator):
    key = IdempotencyKey.objects.create(
        scope="partner:1", key="k", status=200, body="their answer", created=datetime.now(UTC)
    )

    page = operator.get(f"/admin/jobs/idempotencykey/{key.pk}/change/").content.decode()

    assert "partner:1" in page
    assert "their answer" not in page


def test_the_list_costs_the_same_however_many_jobs_there_are(operator):
    Job.objects.create(name="tests.one")
    count_queries(operator, LIST)  # the first page of all looks up the kinds of rows
    before = count_queries(operator, LIST)

    for _ in range(5):
        Job.objects.create(name="tests.one")

    assert count_queries(operator, LIST) == before
