"""The playlists of a listener, one of them, and the menu that adds a track."""

import re

import pytest
from django.urls import reverse

from accounts.models import Partner
from catalog.models import AudioFile, Track
from playlists.models import Playlist
from playlists.views import pages
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_artist,
    make_listener,
    make_playlist,
    make_track,
    make_user,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PLAYLISTS, NEW = reverse("playlists"), reverse("new_playlist")
ODD_NAMES = {
    "right to left": "أغاني المطر",
    "both ways": "Rain أغاني المطر 2026",
    "turned around": "\u202eniaR",
    "emoji": "👩‍👩‍👧 🌧️ drive",
    "many marks": "Z̷̢̛͎a̶͓l̴g̶o̸",
    "html": "<b>Rain</b> & “more”",
    "long": "Rain" * 50,
}


def acts_on(playlist):
    """Every address at which a playlist is changed, with something to send there."""
    return {
        reverse("change_playlist", args=[playlist.pk]): {"name": "Mine"},
        reverse("show_playlist", args=[playlist.pk]): {"public": "on"},
        reverse("delete_playlist", args=[playlist.pk]): {},
        reverse("remove_from_playlist", args=[playlist.pk]): {
            "entry": getattr(playlist.entries.first(), "pk", 0)
        },
        reverse("put_back", args=[playlist.pk]): {"removed": "x"},
    }


def adding(track):
    return reverse("add_to_playlist", args=[track.pk])


def text(response):
    """What a page says; spaces and line breaks between words are one."""
    return " ".join(response.content.decode().split())


def order(playlist):
    return list(playlist.entries.order_by("position").values_list("track__title", flat=True))


# The playlists of a listener


def test_the_page_of_a_newcomer_says_how_to_make_one(as_listener):
    page = text(as_listener.get(PLAYLISTS))

    assert "No playlist yet" in page
    assert f'action="{NEW}"' in page


def test_playlists_stand_with_their_counts_the_last_changed_first(as_listener):
    make_playlist(as_listener.listener, name="Old", tracks=[make_track()])
    later = NOON.replace(hour=20)
    make_playlist(
        as_listener.listener,
        name="New",
        tracks=[make_track(), make_track()],
        is_public=True,
        changed_at=later,
    )
    make_playlist(name="Somebody else’s", is_public=True)
    make_playlist(make_listener("Sleep", user=as_listener.user), name="Of another profile")

    page = text(as_listener.get(PLAYLISTS))

    assert re.findall(r"<b>(\w+)</b>", page) == ["New", "Old"]
    assert "2 tracks · public" in page
    assert "1 track <" in page
    assert "Somebody else" not in page
    assert "another profile" not in page


def test_the_first_four_tracks_stand_for_a_playlist(as_listener):
    make_playlist(as_listener.listener, tracks=[make_track(f"T{n}") for n in range(6)])

    (card,) = as_listener.get(PLAYLISTS).context["cards"]

    assert [track.title for track in card.tracks] == ["T0", "T1", "T2", "T3"]


def test_playlists_are_in_the_navigation(as_listener):
    page = text(as_listener.get(reverse("listening")))

    assert f'<a href="{PLAYLISTS}">Playlists</a>' in page


def test_a_playlist_is_made_and_opens(as_listener):
    page = as_listener.post(NEW, {"name": "Rain"}, follow=True)

    made = Playlist.objects.get()
    assert (made.name, made.listener) == ("Rain", as_listener.listener)
    assert page.redirect_chain[-1][0] == made.get_absolute_url()
    assert "is made" in text(page)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\0b"])
def test_a_name_that_is_none_is_refused_in_words(as_listener, name):
    page = text(as_listener.post(NEW, {"name": name}))

    assert 'class="error"' in page
    assert not Playlist.objects.exists()


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_any_name_survives(as_listener, client, name):
    as_listener.post(NEW, {"name": name})
    made = Playlist.objects.get()
    assert made.name == name
    Playlist.objects.update(is_public=True)
    track = make_track("أغنية 🎵")

    pages = [
        as_listener.get(PLAYLISTS),
        as_listener.get(made.get_absolute_url()),
        as_listener.get(reverse("delete_playlist", args=[made.pk])),
        as_listener.get(adding(track)),
        as_listener.post(adding(track), {"playlist": made.pk, "in_place": "1"}),
        client.get(made.get_absolute_url()),
    ]

    assert {page.status_code for page in pages} == {200}
    for page in pages:
        assert "<b>Rain</b>" not in text(page)


