import pytest
from django.core.management import call_command


@pytest.fixture(autouse=True)
def _explored_here(monkeypatch):
    """A child would see nothing of a test's data, and takes seconds to start."""
    from catalog import tasks

    in_a_child = tasks.run_command

    def run(run, name, *arguments):
        return call_command(name) if name == "explore" else in_a_child(run, name, *arguments)

    monkeypatch.setattr(tasks, "run_command", run)
