"""gunicorn's threads, of which one works at a time: together they only make each other late.

Threads of one interpreter share a core, and each has its own connection to the database and its
own working memory, which the processor's cache does not hold side by side. What keeps the cores
busy is `WEB_WORKERS`. Further threads are for requests that wait: for a slow client, for another
service. After PATIENCE such a one is overtaken, and from then on keeps nobody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from gunicorn.workers import gthread
from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 0.1  # seconds

P = ParamSpec("P")
T = TypeVar("T")


class OneAtWork(Executor):
    """Does what is submitted in its order, each job by the same thread while that is not stuck."""

    def __init__(self, most: int) -> None:
        """`most` threads stand at once, the overtaken ones included."""
        self._most = most
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._at_work: threading.Thread | None = None  # who takes the next job
        self._since: float | None = None  # when it took the one it is at
        self._threads: set[threading.Thread] = set()
        self._is_shut = False
        self._crowded = threading.Event()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        self._set_to_work()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._is_shut:
            raise RuntimeError("nothing more is done here")
        job = _Job(lambda: fn(*args, **kwargs))
        self._jobs.put(job)
        if self._since is not None:
            self._crowded.set()
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._is_shut = True
        self._jobs.put(None)
        self._crowded.set()
        if wait:
            for thread in list(self._threads):
                thread.join()

    def _set_to_work(self) -> None:
        self._since = None
        self._at_work = threading.Thread(target=self._work, name="requests", daemon=True)
        self._threads.add(self._at_work)
        self._at_work.start()

    def _work(self) -> None:
        me = threading.current_thread()
        while job := self._jobs.get():
            self._since = time.monotonic()
            if not self._jobs.empty():
                self._crowded.set()
            job.run()
            with self._lock:
                if self._at_work is not me:  # it was overtaken
                    break
                self._since = None
        self._threads.discard(me)

    def _watch(self) -> None:
        while not self._is_shut:
            self._crowded.wait()
            self._crowded.clear()
            while not self._jobs.empty():
                time.sleep(PATIENCE / 2)
                with self._lock:
                    if self._is_stuck() and len(self._threads) < self._most:
                        self._set_to_work()

    def _is_stuck(self) -> bool:
        late = self._since is not None and time.monotonic() - self._since > PATIENCE
        return late and not self._jobs.empty()


class _Job:
    def __init__(self, call: Callable[[], Any]) -> None:
        self.call, self.future = call, Future[Any]()

    def run(self) -> None:
        try:
            result = self.call()
        except BaseException as error:  # whatever it is, who asks for the result is told
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Worker(ThreadWorker):
    def get_thread_pool(self) -> OneAtWork:
        return OneAtWork(self.cfg.threads)

    def handle(self, conn: Any) -> Any:
        """A connection that a browser has opened ahead waits for its request beside the threads."""
        if not conn.initialized and not conn.wait_for_data(0):
            return gthread._DEFER
        return super().handle(conn)
