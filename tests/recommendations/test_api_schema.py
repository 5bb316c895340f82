"""Whatever is asked of lists and feedback, the answer is one that the schema has written down."""

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

from accounts.models import Scope, Token
from tests.factories import make_genre, make_listener, make_play, make_track
from tests.recommendations.written_models import go_live

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOORS = tuple(
    f"/api/v1/{door}/"
    for door in ("recommendations", "similar", "tracks", "slates", "taste", "feedback")
)


def operations():
    whole = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(whole)
    found = (result.ok() for result in schema.get_all_operations())
    return [one for one in found if one.path.startswith(DOORS)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_no_question_breaks_a_door_or_gets_an_answer_that_is_not_written_down(live_server):
    listener, key = make_listener(), "a key of a program"
    Token.objects.create(
        kind="personal", name="Program", prefix="a key", hash=Token.hash_of(key),
        scopes=Scope.values, listener=listener,
    )  # fmt: skip
    tracks = [make_track(genre=make_genre()) for _ in range(4)]
    make_play(listener, tracks[0])
    go_live(tracks, {(tracks[0], tracks[1]): 0.9})
    asked = operations()
    assert len(asked) == 10

    for operation in asked:
        for shown in (key, "wrong"):
            _ask(operation, live_server.url, {"Authorization": f"Bearer {shown}"})


def _ask(operation, url, headers):
    @given(case=operation.as_strategy())
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        response = case.call(base_url=url, headers={"Accept": "application/json", **headers})
        case.validate_response(response, checks=CHECKS)

    ask()
