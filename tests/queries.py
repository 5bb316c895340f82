"""How many questions a page asks the database: it must not depend on how much it shows."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, url, *, expect=200, **headers):
    """Ask for a page and return the number of its queries, once the caches are warm."""
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url, headers=headers)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == expect, f"{url} answered {response.status_code}"
    return len(queries)
