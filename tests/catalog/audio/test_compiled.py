"""librosa is loaded and compiled by one process at a time; two at once would break it for good."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog.audio.compiled import _alone
from tests.catalog.audio.sounds import cadence, write_wav

ROOT = Path(__file__).resolve().parents[3]
COMPILE_OTHERS_FIRST = """
import sys, numba
for _ in range(int(sys.argv[2])):
    numba.njit(lambda x: x + 1)(1.0)
"""
MEASURE = """
import sys
from pathlib import Path
import catalog.audio.compiled
before = set(sys.modules)
from catalog.audio.measuring import measure
measure(Path(sys.argv[1]), lambda share, words: None)
print(*sorted(name for name in set(sys.modules) - before if name.startswith("librosa.")))
"""


@pytest.fixture
def piece(tmp_path):
    return str(write_wav(tmp_path / "A - B.wav", cadence(0, seconds=6)))


def python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=170,
    )


def test_the_second_waits_until_the_first_is_done(tmp_path):
    order = []

    def second():
        with _alone(tmp_path / "kept"):
            order.append("second")

    with ThreadPoolExecutor() as threads:
        with _alone(tmp_path / "kept"):
            waiting = threads.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
            order.append("first")
        waiting.result(timeout=10)
    assert order == ["first", "second"]


def test_a_measure_loads_nothing_of_librosa_that_was_not_loaded_alone(piece):
    done = python(MEASURE, piece)

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


@pytest.mark.prove
def test_two_that_measure_at_once_on_a_fresh_machine_spoil_nothing(piece, tmp_path):
    for attempt in range(3):
        place = {"NUMBA_CACHE_DIR": str(tmp_path / f"kept-{attempt}")}
        with ThreadPoolExecutor() as threads:
            both = [
                threads.submit(python, COMPILE_OTHERS_FIRST + MEASURE, piece, others, **place)
                for others in ("0", "1")
            ]
        third = python(MEASURE, piece, **place)

        ends = [done.returncode for done in (*(one.result() for one in both), third)]
        assert ends == [0, 0, 0], third.stderr[:2000]
