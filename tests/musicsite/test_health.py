import pytest
from django.db import DatabaseError, connection

from jobs.services import bell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_well(monkeypatch):
    monkeypatch.setattr("recommendations.serving.current_version", lambda: 7)
    monkeypatch.setattr(bell, "is_away", lambda: False)


def test_lives_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_is_ready_when_all_it_stands_on_answers(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "broker": "ok", "model": "7"}


def test_says_that_the_database_is_away(client, monkeypatch):
    def away(*args):
        raise DatabaseError("password=s3cr3tvalue host=db.internal")

    monkeypatch.setattr(connection, "cursor", away)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["database"] == "does not answer"
    assert "s3cr3tvalue" not in response.content.decode()


def test_says_that_the_broker_is_away(client, monkeypatch):
    monkeypatch.setattr(bell, "is_away", lambda: True)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["broker"]) == (503, "does not answer")
    assert response.json()["database"] == "ok"


def test_says_that_there_is_no_model(client, monkeypatch):
    monkeypatch.setattr("recommendations.serving.current_version", lambda: None)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["model"]) == (503, "none trained yet")


def test_a_check_that_breaks_tells_nothing_of_the_how(client, monkeypatch):
    def broken():
        raise RuntimeError("/srv/models/7: s3cr3tvalue")

    monkeypatch.setattr("recommendations.serving.current_version", broken)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["model"]) == (503, "failed")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_answers_under_any_name_without_a_session_and_is_not_kept(client, path, settings):
    settings.ALLOWED_HOSTS = ["segue.example"]

    response = client.get(path, headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_is_only_read(client, path):
    assert client.post(path).status_code == 405
