"""Who is gone: a process that ended, and one that is dead and only waits for its parent."""

import os
import subprocess
import sys
import time
from pathlib import Path

from jobs.services.owners import is_gone, this_machine, this_process


def owner_of(pid):
    started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return f"{this_machine()}/{pid}/{started}"


def test_one_that_lives_is_not_gone():
    assert not is_gone(this_process())


def test_one_that_nobody_has_buried_is_gone():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = owner_of(child.pid)
    assert not is_gone(owner)
    os.kill(child.pid, 9)
    for _ in range(100):
        if is_gone(owner):
            break
        time.sleep(0.02)
    assert is_gone(owner)  # its row in /proc is still there
    child.stdin.close()
    child.wait()
    assert is_gone(owner)


def test_one_of_another_machine_is_never_gone():
    assert not is_gone("elsewhere:1/1/1")
