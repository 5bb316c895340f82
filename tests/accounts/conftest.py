import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from jobs import services as jobs


@pytest.fixture
def post():
    """Let the workers send what was posted, and return it."""

    def deliver():
        jobs.run_due(clock=lambda: datetime.now(UTC) + timedelta(seconds=1))
        return mail.outbox

    return deliver


@pytest.fixture
def link_in():
    """Find the address in a mail that lets its reader go on."""

    def find(letter):
        return re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]

    return find
