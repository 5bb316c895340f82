"""Elsewhere: `from jobs import services as jobs`, then `jobs.enqueue("listening.read", 7)`."""

from jobs.services.claims import Lost
from jobs.services.commands import CommandFailed, run_command
from jobs.services.intake import NotRetried, cancel, enqueue, retry
from jobs.services.running import Cancelled, GaveUp, Postponed, Run, run_due, run_next
from jobs.services.sweeping import prune, sweep

__all__ = [
    "Cancelled",
    "CommandFailed",
    "GaveUp",
    "Lost",
    "NotRetried",
    "Postponed",
    "Run",
    "cancel",
    "enqueue",
    "prune",
    "retry",
    "run_command",
    "run_due",
    "run_next",
    "sweep",
]
