"""Whatever the schema lets a program ask of search and Explore is answered or refused."""

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings

from catalog.services import indexing
from tests.catalog.explored import explore_now, make_catalogue

pytestmark = pytest.mark.django_db
DOORS = ["/api/v1/search/", "/api/v1/explore/", "/api/v1/explore/pair/"]


@pytest.fixture
def described(db):
    """The schema of the site, which has something to find."""
    make_catalogue()
    explore_now()
    indexing.index_all()
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))


@pytest.mark.parametrize("door", DOORS)
def test_what_the_schema_allows_is_answered_or_refused(described, client, door):
    @given(case=described[door]["GET"].as_strategy())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        answer = client.get(door, case.query, headers={"accept": "application/json"})
        assert answer.status_code in (200, 400, 404, 406)

    ask()
