"""The pages of the catalogue: artist, album, genre and track."""

import re

import pytest
from pytest_django.asserts import assertRedirects

from catalog.models import ArtistCredit, Exploration, Source, Tag, TrackRecord, TrackTag
from catalog.portrait import portrait
from catalog.services.showing import refresh_shown
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_features,
    make_genre,
    make_tag,
    make_track,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


def test_a_track_says_how_it_sounds_and_where_that_is_from(client):
    track = make_track("Salt Road", genre=make_genre("indie folk"), duration_ms=215_000)
    make_features(track, tempo=96.4, key=7, mode=0)
    tag = Tag.objects.create(name="fingerpicked")
    TrackTag.objects.create(track=track, tag=tag, source="curator")

    page = client.get(track.get_absolute_url()).content.decode()

    for words in (
        "Salt Road",
        "96 beats a minute",
        "G minor",
        "3:35",
        "indie folk",
        "fingerpicked",
    ):
        assert words in page


def test_a_track_nobody_has_measured_says_so(client):
    page = client.get(make_track().get_absolute_url()).content.decode()

    assert "Nobody has measured it yet." in page


def test_what_is_hidden_has_no_page(client):
    hidden_artist = make_artist(hidden_at=NOON)
    hidden = [
        make_track(hidden_at=NOON),
        make_track(artist=hidden_artist),
        hidden_artist,
        make_track(canonical=make_track(hidden_at=NOON)),
    ]

    for thing in hidden:
        assert client.get(thing.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("make", [make_track, make_artist])
def test_what_was_merged_leads_to_the_survivor_until_it_is_split(client, make):
    survivor = make()
    merged = make(canonical=survivor)

    assertRedirects(client.get(merged.get_absolute_url()), survivor.get_absolute_url())


@pytest.mark.parametrize("make", [make_track, make_artist, make_album, make_tag])
def test_a_wrong_name_in_an_address_leads_to_the_right_one_for_good(client, make):
    thing = make("Soleil Noir")
    right = thing.get_absolute_url()
    wrong = right.replace("soleil-noir", "old-name")

    answer = client.get(wrong, {"page": 1})

    assertRedirects(answer, f"{right}?page=1", status_code=301)


def test_an_address_may_have_any_script(client):
    track = make_track("Ночной трамвай")

    assert client.get(track.get_absolute_url()).status_code == 200
    assert client.get(f"/tracks/{track.pk}/-/")["Location"] == track.get_absolute_url()


def test_pages_say_what_they_are_to_whoever_shares_them(client):
    track = make_track("Salt Road", artist=make_artist("Petra <b>Quillon"), year=1999)
    track.genre = make_genre()
    track.save()
    tag = make_tag()
    TrackTag.objects.create(track=track, tag=tag, source="curator")
    places = [track, track.artist, make_album(), track.genre, tag]

    for url in [*(place.get_absolute_url() for place in places), "/years/1999/", "/genres/"]:
        page = client.get(url).content.decode()
        assert '<meta property="og:title" content="' in page
        assert f'<link rel="canonical" href="http://testserver{url}">' in page
        assert page.count('name="description"') == 1
        assert page.count('property="og:image" content="http://testserver/static/share') == 1
        assert "Recommends music, and says why" not in page
        assert "<b>Quillon" not in page


def test_the_second_page_has_an_address_of_its_own(client):
    artist = make_artist()
    for _ in range(51):
        make_track(artist=artist)

    page = client.get(artist.get_absolute_url(), {"page": 2}).content.decode()

    address = f"http://testserver{artist.get_absolute_url()}?page=2"
    assert f'<link rel="canonical" href="{address}">' in page


def test_an_artist_has_the_tracks_and_albums_of_those_merged_into_it(client):
    survivor = make_artist("宇多田ヒカル")
    merged = make_artist("Hikaru Utada", canonical=survivor)
    guest = make_track("With a guest")
    ArtistCredit.objects.create(track=guest, artist=merged, position=2)
    make_track("First Love", artist=merged, album=make_album("Debut", artist=merged))

    page = client.get(survivor.get_absolute_url()).content.decode()

    for words in ("Hikaru Utada", "First Love", "Debut", "With a guest", "2 tracks"):
        assert words in page


def test_a_genre_shows_what_grows_from_it(client):
    jazz = make_genre("jazz")
    bebop = make_genre("bebop", parent=jazz)
    make_track("Ornithology", genre=bebop)

    page = client.get(jazz.get_absolute_url()).content.decode()
    below = client.get(bebop.get_absolute_url()).content.decode()

    assert "Ornithology" in page
    assert bebop.get_absolute_url() in page
    assert jazz.get_absolute_url() in below


def test_a_genre_leads_to_how_it_sounds_once_it_is_explored(client):
    genre = make_genre("dream pop & more")
    url = genre.get_absolute_url()
    assert "/explore/?genre=" not in client.get(url).content.decode()

    Exploration.objects.create(
        genre=genre, tracks=20, findings={}, points={}, mark="x", computed_at=NOON
    )

    assert f"/explore/?genre={genre.slug}" in client.get(url).content.decode()


def test_the_tree_of_genres_counts_each_branch_whole(client):
    jazz, rock = make_genre("jazz"), make_genre("rock")
    bebop = make_genre("bebop", parent=jazz)
    for genre in (jazz, bebop, bebop, rock):
        make_track(genre=genre)

    tree = client.get("/genres/").context["tree"]

    assert [(branch.genre, branch.tracks) for branch in tree] == [(jazz, 3), (rock, 1)]
    assert [(branch.genre, branch.tracks) for branch in tree[0].branches] == [(bebop, 2)]


def test_no_genres_yet(client):
    assert "No genres yet" in client.get("/genres/").content.decode()


def test_a_year_leads_to_the_years_around_it(client):
    for year in (1960, 1975, 1980):
        make_track(f"Of {year}", year=year)

    page = client.get("/years/1975/").content.decode()

    assert "Of 1975" in page
    assert "Of 1960" not in page
    assert "/years/1960/" in page
    assert "/years/1980/" in page


@pytest.mark.parametrize("number", ["1974", "0", "99999999999999999999"])
def test_a_year_without_tracks_has_no_page(client, number):
    make_track(year=1975)

    assert client.get(f"/years/{number}/").status_code == 404


def test_a_track_stands_beside_its_genre(client):
    fado = make_genre("fado")
    for _ in range(5):
        make_features(make_track(genre=fado), acousticness=0.3, energy=0.6)
    track = make_track(genre=fado)
    make_features(track, acousticness=0.95, energy=0.1)

    page = client.get(track.get_absolute_url()).content.decode()

    assert "More acoustic and calmer than the average of its genre." in page
    assert "average of 6 tracks of fado" in page
    assert 'class="radar"' in page


def test_a_small_genre_has_no_average(client):
    track = make_track(genre=make_genre())
    make_features(track)

    page = client.get(track.get_absolute_url()).content.decode()

    assert "the average of its genre" not in page
    assert 'class="radar"' in page


def test_a_track_half_measured_has_no_figure(client):
    track = make_track()
    make_features(track, tempo=None)

    assert 'class="radar"' not in client.get(track.get_absolute_url()).content.decode()


def test_a_track_says_who_says_what(client):
    track = make_track("Salt Road", year=2012)
    make_features(track, source=Source.KAGGLE_TRACKS, tempo=98.0)
    shown = make_features(track, source=Source.AUDIO, tempo=92.0)
    TrackRecord.objects.create(
        track=track, source=Source.CSV, source_id="1", said={"year": 2012}, said_at=NOON
    )
    TrackRecord.objects.create(
        track=track, source=Source.MSD, source_id="2", said={"year": 2013}, said_at=NOON
    )

    values = {value.name: value for value in portrait(track).values}

    assert track.features == shown
    assert values["Tempo"][1:4] == ("92 beats a minute", "", "audio file")
    assert values["Tempo"].others == [("Kaggle: Spotify tracks dataset", "98 beats a minute")]
    assert values["Year"][1:4] == ("2012", "", "CSV file")
    assert values["Year"].others == [("Million Song Dataset", "2013")]
    assert values["Title"].source == "curator"
    assert "98 beats a minute" in client.get(track.get_absolute_url()).content.decode()


def test_a_value_that_fills_a_gap_names_its_own_source(client):
    track = make_track()
    make_features(track, source=Source.AUDIO, tempo=92.0, valence=None)
    make_features(track, source=Source.KAGGLE_TRACKS, tempo=98.0, valence=0.3)

    refresh_shown([track.pk])
    track.refresh_from_db()

    values = {value.name: value for value in portrait(track).values}
    assert values["Tempo"].source == "audio file"
    assert values["Tempo"].others == [("Kaggle: Spotify tracks dataset", "98 beats a minute")]
    assert values["Mood, sad to happy"].source == "Kaggle: Spotify tracks dataset"
    assert "combined" not in client.get(track.get_absolute_url()).content.decode()


def test_a_track_costs_the_same_however_much_is_known(client):
    track = make_track(genre=make_genre(), album=make_album())
    make_features(track)
    before = count_queries(client, track.get_absolute_url())

    for number, source in enumerate([Source.AUDIO, Source.CSV, Source.MSD]):
        make_features(track, source=source)
        said = {"year": 2000 + number, "title": "Other"}
        TrackRecord.objects.create(
            track=track, source=source, source_id="1", said=said, said_at=NOON
        )
        TrackTag.objects.create(track=track, tag=make_tag(), source=source)

    assert count_queries(client, track.get_absolute_url()) == before


def test_lists_the_tracks_of_an_artist_an_album_and_a_genre(client):
    artist, genre = make_artist("Ольха и Соль"), make_genre()
    album = make_album("Long Play", artist=artist)
    make_track("Ночной трамвай", artist=artist, album=album, genre=genre)

    for place in (artist, album, genre):
        page = client.get(place.get_absolute_url()).content.decode()
        assert "Ночной трамвай" in page
        assert "1 track" in page


def test_an_empty_genre_says_so(client):
    assert "No tracks here" in client.get(make_genre().get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "url",
    ["/artists/1/x/", "/albums/1/x/", "/genres/none/", "/tracks/1/x/", "/tags/1/x/", "/years/1/"],
)
def test_what_does_not_exist_is_not_found(client, db, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "999999", ""])
def test_a_strange_page_number_gets_a_page(client, number):
    url = make_artist().get_absolute_url()

    assert client.get(url, {"page": number}).status_code == 200


