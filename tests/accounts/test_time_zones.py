from zoneinfo import ZoneInfo

import pytest

from accounts.models import Listener
from accounts.time_zones import grouped_zones, is_known


def test_places_stand_under_their_continent_in_plain_words():
    places = {zone: words for _, zones in grouped_zones() for zone, words in zones}

    assert grouped_zones()[0] == ("Everywhere", [("UTC", "UTC")])
    assert places["America/Argentina/Buenos_Aires"] == "Argentina, Buenos Aires"
    assert len(places) > 300


def test_every_place_on_offer_is_a_time_zone():
    for _, zones in grouped_zones():
        for zone, _words in zones:
            ZoneInfo(zone)


def test_only_names_of_time_zones_are_known():
    assert is_known("Europe/Lisbon")
    assert not is_known("Europe/Atlantis")


@pytest.mark.parametrize("gone", ["Mars/Olympus", "", "/etc/passwd", "Europe/\0"])
def test_a_zone_that_is_no_more_reads_as_utc(gone):
    assert Listener(time_zone=gone).zone == ZoneInfo("UTC")
