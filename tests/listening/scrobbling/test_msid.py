from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from listening.scrobbling.msid import msid_of, msid_of_names, track_in


@given(st.integers(min_value=1, max_value=2**62 - 1))
def test_an_msid_leads_back_to_its_track(track):
    msid = msid_of(track)

    assert track_in(msid) == track
    assert msid.version == 8
    assert msid.variant == "specified in RFC 4122"


def test_another_id_leads_to_no_track():
    assert track_in(uuid4()) is None
    assert track_in(msid_of_names("Mira Vale", "Glass Harbour")) is None


def test_one_name_has_one_msid_however_it_is_spelt():
    assert msid_of_names("MIRA VALE", "Glass Harbour") == msid_of_names(
        "Mira Vale", "glass harbour"
    )
    assert msid_of_names("Mira Vale", "Tidelines") != msid_of_names("Mira Vale", "Glass Harbour")
