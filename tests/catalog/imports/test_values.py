import pytest

from catalog.imports import values
from catalog.imports.rows import Unreadable


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("1.01E-06", 1.01e-06), (" 7 ", 7), ("0,5", 0.5), ("", None), ("nan", None),
     ("NULL", None), ("inf", None)],
)  # fmt: skip
def test_a_number(text, value):
    assert values.number(text) == value


@pytest.mark.parametrize("text", ["fast", "1;2", "0x10", "1,234,567"])
def test_no_number(text):
    with pytest.raises(Unreadable, match="is not a number"):
        values.number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("True", True), ("false", False), ("1", True), ("0", False), ("yes", True), ("", None)],
)
def test_yes_or_no(text, value):
    assert values.boolean(text) is value


def test_neither_yes_nor_no():
    with pytest.raises(Unreadable, match="neither yes nor no"):
        values.boolean("maybe")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1999", 1999), ("1999-05", 1999), ("1999-05-04", 1999), ("04/05/1999", 1999), ("0000", None),
     ("0", None), ("0000-00-00", None), ("1200", None), ("", None)],
)  # fmt: skip
def test_the_year_of_a_date(text, value):
    assert values.year(text) == value


def test_no_date():
    with pytest.raises(Unreadable, match="is not a date"):
        values.year("last summer")


@pytest.mark.parametrize(
    ("text", "value"), [("3:25", 205_000), ("205.5", 205_500), ("0", None), ("-3", None)]
)
def test_a_duration(text, value):
    assert values.seconds(text) == value


def test_a_duration_of_days_is_none():
    assert values.milliseconds("999999999") is None


@pytest.mark.parametrize(
    ("text", "between", "names"),
    [
        ("['Queen', 'David Bowie']", None, ("Queen", "David Bowie")),
        ('["Guns N\' Roses"]', None, ("Guns N' Roses",)),
        ("Ingrid Michaelson;ZAYN", ";", ("Ingrid Michaelson", "ZAYN")),
        ("Tyler, The Creator", None, ("Tyler, The Creator",)),
        ("A feat. B", None, ("A", "B")),
        ("A (Featuring B & C)", None, ("A", "B & C")),
        ("A;A; ;B", ";", ("A", "B")),
        ("Simon &amp; Garfunkel", None, ("Simon & Garfunkel",)),
        ("[unknown]", None, ("[unknown]",)),
        ("[]", None, ()),
    ],
)
def test_names(text, between, names):
    assert values.names(text, between) == names


@pytest.mark.parametrize("text", ["['Queen'", "['Queen', 3]", "['a' 'b', __import__('os')]"])
def test_what_only_looks_like_a_list_is_run_by_nobody(text):
    if text.endswith("]"):
        with pytest.raises(Unreadable, match="not a list of names"):
            values.names(text, None)
    else:
        assert values.names(text, None) == (text,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rock &amp; Roll", "Rock & Roll"),
        ("  two\t spaces ", "two spaces"),
        ("Cafe\u0301", "Café"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("safe\u202egnp", "safe gnp"),
        ("nan", ""),
    ],
)
def test_a_name_is_cleaned(text, name):
    assert values.known(text) == name


@pytest.mark.parametrize(
    ("read", "text", "found"),
    [
        (values.spotify, "spotify:track:2ZyuwVvV6Z3XJaXIFbspeE", "2ZyuwVvV6Z3XJaXIFbspeE"),
        (values.spotify, "https://open.spotify.com/track/2ZyuwVvV6Z3XJaXIFbspeE?si=1",
         "2ZyuwVvV6Z3XJaXIFbspeE"),
        (values.spotify, "17", None),
        (values.isrc, "gb-aye-06-01498", "GBAYE0601498"),
        (values.isrc, "GBAYE", None),
        (values.msd, "SOZWCG", None),
        (values.msd, "SOVYKGO12AB0187199", "SOVYKGO12AB0187199"),
        (values.musicbrainz, "DB92A151-1AC2-438B-BC43-B82E149DDD50",
         "db92a151-1ac2-438b-bc43-b82e149ddd50"),
    ],
)  # fmt: skip
def test_ids(read, text, found):
    pair = read(text)

    assert (pair and pair[1]) == found
