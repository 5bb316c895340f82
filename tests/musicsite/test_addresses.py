"""Whatever stands in an address, the answer is one of ours and no error."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import make_track
from tests.recommendations.written_models import go_live

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ODD = {
    "a NUL": "%00",
    "half a letter": "%ED%A0%BD",
    "an endless number": "9" * 400,
    "more than a number of the database holds": str(2**63),
    "a number of another script": quote("١٢"),
    "a way out": "..%2F..%2Fetc%2Fpasswd",
    "a line break": "a%0D%0AX-Of: ours",
    "any length": "a" * 4000,
    "right to left and a note": quote("\u202e🎵"),
}
OF_OTHERS = re.compile(r"admin/|account/(3rdparty|social)|__|static|media|\^")


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, address)
        elif isinstance(each, URLPattern) and "<" in address and not OF_OTHERS.match(address):
            yield re.sub(r"<[^>]+>", "{}", address)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_whatever_stands_in_a_path_is_answered(as_listener, odd):
    go_live([make_track("One"), make_track("Two")])
    as_listener.raise_request_exception = False
    asked = sorted({*addresses(get_resolver())})

    statuses = {path: as_listener.get(f"/{path.replace('{}', odd)}").status_code for path in asked}

    assert len(asked) > 40
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
