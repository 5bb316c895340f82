"""The pages of Explore: each chart with a sentence that is true and a table of its numbers."""

import json
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from catalog.models import Exploration
from tests.catalog.explored import explore_now, make_catalogue, make_tracks
from tests.factories import NOON, make_features, make_genre, make_track
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

EXPLORE = "/explore/"


class Outline(HTMLParser):
    """What stands in each figure and section, and the text of the whole page."""

    def __init__(self, text):
        super().__init__()
        self.figures, self.text, self._open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "figure":
            self._open.append(set())
        for figure in self._open:
            figure.add(tag)

    def handle_endtag(self, tag):
        if tag == "figure":
            self.figures.append(self._open.pop())

    def handle_data(self, data):
        self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def read(client, expect=200, **chosen):
    response = client.get(EXPLORE, chosen)
    assert response.status_code == expect
    return Outline(response.content.decode()).words


def data_of(client, element, **chosen):
    page = client.get(EXPLORE, chosen).content.decode()
    start = page.index(f'<script id="{element}" type="application/json">')
    return json.loads(page[page.index(">", start) + 1 : page.index("</script>", start)])


def test_a_visitor_sees_the_whole_catalogue(client):
    make_catalogue()
    explore_now()

    words = read(client)

    assert "80 tracks from 1990 to 2014" in words
    assert "Computed 14 May 2026" in words


def test_a_listener_sees_it_too(as_listener):
    make_catalogue()
    explore_now()

    assert "80 tracks" in read(as_listener)


def test_every_figure_has_a_sentence_and_a_table(client):
    make_catalogue()
    explore_now()

    for chosen in ({}, {"genre": "fado"}):
        figures = Outline(client.get(EXPLORE, chosen).content.decode()).figures
        assert len(figures) >= 17
        for figure in figures:
            assert {"figcaption", "table"} <= figure
            assert {"svg", "canvas"} & figure


def test_the_sentences_say_what_the_numbers_say(client):
    make_catalogue()
    explore_now()

    words = read(client)

    # Two loudnesses: 30 tracks at -14 dB and 50 at -4.
    assert "Half of the tracks lie between −14.0 and −4.0 dB , the middle one at −4.0." in words
    assert "Most are in C" in words
    assert "With 4 beats in a bar: 100 %" in words
    assert "Marked as explicit: 26 %" in words
    assert "folk is more acoustic than 81 % of all tracks, that of metal than 31 %." in words


def test_a_genre_is_set_against_the_whole(client):
    make_catalogue()
    explore_now()

    words = read(client, genre="fado")

    assert "What fado sounds like" in words
    assert "30 tracks from 1990 to 2004" in words
    assert "Its middle track is" in words
    assert "That is quieter than 81 % of all tracks." in words
    assert "Of the catalogue 38 %" in words
    assert "Genre by genre" not in words


def test_a_branch_shows_what_grows_from_it(client):
    genres = make_catalogue()
    make_tracks(make_genre("ballad", parent=genres["folk"]), 20, acousticness=0.5)
    explore_now()

    assert "the middle track of ballad is louder than 40 % of all tracks, that of fado" in read(
        client, genre="folk"
    )


def test_the_most_typical_and_the_most_unusual_stand_with_their_reason(client):
    genres = make_catalogue()
    odd = make_track("Odd One", genre=genres["fado"], year=1995)
    make_features(odd, tempo=110, acousticness=0.9, loudness=-14, speechiness=0.96)
    explore_now()

    words = read(client, genre="fado")

    assert "Odd One" in words[words.index("Most unusual") :]
    assert "more spoken than all of the others: 96 %" in words


def test_a_track_hidden_since_is_shown_no_more(client):
    genres = make_catalogue()
    odd = make_track("Odd One", genre=genres["fado"], year=1995)
    make_features(odd, tempo=110, speechiness=0.96)
    explore_now()

    odd.hidden_at = NOON
    odd.save()

    assert "Odd One" not in read(client, genre="fado")


def test_two_measures_are_drawn_against_each_other(client):
    make_catalogue()
    explore_now()

    words = read(client, x="tempo", y="energy")
    drawn = data_of(client, "pair-data", x="tempo", y="energy")

    assert (
        "Tracks that are faster are more energetic , as a rule: the rank correlation is 1.00"
        in (words)
    )
    assert (drawn["x"], drawn["y"]) == ("Tempo, beats a minute", "Energy, %")
    assert len(drawn["points"]) == 80
    assert [80.0, 20.0] in drawn["points"]
    assert "80 tracks." in words


