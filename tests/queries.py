"""How many questions a page asks the database: it must not depend on how much it shows."""

import math
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.serving import live, stock


def count_queries(client, url, *, expect=200, **headers):
    """Ask for a page and return the number of its queries, once the caches are warm.

    What is looked for anew every few seconds (a newer model, what a curator did) is not among them.
    """
    client.get(url, headers=headers)
    with (
        mock.patch.object(live, "LOOK_AGAIN", math.inf),
        mock.patch.multiple(stock, SOON=math.inf, LATER=math.inf),
        CaptureQueriesContext(connection) as queries,
    ):
        response = client.get(url, headers=headers)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == expect, f"{url} answered {response.status_code}"
    return len(queries)
