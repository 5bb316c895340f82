import pytest

from jobs import registry


@pytest.fixture
def job(monkeypatch):
    """The decorator; for the test there are no jobs but those made with it."""
    registry.load()
    monkeypatch.setattr(registry, "SPECS", {})
    return registry.job


@pytest.fixture
def rings(monkeypatch):
    """The queues that were rung for, in place of the broker."""
    heard = []

    def ring(queue, times=1):
        heard.extend([queue] * times)
        return True

    monkeypatch.setattr("jobs.services.bell.ring", ring)
    monkeypatch.setattr("jobs.services.bell.rings_waiting", lambda queue: heard.count(queue))
    return heard