def test_a_large_catalogue_says_that_lots_were_drawn(client, monkeypatch):
    monkeypatch.setattr("catalog.exploring.drawing_lots.drawn.__defaults__", (25,))
    make_catalogue()
    explore_now()

    assert len(data_of(client, "pair-data")["points"]) == 25
    assert "25 tracks of 80: those that have both, drawn by lot." in read(client)


def test_a_measure_is_followed_over_the_years(client):
    make_tracks(make_genre("soul"), 100, year=1980)  # 20 in each of five decades
    explore_now()

    words = read(client, feature="energy")
    drawn = data_of(client, "years-data", feature="energy")

    assert "Over the years it grew more energetic : the middle track went from about 26 % to" in (
        words
    )
    assert drawn["labels"] == ["1980–89", "1990–99", "2000–09", "2010–19", "2020–29"]
    assert drawn["y"] == "Energy, %"
    middle = drawn["sets"][2]["values"]
    assert middle == sorted(middle)
    assert middle[0] == pytest.approx(25.7)


def test_what_stayed_the_same_is_said_to_have(client):
    make_tracks(make_genre("soul"), 100, year=1980)
    explore_now()

    words = read(client, feature="valence")

    assert (
        "From 1980–89 to 2020–29 hardly anything changed : the middle track stayed near 40 %"
        in (words)
    )


def test_the_greatest_change_is_shown_first(client):
    make_tracks(make_genre("soul"), 100, year=1980)
    explore_now()

    assert data_of(client, "years-data")["y"] in ("Tempo, beats a minute", "Energy, %")


def test_without_years_there_is_a_sentence_instead_of_a_line(client):
    for track in make_tracks(make_genre("soul"), 20):
        track.year = None
        track.save()
    explore_now()

    assert "Too few tracks have both a year and a measured sound" in read(client)


def test_says_what_is_missing(client):
    make_catalogue()
    make_track(genre=None, duration_ms=None)
    explore_now()

    words = read(client)

    missing = words[words.index("What is missing") :]
    assert "1 of 81 tracks lack genre ; year comes next, with 1 %." in missing


def test_a_catalogue_nobody_measured_says_so_and_stands(client):
    genre = make_genre("soul")
    for _ in range(25):
        make_track(genre=genre)
    explore_now()

    for chosen in ({}, {"genre": "soul"}):
        words = read(client, **chosen)
        assert "25 of 25 tracks lack" in words
        assert "No track has both of them." in words


@pytest.mark.parametrize("compute", [False, True], ids=["not yet computed", "no tracks"])
def test_an_empty_page_says_when_to_come_again(client, compute):
    if compute:
        explore_now()

    words = read(client)

    assert "Nothing to see yet" in words
    assert "a few minutes after the first tracks have come in" in words


def test_a_genre_of_few_tracks_says_so(client):
    make_catalogue()
    make_tracks(make_genre("polka"), 3)
    explore_now()

    words = read(client, genre="polka")

    assert "Too few tracks" in words
    assert "Explore all genres" in words


def test_a_genre_that_does_not_exist_is_not_found(client):
    assert client.get(EXPLORE, {"genre": "none"}).status_code == 404


@pytest.mark.parametrize("name", ["x", "y", "feature"])
def test_what_cannot_be_drawn_is_refused_in_a_sentence(client, name):
    make_catalogue()
    explore_now()

    words = read(client, expect=400, **{name: "<b>colour"})

    assert "There is nothing called “<b>colour” to draw. Choose from the list." in words
    assert "80 tracks" in words


@pytest.mark.parametrize("genre", ["\0", "x" * 81])
def test_a_strange_genre_is_refused(client, genre):
    assert client.get(EXPLORE, {"genre": genre}).status_code == 400


def test_only_explored_genres_can_be_chosen_branch_by_branch(client):
    make_catalogue()
    make_genre("polka")
    explore_now()

    page = client.get(EXPLORE, {"genre": "fado"}).content.decode()

    options = page[page.index('<select id="genre"') : page.index("</select>")]
    assert [word for word in ("folk", "fado", "metal", "polka") if word in options] == [
        "folk", "fado", "metal",
    ]  # fmt: skip
    assert options.index("folk") < options.index("fado") < options.index("metal")
    assert '<option value="fado" selected>' in options


def test_the_navigation_leads_here(client):
    assert reverse("explore") == EXPLORE
    assert 'href="/explore/" aria-current="page"' in client.get(EXPLORE).content.decode()


@pytest.mark.parametrize("chosen", ["", "?genre=folk"])
def test_costs_the_same_however_much_there_is(client, chosen):
    genres = make_catalogue()
    explore_now()
    before = count_queries(client, EXPLORE + chosen)

    for _ in range(4):
        make_tracks(make_genre(parent=genres["folk"]), 20)
    explore_now()

    assert Exploration.objects.count() == 8
    assert count_queries(client, EXPLORE + chosen) == before
