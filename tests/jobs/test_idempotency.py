from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs.models import IdempotencyKey
from jobs.services import idempotency

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def begin(*, key="k-1", scope="partner:1 POST /plays", body=b"{}", at=NOON):
    fingerprint = idempotency.fingerprint("POST", "/plays", body)
    return idempotency.begin(scope=scope, key=key, fingerprint=fingerprint, at=at)


def test_the_first_request_is_to_be_answered():
    assert not begin().is_answered


def test_the_same_request_again_gets_the_first_answer():
    idempotency.answer(begin(), status=201, body='{"id": 7}', headers={"Location": "/plays/7"})

    again = begin(at=NOON + timedelta(hours=23))

    assert (again.status, again.body, again.headers) == (
        201,
        '{"id": 7}',
        {"Location": "/plays/7"},
    )


def test_another_request_with_the_same_key_is_refused():
    idempotency.answer(begin(), status=201, body="")

    with pytest.raises(idempotency.KeyReused):
        begin(body=b'{"other": 1}')


def test_a_request_beside_the_first_is_refused():
    begin()

    with pytest.raises(idempotency.KeyInUse):
        begin(at=NOON + timedelta(seconds=30))


def test_a_key_whose_request_died_can_be_used_again():
    first = begin()

    second = begin(at=NOON + timedelta(minutes=3))
    with pytest.raises(idempotency.KeyInUse):
        idempotency.answer(first, status=201, body="")
    idempotency.answer(second, status=201, body="second")

    assert IdempotencyKey.objects.get().body == "second"


def test_a_refused_request_leaves_its_key_free():
    idempotency.forget(begin())

    assert not begin(body=b'{"better": 1}').is_answered


def test_a_key_is_forgotten_after_a_day():
    idempotency.answer(begin(), status=201, body="")

    assert not begin(body=b"new", at=NOON + timedelta(hours=25)).is_answered


def test_the_same_key_of_another_partner_is_another_key():
    idempotency.answer(begin(), status=201, body="")

    assert not begin(scope="partner:2 POST /plays").is_answered


def test_the_database_keeps_one_row_for_a_key():
    begin()

    with pytest.raises(IntegrityError), transaction.atomic():
        IdempotencyKey.objects.create(
            scope="partner:1 POST /plays", key="k-1", created=NOON, locked=NOON
        )


def test_an_answer_goes_down_with_the_work_it_belongs_to():
    key = begin()

    with transaction.atomic():
        idempotency.answer(key, status=201, body="")
        transaction.set_rollback(True)

    assert not IdempotencyKey.objects.get().is_answered
