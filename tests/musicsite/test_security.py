"""What nobody could mean is no error of ours."""

import pytest

from tests.conftest import logged_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/genres/%00/", "/genres/a%00b/", "/1/user/%00/listens", "/%00"])
def test_an_address_with_a_nul_is_nowhere(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["country__exact=%00", "q=%00", "%00=1", "country__exact=a%00", "_facets=%00"]
)
def test_a_filter_with_a_nul_finds_nothing_and_breaks_nothing(query):
    client = logged_in(make_user(is_staff=True, is_superuser=True))

    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(f"/admin/accounts/user/?{query}").status_code == 400
