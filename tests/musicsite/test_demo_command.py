"""`manage.py demo` on a database, with a world made tiny."""

import functools

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.models import Listener, User
from catalog.models import (
    Album,
    Artist,
    ArtistCredit,
    Exploration,
    FeatureSet,
    Genre,
    Source,
    Tag,
    Track,
    TrackGenre,
    TrackTag,
    Work,
)
from catalog.naming import match_key
from listening.models import Feedback, FeedbackChange, FeedbackKind, Play
from musicsite.demo.genres import GENRES, PARENTS
from musicsite.demo.known import CURATOR, KNOWN_ARTISTS, PASSWORD, ROSALIND
from musicsite.demo.load import doings, world
from musicsite.demo.world import Size
from musicsite.management.commands import demo
from recommendations.models import ModelVersion
from tests.factories import make_feedback, make_listener, make_play, make_track

pytestmark = pytest.mark.django_db

TINY = Size(artists=60, listeners=25, plays=900)
EVERYTHING = (
    Album, Artist, ArtistCredit, EmailAddress, FeatureSet, Feedback, FeedbackChange, Genre,
    Listener, ModelVersion, Play, Tag, Track, TrackGenre, TrackTag, User, Work,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _tiny(monkeypatch, settings):
    monkeypatch.setattr(demo, "load_world", functools.partial(world.load_world, size=TINY))
    settings.HTTPS = False


@pytest.fixture
def world_alone(monkeypatch):
    """Nothing is trained or explored, which no test of the world itself asks for."""
    monkeypatch.setattr(demo.pipeline, "train", lambda **given: None)
    monkeypatch.setattr(demo, "explore", lambda **given: None)


def counts():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def newest():
    return [m.objects.order_by("pk").values_list("pk", flat=True).last() for m in EVERYTHING]


def test_it_loads_a_world_trains_and_tells_the_logins(capsys):
    call_command("demo")

    told = capsys.readouterr().out
    assert ROSALIND in told
    assert CURATOR in told
    assert PASSWORD in told
    assert "fictional" in told
    assert Artist.objects.shown().count() == TINY.artists
    assert Track.objects.playable().count() > 300
    assert Play.objects.count() > TINY.plays
    assert ModelVersion.objects.live().count() == 1
    assert Exploration.objects.get(genre=None).tracks == Track.objects.playable().count()


def test_a_second_time_changes_nothing(capsys, django_assert_max_num_queries):
    call_command("demo")
    before = counts(), newest()

    with django_assert_max_num_queries(3):
        call_command("demo")

    assert (counts(), newest()) == before
    assert "here already" in capsys.readouterr().out


@pytest.mark.usefixtures("world_alone")
def test_everything_says_that_it_is_fictional():
    call_command("demo")

    for model in (Artist, Album, Track, FeatureSet, TrackGenre, TrackTag, Play):
        assert not model.objects.exclude(source=Source.DEMO).exists()
    assert not User.objects.exclude(email__endswith="@demo.example").exclude(
        email__in=(ROSALIND, CURATOR)
    )


@pytest.mark.usefixtures("world_alone")
def test_rosalind_logs_in_and_has_three_profiles(client):
    call_command("demo")
    rosalind = User.objects.get(email=ROSALIND)

    assert client.login(email=ROSALIND, password=PASSWORD)
    assert list(rosalind.listeners.order_by("pk").values_list("name", flat=True)) == [
        "Main", "Sleep", "Kids",
    ]  # fmt: skip
    assert EmailAddress.objects.get(user=rosalind).verified
    assert not rosalind.is_staff


@pytest.mark.usefixtures("world_alone")
def test_the_curator_may_curate_and_is_not_almighty(client):
    call_command("demo")
    curator = User.objects.get(email=CURATOR)

    assert client.login(email=CURATOR, password=PASSWORD)
    assert curator.is_staff
    assert not curator.is_superuser
    assert curator.has_perm("catalog.change_track")
    assert not curator.has_perm("accounts.change_user")


@pytest.mark.usefixtures("world_alone")
def test_the_others_cannot_log_in():
    call_command("demo")

    others = User.objects.exclude(email__in=(ROSALIND, CURATOR))

    assert others.count() == TINY.listeners
    assert not any(other.has_usable_password() for other in others)
    assert not others.filter(is_staff=True).exists()


@pytest.mark.usefixtures("world_alone")
def test_tracks_are_whole():
    call_command("demo")
    names = {artist.name: artist for artist in KNOWN_ARTISTS}

    track = Track.objects.select_related("artist", "genre", "genre__parent", "features").get(
        title="Harbour Lights", artist__name="The Lanternfish Parade"
    )

    assert track.genre.name == names["The Lanternfish Parade"].genre
    assert track.genre.parent.name == "folk"
    assert track.match_key == match_key("The Lanternfish Parade", "Harbour Lights")
    assert "harbour lights" in track.search_text
    assert [credit.artist for credit in track.credits.all()] == [track.artist]
    assert track.features is None or track.features.track_id == track.pk
    assert Track.objects.filter(features=None).count() == len(
        set(Track.objects.values_list("pk", flat=True))
        - set(FeatureSet.objects.values_list("track", flat=True))
    )


@pytest.mark.usefixtures("world_alone")
def test_a_guest_stands_in_the_credit():
    call_command("demo")

    with_guest = Track.objects.exclude(credit="").first()
    first, second = with_guest.credits.order_by("position").select_related("artist")

    assert with_guest.credit == f"{first.artist.name}{first.join_phrase}{second.artist.name}"


@pytest.mark.usefixtures("world_alone")
def test_genres_that_stand_already_are_taken(capsys):
    mine = Genre.objects.create(name="fado", slug="my-fado")

    call_command("demo")

    assert Genre.objects.count() == len(GENRES) + len(PARENTS)
    assert Genre.objects.get(name="fado") == mine
    assert Track.objects.filter(genre=mine).exists()


@pytest.mark.usefixtures("world_alone")
def test_plays_count_as_the_site_counts_them():
    call_command("demo")

    assert Play.objects.filter(skipped=True, ms_played__gte=30_000).count() == 0
    assert Play.objects.filter(skipped=False, ms_played__lt=30_000).count() == 0
    assert not Listener.objects.filter(taste_version=0).exists()


@pytest.mark.usefixtures("world_alone")
def test_every_opinion_has_its_history():
    call_command("demo")

    assert Feedback.objects.filter(kind=FeedbackKind.LIKE).exists()
    assert Feedback.objects.count() == FeedbackChange.objects.count()


@pytest.mark.usefixtures("world_alone")
def test_what_was_left_half_way_is_hidden_and_made_anew(monkeypatch, capsys):
    stop = functools.partial(pytest.fail, "stopped")
    with monkeypatch.context() as broken:
        broken.setattr(doings, "_opinion", lambda *given: stop())
        with pytest.raises(pytest.fail.Exception):
            call_command("demo")
    half = Play.objects.count()
    assert not Track.objects.playable().exists()

    call_command("demo")

    assert half > 0
    assert Play.objects.count() == half
    assert User.objects.filter(email=ROSALIND).count() == 1
    assert Artist.objects.count() == Artist.objects.shown().count() == TINY.artists
    assert "half-way" in capsys.readouterr().out


def test_a_stopped_training_is_made_up_for():
    call_command("demo")
    ModelVersion.objects.all().delete()

    call_command("demo")

    assert ModelVersion.objects.live().count() == 1


@pytest.mark.usefixtures("world_alone")
def test_a_site_on_the_internet_is_asked_first(settings):
    settings.HTTPS = True

    with pytest.raises(CommandError, match="--force"):
        call_command("demo")
    assert not User.objects.exists()

    call_command("demo", "--force")
    assert User.objects.filter(email=ROSALIND).exists()


@pytest.mark.parametrize("make", [make_track, make_play])
def test_a_site_with_real_music_is_asked_first(make):
    make()

    with pytest.raises(CommandError, match="--force"):
        call_command("demo")

    assert not Artist.objects.filter(source=Source.DEMO).exists()


def test_it_is_taken_out_again_and_leaves_what_is_of_others():
    solaris = make_track("Solaris")
    play = make_play(track=solaris)
    like = make_feedback(play.listener, track=solaris)
    before = counts()
    call_command("demo", "--force")

    call_command("demo", "--remove")

    kept = {"Genre", "Tag", "ModelVersion"}
    assert {name: n for name, n in counts().items() if name not in kept} == {
        name: n for name, n in before.items() if name not in kept
    }
    assert Play.objects.get() == play
    assert Feedback.objects.get() == like


@pytest.mark.usefixtures("world_alone")
def test_it_is_not_taken_out_from_under_a_real_listener():
    call_command("demo")
    make_play(make_listener("Main"), Track.objects.first())
    before = counts()

    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("demo", "--remove")

    assert counts() == before


@pytest.mark.usefixtures("world_alone")
def test_a_real_listener_at_a_half_loaded_world_stops_nothing_of_theirs(monkeypatch):
    call_command("demo")
    mine = make_play(make_listener("Main"), Track.objects.first(), source=Play.Source.SITE)
    Artist.objects.update(hidden_at=mine.started_at)

    with pytest.raises(CommandError):
        call_command("demo", "--force")

    assert Play.objects.filter(pk=mine.pk).exists()
