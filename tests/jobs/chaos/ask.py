"""python -m tests.jobs.chaos.ask chaos.long 5"""

import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402 -- Django is ready only now

from jobs import services  # noqa: E402

name, count = sys.argv[1], int(sys.argv[2])
started = time.monotonic()
for _ in range(count):
    with transaction.atomic():
        services.enqueue(name)
sys.stdout.write(f"{time.monotonic() - started:.3f}")