# One playlist


def test_its_owner_sees_a_playlist_and_what_to_do_with_it(as_listener):
    tracks = [make_track("One", duration_ms=180_000), make_track("Two", duration_ms=3_600_000)]
    playlist = make_playlist(
        as_listener.listener, name="Rain", description="For <i>walks</i>\nby night", tracks=tracks
    )

    page = text(as_listener.get(playlist.get_absolute_url()))

    assert page.index("One</a>") < page.index("Two</a>")
    assert "2 tracks · 1 hour 3 minutes" in page
    assert "For &lt;i&gt;walks&lt;/i&gt;<br>by night" in page
    assert "only you see it" in page
    assert 'aria-label="Take One out"' in page


def test_an_empty_playlist_says_how_to_fill_it(as_listener):
    page = text(as_listener.get(make_playlist(as_listener.listener).get_absolute_url()))

    assert "Nothing in it yet" in page
    assert "Add to a playlist" in page


@pytest.mark.parametrize("who", ["a visitor", "somebody else"])
def test_a_private_playlist_is_not_there_for_others(client, who):
    playlist = make_playlist(tracks=[make_track()])
    browser = client if who == "a visitor" else logged_in(make_user())

    assert browser.get(playlist.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["a visitor", "somebody else"])
def test_a_public_playlist_is_there_for_who_has_the_address(client, who):
    listener = make_listener(handle="rosalind-7")
    playlist = make_playlist(listener, name="Rain", tracks=[make_track("One")], is_public=True)
    browser = client if who == "a visitor" else logged_in(make_user())

    page = text(browser.get(playlist.get_absolute_url()))

    assert "One</a>" in page
    assert "by rosalind-7" in page
    assert listener.user.email not in page
    assert '<meta property="og:title" content="Rain">' in page
    for address in acts_on(playlist):
        assert address not in page


def test_a_partners_playlist_is_no_visitors_own(client):
    partner = Partner.objects.create(name="Café")
    playlist = make_playlist(make_listener(partner=partner, external_id="7"), is_public=True)

    page = text(client.get(playlist.get_absolute_url()))

    assert "Delete this playlist" not in page


def test_a_visitor_finds_no_buttons_that_need_a_login(client):
    playlist = make_playlist(tracks=[make_track("One")], is_public=True)

    assert "track-acts" not in text(client.get(playlist.get_absolute_url()))


@pytest.fixture
def with_hidden():
    """A public playlist, two of whose tracks curators have hidden, and one of merged tracks."""
    hidden = make_track("Hidden", hidden_at=NOON)
    of_hidden = make_track("Of a hidden artist", artist=make_artist(hidden_at=NOON))
    survivor = make_track("Survivor")
    merged = make_track("Merged", canonical=survivor)
    gone = make_track("Gone", canonical=hidden)
    return make_playlist(
        tracks=[hidden, make_track("Here"), of_hidden, merged, gone], is_public=True
    )


def test_what_curators_hid_is_not_shown_to_the_public(client, with_hidden):
    page = text(client.get(with_hidden.get_absolute_url()))

    assert re.findall(r"(?:\w+)</a></h3>", page) == ["Here</a></h3>", "Survivor</a></h3>"]
    assert "Hidden" not in page
    assert "Of a hidden artist" not in page
    assert "2 tracks" in page
    assert re.findall(r'track-rank">(\d)', page) == ["1", "2"]


def test_its_owner_sees_what_is_hidden_and_can_take_it_out(with_hidden):
    page = text(logged_in(with_hidden.listener.user).get(with_hidden.get_absolute_url()))

    assert page.count("Hidden by a curator. Only you see it here.") == 3
    assert Track.objects.get(title="Hidden").get_absolute_url() not in page
    assert 'aria-label="Take Hidden out"' in page
    assert re.findall(r'track-rank">(\d)', page) == ["1", "2", "3", "4", "5"]


