"""Whether a new version may go live by itself; pure, so that every rule has its test.

It may when it is better than the most popular tracks beyond the interval, and not worse than the
live version: the interval of the difference reaches 0 or above. Else it waits for a curator.
Where too few listeners could be asked, no figure can tell anything: then the first version goes
live by rule, and so does a later one as long as the live one stands by the same rule. What a person
made live meanwhile stays, whatever was measured against the version before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recommendations.engine.evaluation.bootstrap import Interval

FEW = 30  # listeners that must be asked before a figure counts


@dataclass(frozen=True)
class Verdict:
    goes_live: bool
    why: str


@dataclass(frozen=True)
class LiveVersion:
    """What the gate must know of the live version, if there is one."""

    number: int
    was_measured: bool


def decide(
    versus: Mapping[str, Interval] | None, *, asked: int, live: LiveVersion | None
) -> Verdict:
    """`versus` has the candidate's lead over "popularity" and "live"; None: not measured."""
    if versus is None:
        return _unmeasured(asked, live)
    popularity, before = versus["popularity"], versus.get("live")
    if not popularity.low > 0:
        return Verdict(
            False, f"Not surely better than the most popular tracks: {_lead(popularity)}."
        )
    better = f"Better than the most popular tracks: {_lead(popularity)}"
    if live is None:
        return Verdict(True, f"{better}. It is the first version.")
    if before is None:
        return Verdict(
            False, f"The settings of version {live.number} cannot be measured by this release."
        )
    if before.high < 0:
        return Verdict(False, f"Worse than version {live.number}: {_lead(before)}.")
    return Verdict(True, f"{better}; not worse than version {live.number}: {_lead(before)}.")


def still(verdict: Verdict, *, compared: int | None, live: int | None) -> Verdict:
    """Return the verdict as it stands when the version that is live now may be another.

    Then a person has chosen that one while this one trained, and it was compared with neither.
    """
    if live in (compared, None) or not verdict.goes_live:
        return verdict
    words = f"{verdict.why} But version {live} was made live while this one trained"
    return Verdict(False, f"{words}, and the two were not compared.")


def _unmeasured(asked: int, live: LiveVersion | None) -> Verdict:
    few = f"Only {asked:,} listeners could be asked, too few to tell (it takes {FEW})"
    if live is None:
        return Verdict(True, f"{few}: live by rule, since there was no version yet.")
    if not live.was_measured:
        return Verdict(True, f"{few}: live by rule, as version {live.number} was.")
    return Verdict(False, f"{few}, and version {live.number} was measured.")


def _lead(lead: Interval) -> str:
    return f"{lead.mean:+.3f} NDCG, 95 % interval {lead.low:+.3f} to {lead.high:+.3f}"
