"""Who goes live by itself: every rule of the gate."""

import pytest

from recommendations.engine.evaluation.bootstrap import Interval
from recommendations.pipeline.gate import FEW, LiveVersion, Verdict, decide, still

MEASURED, BY_RULE = LiveVersion(7, True), LiveVersion(7, False)


def lead(low, high):
    return Interval((low + high) / 2, low, high, 500)


def verdict(*, popularity=(0.04, 0.06), live=None, known=None):
    versus = {"popularity": lead(*popularity)}
    if live is not None:
        versus["live"] = lead(*live)
    return decide(versus, asked=500, live=known)


def test_the_first_version_must_beat_popularity_alone():
    assert verdict().goes_live
    assert "first version" in verdict().why


@pytest.mark.parametrize("popularity", [(-0.01, 0.03), (-0.05, -0.02), (0.0, 0.02)])
def test_what_may_be_no_better_than_popularity_waits(popularity):
    found = verdict(popularity=popularity)

    assert not found.goes_live
    assert "Not surely better than the most popular tracks" in found.why


@pytest.mark.parametrize("live", [(0.01, 0.02), (-0.01, 0.01), (-0.02, 0.0), (0.0, 0.0)])
def test_what_may_be_as_good_as_the_live_version_goes_live(live):
    assert verdict(live=live, known=MEASURED).goes_live


def test_what_is_worse_than_the_live_version_waits():
    found = verdict(live=(-0.02, -0.001), known=MEASURED)

    assert not found.goes_live
    assert found.why == ("Worse than version 7: -0.011 NDCG, 95 % interval -0.020 to -0.001.")


def test_being_better_than_the_live_version_does_not_help_against_popularity():
    assert not verdict(popularity=(-0.01, 0.01), live=(0.02, 0.03), known=MEASURED).goes_live


def test_a_live_version_that_cannot_be_measured_is_left_to_a_curator():
    found = verdict(known=MEASURED)

    assert not found.goes_live
    assert "version 7 cannot be measured" in found.why


@pytest.mark.parametrize(("live", "goes"), [(None, True), (BY_RULE, True), (MEASURED, False)])
def test_with_too_few_to_ask_a_rule_decides_and_says_so(live, goes):
    found = decide(None, asked=3, live=live)

    assert found.goes_live is goes
    assert f"Only 3 listeners could be asked, too few to tell (it takes {FEW})" in found.why


GOES, WAITS = Verdict(True, "Better."), Verdict(False, "Worse than version 7.")


@pytest.mark.parametrize(
    ("compared", "live"), [(7, 7), (None, None), (7, None)], ids=["same", "none", "gone"]
)
def test_while_the_live_version_is_the_same_the_verdict_stands(compared, live):
    assert still(GOES, compared=compared, live=live) == GOES


@pytest.mark.parametrize("compared", [7, None])
def test_what_a_person_made_live_meanwhile_stays(compared):
    found = still(GOES, compared=compared, live=5)

    assert not found.goes_live
    assert found.why == (
        "Better. But version 5 was made live while this one trained, and the two were not compared."
    )


def test_what_waits_anyhow_keeps_its_reason():
    assert still(WAITS, compared=7, live=5) == WAITS