def test_what_can_be_heard_here_is_played_here(client, with_hidden):
    here = Track.objects.get(title="Here")
    AudioFile.objects.create(
        track=here,
        source_id="here.mp3",
        path="here.mp3",
        mime_type="audio/mpeg",
        size=1,
        audience="everyone",
        modified_at=NOON,
        added_at=NOON,
    )

    page = text(client.get(with_hidden.get_absolute_url()))

    assert 'aria-label="Play Here"' in page


@pytest.mark.parametrize("number", ["0", "99999999", "99999999999999999999", "x"])
def test_a_page_that_is_not_there_is_another(as_listener, number):
    playlist = make_playlist(as_listener.listener, tracks=[make_track("One")])

    page = as_listener.get(playlist.get_absolute_url(), {"page": number})

    assert "One</a>" in text(page)


# What its owner does


def test_a_playlist_is_renamed_and_described(as_listener):
    playlist = make_playlist(as_listener.listener)

    page = as_listener.post(
        reverse("change_playlist", args=[playlist.pk]),
        {"name": "Rain", "description": "By night"},
        follow=True,
    )

    playlist.refresh_from_db()
    assert (playlist.name, playlist.description) == ("Rain", "By night")
    assert "Saved." in text(page)


def test_a_playlist_keeps_its_name_where_the_new_one_is_none(as_listener):
    playlist = make_playlist(as_listener.listener, name="Rain")

    page = text(as_listener.post(reverse("change_playlist", args=[playlist.pk]), {"name": " "}))

    playlist.refresh_from_db()
    assert playlist.name == "Rain"
    assert 'class="error"' in page


def test_a_playlist_is_shown_and_hidden_again(as_listener, client):
    playlist = make_playlist(as_listener.listener)
    switch, address = reverse("show_playlist", args=[playlist.pk]), playlist.get_absolute_url()

    page = text(as_listener.post(switch, {"public": "on"}, follow=True))
    assert "Anybody can see it now." in page
    assert f'value="http://testserver{address}"' in page
    assert client.get(address).status_code == 200

    page = text(as_listener.post(switch, {"public": "off"}, follow=True))
    assert "Only you see it now." in page
    assert client.get(address).status_code == 404


def test_a_playlist_is_deleted_after_a_question(as_listener):
    playlist = make_playlist(as_listener.listener, name="Rain", tracks=[make_track()])
    url = reverse("delete_playlist", args=[playlist.pk])

    assert "1 entry" in text(as_listener.get(url))
    assert Playlist.objects.exists()
    page = as_listener.post(url, follow=True)

    assert not Playlist.objects.exists()
    assert page.redirect_chain[-1][0] == PLAYLISTS
    assert "is deleted" in text(page)


def test_a_track_is_taken_out_and_put_back(as_listener):
    playlist = make_playlist(
        as_listener.listener, tracks=[make_track("One"), make_track("Two"), make_track("Three")]
    )
    middle = playlist.entries.get(position=2)

    page = as_listener.post(
        reverse("remove_from_playlist", args=[playlist.pk]), {"entry": middle.pk}, follow=True
    )
    assert order(playlist) == ["One", "Three"]
    assert "<cite>Two</cite> is out of this playlist." in text(page)

    sealed = page.context["undo"]["removed"]
    page = as_listener.post(
        reverse("put_back", args=[playlist.pk]), {"removed": sealed}, follow=True
    )
    assert order(playlist) == ["One", "Two", "Three"]
    assert "It is back." in text(page)
    again = as_listener.get(playlist.get_absolute_url(), {"removed": sealed})
    assert again.context["undo"] is None
    page = as_listener.post(
        reverse("put_back", args=[playlist.pk]), {"removed": sealed}, follow=True
    )
    assert "is already in" in text(page)


def test_a_track_that_is_out_already_is_said_to_be(as_listener):
    playlist = make_playlist(as_listener.listener, tracks=[make_track("One")])
    other = make_playlist(as_listener.listener, tracks=[make_track("Other")])
    url = reverse("remove_from_playlist", args=[playlist.pk])

    for entry in ("", "x", "9" * 30, other.entries.get().pk):
        page = as_listener.post(url, {"entry": entry}, follow=True)
        assert "not in this playlist any more" in text(page)

    assert order(playlist) == ["One"]
    assert order(other) == ["Other"]


