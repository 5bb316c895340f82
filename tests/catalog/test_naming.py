import pytest

from catalog.naming import match_key, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "BEYONCE"),
        ("Sigur Rós", "sigur ros"),
        ("AC/DC", "ac dc"),
        ("  Salt   Road ", "salt road"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("Δήμητρα", "δημητρα"),
        ("Don’t", "Don't"),
    ],
)
def test_the_same_name_in_another_spelling(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("мои", "мой"), ("か", "が"), ("Salt Road", "Salt Roads")],
)
def test_another_name(one, other):
    assert normalise(one) != normalise(other)


def test_a_key_is_never_longer_than_its_column():
    assert len(match_key("a" * 500, "b" * 500)) == 300
