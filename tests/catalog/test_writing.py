"""Names in any script carry their language and direction."""

import pytest

from catalog.writing import writing_of
from musicsite.templatetags.look import named


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Salt Road", "", ""),
        ("Maré Vazia", "", ""),
        ("1999", "", ""),
        ("🌾", "", ""),
        ("", "", ""),
        ("Ночной трамвай", "ru", ""),
        ("Тихі їжаки", "uk", ""),
        ("Ξενιτεμένο φως", "el", ""),
        ("雨の図書館", "ja", ""),
        ("夜航船", "zh", ""),
        ("새벽 기차", "ko", ""),
        ("धीमी बारिश", "hi", ""),
        ("شارع البحر", "ar", "rtl"),
        ("چراغ‌ها", "fa", "rtl"),
        ("ערב בנמל", "he", "rtl"),
        ("Песня 2 (live)", "ru", ""),
        ("The Long Road (شارع)", "", "auto"),
        ("Trick \u202eeltit", "", "auto"),
    ],
)
def test_a_name_is_read_as_its_letters_say(text, language, direction):
    assert writing_of(text) == (language, direction)


def test_what_somebody_knows_is_believed():
    assert writing_of("夜航船", "ja") == ("ja", "")
    assert writing_of("Maré Vazia", "pt") == ("pt", "")
    assert writing_of("Shab", "fa") == ("fa", "rtl")


def test_a_name_in_latin_letters_stands_bare():
    assert named("Salt Road") == "Salt Road"


def test_a_name_in_another_script_is_marked_up():
    assert named("شارع البحر") == '<span lang="ar" dir="rtl">شارع البحر</span>'
    assert named("雨の図書館", "") == '<span lang="ja">雨の図書館</span>'


def test_a_name_is_never_read_as_html():
    assert named("<b>Ночь</b>") == '<span lang="ru">&lt;b&gt;Ночь&lt;/b&gt;</span>'
    assert named('Salt"', '"><script>') == (
        '<span lang="&quot;&gt;&lt;script&gt;">Salt&quot;</span>'
    )
