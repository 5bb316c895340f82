"""The doors of the players keep what their schema says, whatever comes."""

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories import make_listener
from tests.listening.scrobbling.conftest import Player

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOORS = ("/1/", "/2.0", "/audioscrobbler")


def operations():
    whole = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(whole)
    found = (result.ok() for result in schema.get_all_operations())
    return [one for one in found if one.path.startswith(DOORS)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_no_question_breaks_a_door_or_gets_an_answer_that_is_not_written_down(live_server):
    player = Player(make_listener(handle="mira"), handshakes=True)
    asked = operations()
    assert len(asked) >= 15

    for operation in asked:
        for key in (player.key, "wrong"):
            _ask(operation, live_server.url, {"Authorization": f"Token {key}"})


def _ask(operation, url, headers):
    @given(case=operation.as_strategy())
    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        case.path_parameters.update({"handle": "mira"} if "handle" in case.path_parameters else {})
        response = case.call(base_url=url, headers=headers)
        case.validate_response(response, checks=CHECKS)

    ask()