def test_a_list_costs_the_same_however_long(client):
    artist = make_artist()
    make_features(make_track(artist=artist, album=make_album(artist=artist), genre=make_genre()))
    before = count_queries(client, artist.get_absolute_url())

    for _ in range(5):
        track = make_track(artist=artist, album=make_album(artist=artist), genre=make_genre())
        make_features(track)

    assert count_queries(client, artist.get_absolute_url()) == before


def test_every_list_costs_the_same_however_long(client):
    genre, tag, album = make_genre(), make_tag(), make_album()
    urls = [genre.get_absolute_url(), tag.get_absolute_url(), album.get_absolute_url()]
    urls += ["/years/1999/", "/genres/"]

    def add_one():
        track = make_track(genre=genre, album=album, year=1999)
        make_features(track)
        TrackTag.objects.create(track=track, tag=tag, source="curator")
        make_genre(parent=genre)

    add_one()
    before = [count_queries(client, url) for url in urls]
    for _ in range(4):
        add_one()

    assert [count_queries(client, url) for url in urls] == before


def test_the_sitemap_names_every_page_that_shows(client):
    shown = make_track("Salt Road", year=1999, album=make_album(), genre=make_genre())
    hidden = make_track("Gone", hidden_at=NOON)

    index = client.get("/sitemap.xml").content.decode()
    names = re.findall("<loc>http://testserver(.*?)</loc>", index)
    listed = "".join(client.get(name).content.decode() for name in names)

    for place in (shown, shown.artist, shown.album, shown.genre):
        assert f"<loc>http://testserver{place.get_absolute_url()}</loc>" in listed
    assert "<loc>http://testserver/years/1999/</loc>" in listed
    assert hidden.get_absolute_url() not in listed


def test_a_sitemap_that_does_not_exist(client):
    assert client.get("/sitemap-none.xml").status_code == 404


def test_robots_are_told_where_the_sitemap_is(client):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in answer.content.decode()
    assert "Disallow: /search/" in answer.content.decode()
