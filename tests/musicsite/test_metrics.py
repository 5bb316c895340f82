from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, State

pytestmark = pytest.mark.django_db


def lines(response):
    assert response.status_code == 200
    return response.content.decode().splitlines()


def value(client, start):
    for line in lines(client.get("/metrics")):
        if line.startswith(start):
            return float(line.rpartition(" ")[2])
    return 0.0


def test_counts_answers_by_the_name_of_the_view(client):
    line = 'segue_requests_total{method="GET",status="2xx",view="health_live"}'
    before = value(client, line)

    client.get("/health/live")
    client.get("/health/live")

    assert value(client, line) == before + 2


def test_measures_how_long_answers_take(client):
    line = 'segue_request_seconds_count{view="health_live"}'
    before = value(client, line)

    client.get("/health/live")

    assert value(client, line) == before + 1


def test_addresses_nobody_serves_make_no_names_of_their_own(client):
    client.get("/wp-login.php")

    assert not [line for line in lines(client.get("/metrics")) if "wp-login" in line]


def test_counts_jobs_by_state_and_the_age_of_each_queue(client):
    due = timezone.now() - timedelta(seconds=100)
    Job.objects.create(name="tests.waits", queue="imports", due=due)
    Job.objects.create(name="tests.parked", queue="imports", state=State.PARKED)

    assert value(client, 'segue_jobs{queue="imports",state="new"}') == 1
    assert value(client, 'segue_jobs{queue="imports",state="parked"}') == 1
    assert value(client, 'segue_jobs{queue="train",state="new"}') == 0
    assert 100 <= value(client, 'segue_queue_age_seconds{queue="imports"}') < 130


def test_costs_the_same_however_many_jobs_there_are(client, django_assert_num_queries):
    for number in range(30):
        Job.objects.create(name=f"tests.{number}")

    with django_assert_num_queries(2):
        client.get("/metrics")


@pytest.mark.parametrize(
    "sender",
    [
        {"REMOTE_ADDR": "10.0.0.9"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=10.0.0.9"},
    ],
)
def test_nobody_elsewhere_may_read_them(client, sender):
    assert client.get("/metrics", **sender).status_code == 403


@pytest.mark.parametrize(
    ("shown", "status"),
    [("Bearer right", 200), ("Bearer wrong", 403), ("", 403), ("Bearer rïght", 403)],
)
def test_with_a_token_whoever_shows_it_may_read_them(client, settings, shown, status):
    settings.METRICS_TOKEN = "right"

    response = client.get("/metrics", REMOTE_ADDR="10.0.0.9", HTTP_AUTHORIZATION=shown)

    assert response.status_code == status
    assert client.get("/metrics").status_code == 403
