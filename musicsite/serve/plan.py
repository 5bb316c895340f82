"""Which processes one machine needs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from musicsite.serve.children import Child, Say

CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "musicsite"]
ALONE = ["--without-gossip", "--without-mingle"]
POLITE = 19  # nice: training gives way to people


@dataclass(frozen=True)
class Plan:
    host: str
    port: int
    workers: int
    base_dir: Path
    data_dir: Path
    say: Say

    def children(self) -> list[Child]:
        return [
            self._child("The web server", self._web()),
            self._child(
                "The worker", self._worker("worker", "interactive,sync,webhooks,imports", 2)
            ),
            self._child("The training worker", self._worker("train", "train", 1), nice=POLITE),
            self._child("The audio worker", self._worker("audio", "audio", 2), nice=POLITE),
            self._child("The beat", [*CELERY, "beat"]),
        ]

    def _child(self, name: str, command: list[str], *, nice: int = 0) -> Child:
        environment = {"LOG_FORMAT": "plain"} | self._metrics()
        return Child(name, command, self.say, environment, nice)

    def _metrics(self) -> dict[str, str]:
        return {"PROMETHEUS_MULTIPROC_DIR": str(self.data_dir / f"metrics-{self.port}")}

    def _web(self) -> list[str]:
        config = str(self.base_dir / "gunicorn.conf.py")
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        command = [sys.executable, "-m", "gunicorn", "--config", config, "--bind", bind]
        return [*command, "--workers", str(self.workers), "musicsite.wsgi"]

    def _worker(self, name: str, queues: str, processes: int) -> list[str]:
        node = f"{name}-{self.port}@%h"
        return [*CELERY, "worker", "-n", node, "-Q", queues, "-c", str(processes), *ALONE]
