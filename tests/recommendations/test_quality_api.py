"""How good the model is, for a program."""

import pytest
from django.urls import reverse

from tests.factories import NOON
from tests.recommendations.measured import make_measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return make_measured(state="live", promoted_at=NOON)


def test_a_program_reads_the_same(anonymous_api, live):
    found = anonymous_api.get(reverse("api_model_quality"))

    assert found["version"] == live.pk
    assert found["compared"][0]["figure"] == 0.379
    assert [bar["is_ours"] for bar in found["compared"]] == [True, False, False]
    assert found["measured"]["evaluations"]["popularity"]["accuracy"]["ndcg"]["mean"] == 0.011


def test_a_program_is_told_when_there_is_no_model(anonymous_api):
    anonymous_api.get(reverse("api_model_quality"), expect=404)


def test_a_page_gets_its_own_partial(client, live):
    response = client.get(reverse("api_model_quality"), headers={"accept": "text/html"})

    assert "<figure" in response.content.decode()
