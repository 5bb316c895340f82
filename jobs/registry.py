"""Which function does the work of which name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from jobs.models import TRIES, Queue

Handler = Callable[..., Any]
SPECS: dict[str, Spec] = {}
RETRY_AFTER = timedelta(seconds=30)


class UnknownJob(LookupError):
    """No tasks.py has a function for this name."""


@dataclass(frozen=True)
class Spec:
    name: str
    handler: Handler
    queue: Queue = Queue.INTERACTIVE
    every: timedelta | None = None
    atomic: bool = False
    max_tries: int = TRIES
    retry_after: timedelta = RETRY_AFTER
    refusals: tuple[type[Exception], ...] = ()


def job(name: str, **options: Any) -> Callable[[Handler], Handler]:
    """Let this function do the jobs of that name; it gets the `Run`, then the job's arguments.

    It must be safe to run twice. `queue` says beside which jobs it waits, `every` makes it come
    round, `refusals` are errors that trying again would not mend. With `atomic` it runs in one
    transaction together with the mark that it is done: for short work, done once and only once.

    :raises TypeError: if the function's first parameter is not `run`, or the name is taken
    """

    def register(handler: Handler) -> Handler:
        if next(iter(inspect.signature(handler).parameters), None) != "run":
            raise TypeError(f"the first parameter of the job {name} must be `run`")
        if name in SPECS and SPECS[name].handler.__module__ != handler.__module__:
            raise TypeError(f"there is a job {name} in {SPECS[name].handler.__module__} already")
        SPECS[name] = Spec(name, handler, **options)
        return handler

    return register


def find(name: str) -> Spec:
    load()
    try:
        return SPECS[name]
    except KeyError:
        raise UnknownJob(f"no tasks.py has a job called {name}") from None


def pause(name: str, tries: int) -> timedelta:
    """Four times longer after every failed try, up to half a day."""
    first = SPECS[name].retry_after if name in SPECS else RETRY_AFTER
    return min(first * 4 ** (tries - 1), timedelta(hours=12))


def periodic() -> list[Spec]:
    load()
    return [spec for spec in SPECS.values() if spec.every]


@cache
def load() -> None:
    """Only when first asked for: a command that runs no job need not import them all."""
    autodiscover_modules("tasks")
