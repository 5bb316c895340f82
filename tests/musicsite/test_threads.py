"""One thread at work in each web process, and what happens when it is stuck."""

import threading
import time

import pytest

from musicsite.serve.threads import PATIENCE, OneAtWork

SOON = 5  # seconds: an age for what takes a tenth of one


@pytest.fixture
def make_pool():
    pools = []

    def make(most):
        pools.append(OneAtWork(most))
        return pools[-1]

    yield make
    for pool in pools:
        pool.shutdown(wait=False)


@pytest.fixture
def door():
    """Whoever waits at it is stuck until it opens."""
    door = threading.Event()
    yield door
    door.set()


def test_jobs_are_done_in_their_order_by_the_same_thread(make_pool):
    pool, done = make_pool(4), []

    def do(number):
        done.append(number)
        return threading.get_ident()

    threads = {future.result(SOON) for future in [pool.submit(do, n) for n in range(200)]}
    assert done == list(range(200))
    assert len(threads) == 1


def test_no_two_are_at_work_at_once(make_pool):
    pool, busy, most = make_pool(4), [], []

    def do():
        busy.append(1)
        most.append(len(busy))
        time.sleep(PATIENCE / 20)
        busy.pop()

    for future in [pool.submit(do) for _ in range(40)]:
        future.result(SOON)
    assert max(most) == 1


def test_who_is_stuck_is_overtaken_and_from_then_on_keeps_nobody(make_pool, door):
    pool = make_pool(4)
    stuck = pool.submit(door.wait, SOON)
    pool.submit(int).result(SOON)
    start = time.perf_counter()
    for _ in range(50):
        pool.submit(int).result(SOON)
    assert time.perf_counter() - start < PATIENCE * 5  # not 50 times as long
    assert not stuck.done()
    door.set()
    assert stuck.result(SOON)


def test_one_that_waits_alone_is_started_though_nobody_comes_after_it(make_pool, door):
    pool = make_pool(2)
    begun = threading.Event()
    pool.submit(lambda: (begun.set(), door.wait(SOON)))
    begun.wait(SOON)
    assert pool.submit(int).result(SOON) == 0


def test_there_are_never_more_threads_than_said(make_pool, door):
    pool = make_pool(2)
    stuck = [pool.submit(door.wait, SOON) for _ in range(3)]
    last = pool.submit(int)
    time.sleep(PATIENCE * 4)
    assert not last.done()
    assert len(pool._threads) == 2
    door.set()
    assert last.result(SOON) == 0
    assert all(each.result(SOON) for each in stuck)


def test_who_was_overtaken_leaves_when_it_is_done(make_pool, door):
    pool = make_pool(4)
    stuck = pool.submit(door.wait, SOON)
    pool.submit(int).result(SOON)
    assert len(pool._threads) == 2
    door.set()
    stuck.result(SOON)
    deadline = time.monotonic() + SOON
    while len(pool._threads) > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(pool._threads) == 1
    assert pool.submit(int).result(SOON) == 0


def test_an_error_is_told_to_who_asked_and_stops_nobody(make_pool):
    pool = make_pool(2)
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(SOON)
    assert pool.submit(int).result(SOON) == 0


def test_what_was_submitted_before_the_end_is_done_and_nothing_after(make_pool):
    pool = make_pool(2)
    futures = [pool.submit(int, 7) for _ in range(20)]
    pool.shutdown(wait=True)
    assert [future.result(SOON) for future in futures] == [7] * 20
    with pytest.raises(RuntimeError):
        pool.submit(int)