def test_nobody_makes_up_what_was_taken_out(as_listener):
    playlist = make_playlist(as_listener.listener, tracks=[make_track("One")])
    other = make_playlist(as_listener.listener)
    page = as_listener.post(
        reverse("remove_from_playlist", args=[playlist.pk]),
        {"entry": playlist.entries.get().pk},
        follow=True,
    )
    sealed = page.context["undo"]["removed"]

    made_up = [(playlist, sealed + "x"), (playlist, ""), (playlist, "1:2:3"), (other, sealed)]
    for one, value in made_up:
        answer = as_listener.post(reverse("put_back", args=[one.pk]), {"removed": value})
        assert answer.status_code == 400
    assert as_listener.get(other.get_absolute_url(), {"removed": sealed}).context["undo"] is None


def test_removing_stays_on_its_page(as_listener, monkeypatch):
    monkeypatch.setattr("playlists.views.pages.TRACKS", 2)
    playlist = make_playlist(as_listener.listener, tracks=[make_track(f"T{n}") for n in range(5)])
    page = text(as_listener.get(playlist.get_absolute_url(), {"page": 2}))
    action = re.search(r'action="([^"]*remove/[^"]*)"', page).group(1)

    page = as_listener.post(action, {"entry": playlist.entries.get(position=3).pk}, follow=True)

    assert page.context["page"].number == 2
    assert re.findall(r'track-rank">(\d)', text(page)) == ["3", "4"]


# Who may not


@pytest.mark.parametrize("is_public", [True, False])
def test_what_changes_a_playlist_is_not_there_for_others(as_listener, is_public):
    playlist = make_playlist(name="Rain", tracks=[make_track("One")], is_public=is_public)

    statuses = {as_listener.post(url, sent).status_code for url, sent in acts_on(playlist).items()}

    assert statuses == {404}
    playlist.refresh_from_db()
    assert (playlist.name, playlist.version, order(playlist)) == ("Rain", 0, ["One"])


def test_a_visitor_is_led_to_the_login(client):
    playlist, track = make_playlist(tracks=[make_track()], is_public=True), make_track()
    login = reverse("account_login")

    for url, sent in (
        acts_on(playlist) | {adding(track): {"name": "x"}, NEW: {"name": "x"}}
    ).items():
        assert client.post(url, sent).url.startswith(login)
    for url in (PLAYLISTS, adding(track)):
        assert client.get(url).url.startswith(login)
    assert Playlist.objects.count() == 1


def test_a_change_takes_a_click(as_listener):
    playlist = make_playlist(as_listener.listener, tracks=[make_track()])
    deleting = reverse("delete_playlist", args=[playlist.pk])

    for url in {*acts_on(playlist), NEW} - {deleting}:
        assert as_listener.get(url).status_code == 405


def test_a_playlist_that_went_in_between_is_said_to_be_gone(as_listener, monkeypatch):
    """Another tab deletes it after this one has found it."""
    playlist = make_playlist(as_listener.listener, tracks=[make_track()])
    found = pages.own_or_404

    def found_then_gone(request, pk):
        own = found(request, pk)
        Playlist.objects.filter(pk=pk).delete()
        return own

    monkeypatch.setattr(pages, "own_or_404", found_then_gone)
    page = as_listener.post(
        reverse("change_playlist", args=[playlist.pk]), {"name": "Rain"}, follow=True
    )

    assert "There is no such playlist of yours." in text(page)


# However much there is


def test_the_page_of_all_costs_the_same_however_many(as_listener):
    def more():
        make_playlist(as_listener.listener, tracks=[make_track() for _ in range(3)])

    more()
    before = count_queries(as_listener, PLAYLISTS)
    for _ in range(5):
        more()

    assert count_queries(as_listener, PLAYLISTS) == before


@pytest.mark.parametrize("is_own", [True, False])
def test_a_playlist_costs_the_same_however_long(as_listener, is_own):
    listener = as_listener.listener if is_own else make_listener()

    def playlist_of(count):
        tracks = [make_track() for _ in range(count)]
        tracks += [make_track(canonical=make_track(), artist=make_artist()) for _ in range(count)]
        return make_playlist(listener, tracks=tracks, is_public=True).get_absolute_url()

    before = count_queries(as_listener, playlist_of(2))

    assert count_queries(as_listener, playlist_of(12)) == before
