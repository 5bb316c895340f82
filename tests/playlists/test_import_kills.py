"""The worker is killed in the middle of playlists, again and again: they end up the same."""

import signal

import pytest
from django.core.files import File

from jobs.models import Job
from listening.services import importing
from tests.factories import NOON, make_listener
from tests.listening.imports.test_kills import let_worker_work
from tests.playlists.told import LOST, PODCAST, bring, export, shelf, told


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_ends_with_the_same_playlists(tmp_path):
    lists = [
        told(f"List {n % 4}", *(f"Track {n * k % 23}" for k in range(30)), PODCAST, LOST)
        for n in range(10)
    ]
    path = export(tmp_path, *lists)
    calm, killed = make_listener(), make_listener()
    undisturbed = bring(calm, path)
    with path.open("rb") as file:
        uploaded = importing.start_import(listener=killed, file=File(file), at=NOON)
    Job.objects.update(max_tries=10)

    for chunks in (1, 4, 6):
        assert let_worker_work(tmp_path, chunks) == -signal.SIGKILL
        uploaded.refresh_from_db()
        assert uploaded.position == sum(uploaded.counts.values())
    assert let_worker_work(tmp_path, 0) == 0

    uploaded.refresh_from_db()
    assert (uploaded.state, uploaded.position) == ("done", undisturbed.position)
    assert shelf(killed) == shelf(calm)
    assert uploaded.rows.count() == undisturbed.rows.count()
