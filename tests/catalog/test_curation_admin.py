"""The curators' desk: what each page does, who may, and what it costs."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.admin.cells import guarded, unguarded
from catalog.models import (
    Artist,
    Change,
    ExternalId,
    Genre,
    Rule,
    Source,
    Tag,
    Track,
    TrackGenre,
    TrackRecord,
    TrackTag,
)
from catalog.services import curating, duplicates, merging
from catalog.services.indexing import index_all
from catalog.services.showing import refresh_shown
from musicsite.groups import CURATOR, ensure_groups
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_features,
    make_genre,
    make_play,
    make_track,
    make_user,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db):
    """A browser of somebody in the group of curators, who is no superuser."""
    ensure_groups()
    user = make_user("Ada", is_staff=True)
    user.groups.add(Group.objects.get(name=CURATOR))
    return logged_in(user)


@pytest.fixture
def onlooker(db):
    """A browser of staff who may look at tracks, artists and changes, and do nothing."""
    user = make_user("Olga", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="catalog", codename__startswith="view_")
    )
    return logged_in(user)


def at(name, *args, **query):
    return reverse(f"admin:catalog_{name}", args=args, query=query or None)


def do(client, model, action, rows, **answers):
    """Choose rows of a list and an action, and answer its question."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **answers}
    return client.post(at(f"{model}_changelist"), data, follow=True)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def text_of(response):
    return " ".join(response.content.decode().split())


def joined(*rows):
    return ",".join(str(row.pk) for row in rows)


# Many at once


def test_a_question_with_the_count_comes_before_the_deed(curator):
    tracks = [make_track("Solaris"), make_track("Stalker")]

    page = text_of(do(curator, "track", "hide", tracks))

    assert "Hide: 2 tracks." in page
    assert "Solaris" in page
    assert Track.objects.shown().count() == 2


def test_many_are_hidden_and_the_page_says_how_many_and_the_way_back(curator):
    tracks = [make_track(), make_track()]

    page = text_of(do(curator, "track", "hide", tracks, answer="yes"))

    change = Change.objects.get()
    assert "Hid 2 tracks." in page
    assert at("change_change", change.pk) in page
    assert change.made_by == curator.user
    assert not Track.objects.shown().exists()


def test_all_that_a_filter_finds_are_changed_together(curator):
    make_track(year=1971)
    here = make_track(year=None), make_track(year=None)
    url = at("track_changelist", gap="year")
    data = {"action": "hide", "_selected_action": [here[0].pk], "select_across": 1, "index": 0}

    curator.post(url, {**data, "answer": "yes"})

    assert set(Track.objects.filter(hidden_at__isnull=False)) == set(here)


@pytest.mark.parametrize(
    ("action", "answers", "says"),
    [
        ("mark_explicit", {}, lambda track: track.is_explicit is True),
        ("mark_clean", {}, lambda track: track.is_explicit is False),
        ("verify", {}, lambda track: track.is_verified),
        ("retag", {"add": "Slow, late"}, lambda track: track.track_tags.count() == 2),
    ],
)
def test_an_action_does_what_it_says(action, answers, says, curator):
    track = make_track(is_verified=False)

    do(curator, "track", action, [track], answer="yes", **answers)

    assert says(fresh(track))


def test_a_genre_is_set_for_many(curator):
    tracks, genre = [make_track(), make_track()], make_genre("Jazz")

    do(curator, "track", "set_genre", tracks, answer="yes", genre=genre.pk)

    assert {fresh(track).genre for track in tracks} == {genre}


def test_a_wrong_answer_is_asked_again(curator):
    page = text_of(do(curator, "track", "retag", [make_track()], answer="yes", add=" , "))

    assert "Name at least one tag." in page


def test_what_changes_nothing_is_said_so(curator):
    page = text_of(do(curator, "track", "unhide", [make_track()], answer="yes"))

    assert "like that already" in page


def test_artists_are_hidden_with_their_tracks(curator):
    track = make_track()

    do(curator, "artist", "hide_artists", [track.artist], answer="yes")

    assert not Track.objects.playable().exists()


def test_genres_move_and_never_below_themselves(curator):
    rock, indie = make_genre("Rock"), make_genre("Indie")
    do(curator, "genre", "move", [indie], answer="yes", parent=rock.pk)
    assert fresh(indie).parent == rock

    page = text_of(do(curator, "genre", "move", [rock], answer="yes", parent=indie.pk))
    assert "Rock cannot stand below itself." in page

    url = at("genre_change", rock.pk)
    page = curator.post(url, {"name": "Rock", "slug": "rock", "parent": indie.pk})
    assert "Rock cannot stand below itself." in text_of(page)
    assert fresh(rock).parent is None


# One at a time


def fields_of(client, row):
    """What the form of a row holds, as a browser would send it back."""
    context = client.get(at(f"{row._meta.model_name}_change", row.pk)).context
    form = context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    if sent.get("is_explicit") is False:
        sent["is_explicit"] = "false"
    for formset in (one.formset for one in context["inline_admin_formsets"]):
        management = formset.management_form
        sent |= {
            management.add_prefix(name): management[name].value() for name in management.fields
        }
    return {name: value for name, value in sent.items() if value is not None and value is not False}


def save(client, row, **changes):
    sent = {**fields_of(client, row), **changes}
    return client.post(at(f"{row._meta.model_name}_change", row.pk), sent, follow=True)


def test_a_form_sent_back_as_it_was_changes_nothing(curator):
    track = make_track("Solaris", album=make_album(), year=1972, is_explicit=False)

    save(curator, track)

    assert not Change.objects.exists()


def test_a_track_is_edited_as_one_change_with_who_when_and_what(curator):
    track, genre = make_track("Solariss", is_verified=False), make_genre("Film")

    response = save(
        curator,
        track,
        title="Solaris",
        artist_names="Artemiev\nBach",
        album_title="Mirror",
        year="1972",
        genre=genre.pk,
        tags="Organ, slow",
        is_explicit="false",
        hidden="on",
        is_verified="on",
    )

    assert response.redirect_chain, (
        response.context["errors"],
        response.context["adminform"].form.errors,
    )
    after = fresh(track)
    assert (after.title, after.byline, after.album.title) == (
        "Solaris",
        "Artemiev & Bach",
        "Mirror",
    )
    assert (after.year, after.genre, after.is_explicit) == (1972, genre, False)
    assert after.is_verified
    assert after.hidden_at
    assert sorted(after.track_tags.values_list("tag__name", flat=True)) == ["organ", "slow"]
    assert Change.objects.get().made_by == curator.user
    page = text_of(curator.get(at("track_history", track.pk)))
    assert "title: Solariss → Solaris" in page
    assert "Ada" in page


def test_the_edit_is_undone_from_the_history(curator):
    track = make_track("Solaris", year=1971)
    save(curator, track, year="1972", tags="organ")

    page = curator.post(at("change_undo", Change.objects.get().pk), follow=True)

    assert "Undid: Edited “Solaris”" in text_of(page)
    assert fresh(track).year == 1971
    assert not TrackTag.objects.exists()


def test_the_curators_word_stays_when_the_file_comes_again(curator):
    track = make_track("Solaris", year=1971)
    save(curator, track, year="1972")

    TrackRecord.objects.create(
        track=track, source=Source.CSV, source_id="1", said={"year": 1970}, said_at=NOON
    )
    refresh_shown([track.pk])

    assert fresh(track).year == 1972


def test_own_numbers_of_the_sound_show_before_the_files(curator):
    track = make_track()
    make_features(track, source=Source.CSV, tempo=80.0)

    save(
        curator,
        track,
        **{
            "feature_sets-TOTAL_FORMS": "1",
            "feature_sets-0-track": track.pk,
            "feature_sets-0-may_train": "on",
            "feature_sets-0-tempo": "160",
        },
    )

    assert fresh(track).features.tempo == 160.0
    assert "own values of the sound: – → tempo 160" in text_of(
        curator.get(at("track_history", track.pk))
    )


def test_a_track_is_added_by_hand(curator):
    sent = {"title": "Solaris", "artist_names": "Artemiev", "year": "1972", "is_verified": "on"}

    curator.post(at("track_add"), sent)

    track = Track.objects.get()
    assert (track.title, track.artist.name, track.year) == ("Solaris", "Artemiev", 1972)
    assert track.history.get().history_user == curator.user


def test_an_artist_is_renamed_on_the_form_and_a_taken_name_is_refused(curator):
    artist, taken = make_artist("The Beetles"), make_artist("The Kinks")
    track = make_track(artist=artist)

    page = text_of(save(curator, artist, name="The Kinks"))
    assert "another artist called The Kinks" in page
    assert fresh(artist).name == "The Beetles"

    save(curator, artist, name="The Beatles")
    assert fresh(track).byline == "The Beatles"
    assert fresh(taken).name == "The Kinks"


def test_an_album_is_renamed_on_the_form(curator):
    album = make_album("Abbey Raod")
    make_track(artist=album.artist, album=album)

    save(curator, album, title="Abbey Road", year="1969")

    assert (fresh(album).title, fresh(album).year) == ("Abbey Road", 1969)
    assert "Edited “Abbey Raod”" in Change.objects.get().what


def test_a_track_tells_what_each_source_says(curator):
    track = make_track("Solaris")
    TrackGenre.objects.create(track=track, genre=make_genre("Film"), source="csv", label="OST <b>")
    TrackRecord.objects.create(
        track=track, source=Source.MSD, source_id="1", said={"year": 1970}, said_at=NOON
    )

    page = text_of(curator.get(at("track_change", track.pk)))

    assert "year: 1970" in page
    assert "genre: Film (as “OST &lt;b&gt;”)" in page


# Merging


def test_two_tracks_stand_side_by_side_with_plays_and_sources(curator):
    one, other = make_track("Solaris", year=1972), make_track("Solariss")
    make_play(track=other)

    page = text_of(curator.get(at("track_merge", ids=joined(one, other))))

    assert "Solaris (#" in page
    assert '<th scope="row">Plays</th> <td>–</td><td>1</td>' in page


def test_the_chosen_one_survives(curator):
    one, other = make_track(), make_track()
    page = do(curator, "track", "merge_chosen", [one, other])
    assert page.redirect_chain[-1][0] == at("track_merge", ids=joined(one, other))

    curator.post(at("track_merge"), {"ids": joined(one, other), "survivor": other.pk})

    assert fresh(one).canonical == other
    assert Rule.objects.get().made_by == curator.user


def test_a_merge_without_a_survivor_is_refused(curator):
    one, other = make_track(), make_track()

    page = curator.post(
        at("track_merge"), {"ids": joined(one, other), "survivor": "0"}, follow=True
    )

    assert "Choose which of these is to stay." in text_of(page)
    assert not Rule.objects.exists()


@pytest.mark.parametrize("ids", ["", "1", "x,y", "999999,999998", "9" * 30])
def test_a_merge_page_of_nothing_leads_back_to_the_list(ids, curator):
    assert curator.get(at("track_merge", ids=ids)).url == at("track_changelist")


def test_one_track_alone_is_not_merged(curator):
    assert "Choose two to 10" in text_of(do(curator, "track", "merge_chosen", [make_track()]))


def test_a_merged_track_is_split_on_its_page(curator):
    one, other = make_track("Solaris"), make_track()
    merging.merge_tracks(survivor=one, tracks=[other], by=None, at=NOON)
    assert "This is merged into" in text_of(curator.get(at("track_change", other.pk)))

    curator.post(at("track_split", other.pk))

    assert fresh(other).canonical is None


def test_artists_are_merged_and_split(curator):
    one, other = make_artist("The Beatles"), make_artist("Beatles, The")
    make_track(artist=other)
    assert "Beatles, The" in text_of(curator.get(at("artist_merge", ids=joined(one, other))))

    curator.post(at("artist_merge"), {"ids": joined(one, other), "survivor": one.pk})
    assert fresh(other).canonical == one

    curator.post(at("artist_split", other.pk))
    assert fresh(other).canonical is None


def test_after_a_merge_nobody_is_led_to_another_site(curator):
    one, other = make_track(), make_track()
    sent = {"ids": joined(one, other), "survivor": one.pk, "next": "https://evil.example/"}

    assert curator.post(at("track_merge"), sent).url == at("track_changelist")


def test_rules_are_undone_in_their_list(curator):
    one, other = make_track(), make_track()
    merging.merge_tracks(survivor=one, tracks=[other], by=None, at=NOON)

    page = do(curator, "rule", "undo_rules", [Rule.objects.get()])

    assert "Undone: 1." in text_of(page)
    assert fresh(other).canonical is None


def test_undoing_twice_is_refused_in_words(curator):
    change = curating.hide_tracks(ids=[make_track().pk], by=None, at=NOON)
    curator.post(at("change_undo", change.pk))

    page = curator.post(at("change_undo", change.pk), follow=True)

    assert "This is undone already." in text_of(page)


# What waits


def make_unverified(title, artist, **fields):
    return make_track(
        title, artist=make_artist(artist), is_verified=False, source=Source.LISTENER, **fields
    )


def test_an_unverified_track_stands_beside_what_it_may_be(curator):
    known = make_track("Jóga", artist=make_artist("Björk"), duration_ms=305_000)
    make_track("Army of Me", artist=known.artist)
    came = make_unverified("Joga", "Bjork", duration_ms=304_000)
    index_all()

    response = curator.get(at("track_unverified"))

    assert response.context["track"] == came
    (found,) = response.context["suggestions"]
    assert (found.track, found.same_length) == (known, True)


def test_a_slip_in_title_and_artist_is_suggested_still(curator):
    known = make_track("Paranoid Android", artist=make_artist("Radiohead"))
    make_unverified("Paranoid Androit", "Radio Head")
    index_all()

    (found,) = curator.get(at("track_unverified")).context["suggestions"]

    assert found.track == known


def test_accepting_merges_and_the_name_is_followed_ever_after(curator):
    known, came = make_track("Jóga"), make_unverified("Yoga", "Bjorc")

    response = curator.post(at("track_unverified"), {"track": came.pk, "match": known.pk})

    assert response.url == at("track_unverified", after=came.pk)
    assert fresh(came).canonical == known
    assert set(Rule.objects.values_list("kind", "track")) == {
        ("merge", came.pk),
        ("match", came.pk),
    }


def test_rejecting_makes_it_a_track_of_its_own(curator):
    came = make_unverified("Yoga", "Bjorc")

    curator.post(at("track_unverified"), {"track": came.pk, "reject": "yes"})

    assert Track.objects.playable().get() == came


@pytest.mark.parametrize("match", ["", "0", "x", "itself"])
def test_a_match_with_nothing_is_refused(match, curator):
    came = make_unverified("Yoga", "Bjorc")
    sent = {"track": came.pk, "match": came.pk if match == "itself" else match}

    page = curator.post(at("track_unverified"), sent, follow=True)

    assert "There is no such track" in text_of(page)


def test_leaving_one_for_later_shows_the_next_and_then_the_first(curator):
    first, second = make_unverified("A", "X"), make_unverified("B", "Y")

    assert curator.get(at("track_unverified", after=first.pk)).context["track"] == second
    assert curator.get(at("track_unverified", after=second.pk)).context["track"] == first


def test_an_empty_queue_says_so(curator):
    assert "Nothing waits here" in text_of(curator.get(at("track_unverified")))


def test_what_was_kept_apart_is_not_suggested_again(curator):
    known = make_track("Jóga", artist=make_artist("Björk"))
    came = make_unverified("Joga", "Bjork")
    merging.keep_apart(rows=[came, known], by=None, at=NOON)

    assert curator.get(at("track_unverified")).context["suggestions"] == []


def test_tracks_of_one_name_are_listed_until_they_are_kept_apart(curator):
    album = make_track("Halo", duration_ms=261_000)
    radio = make_track("Halo - Remastered 2011", artist=album.artist, duration_ms=263_000)
    make_track("Another")

    (group,) = curator.get(at("track_duplicates")).context["groups"]
    assert group.tracks == [album, radio]
    assert group.same_length

    curator.post(at("track_apart"), {"ids": joined(album, radio)})
    assert curator.get(at("track_duplicates")).context["groups"] == []

    third = make_track("Halo", artist=album.artist)
    (group,) = curator.get(at("track_duplicates")).context["groups"]
    assert third in group.tracks


def test_without_duplicates_no_track_is_loaded(django_assert_num_queries):
    make_track()

    with django_assert_num_queries(0):
        assert duplicates.tracks_of([]) == []


def test_merged_and_hidden_tracks_are_no_duplicates(curator):
    one = make_track("Halo")
    make_track("Halo", artist=one.artist, canonical=one)
    make_track("Halo", artist=one.artist, hidden_at=NOON)

    assert curator.get(at("track_duplicates")).context["groups"] == []


def test_one_title_and_length_under_two_artists_is_listed(curator):
    one = make_track("Help!", artist=make_artist("The Beatles"), duration_ms=138_123)
    other = make_track("Help!", artist=make_artist("Beatles, The"), duration_ms=138_123)
    make_track("Help!", artist=make_artist("Somebody"), duration_ms=140_000)

    (group,) = curator.get(at("track_duplicates", by="length")).context["groups"]
    assert group.tracks == [one, other]

    curator.post(at("track_apart"), {"ids": joined(one, other)})
    assert curator.get(at("track_duplicates", by="length")).context["groups"] == []


def test_artists_of_the_same_words_are_listed_until_they_are_kept_apart(curator):
    one, other = make_artist("The Beatles"), make_artist("Beatles, The")
    make_artist("The Kinks")

    assert curator.get(at("artist_duplicates")).context["groups"] == [[one, other]]

    curator.post(at("artist_apart"), {"ids": joined(one, other)})
    assert curator.get(at("artist_duplicates")).context["groups"] == []


@pytest.mark.parametrize(
    ("gap", "fields"), [("genre", {}), ("features", {}), ("year", {}), ("duration", {})]
)
def test_a_gap_is_a_filter_over_the_tracks_that_show(gap, fields, curator):
    whole = make_track(year=1972, genre=make_genre())
    make_features(whole)
    bare = make_track(year=None, duration_ms=None)
    make_track(year=None, duration_ms=None, hidden_at=NOON)

    found = curator.get(at("track_changelist", gap=gap)).context["cl"].queryset

    assert list(found) == [bare]


@pytest.mark.parametrize("state", ["shown", "unverified", "hidden", "merged"])
def test_a_state_is_a_filter(state, curator):
    shown = make_track()
    rows = {
        "shown": shown,
        "unverified": make_track(is_verified=False),
        "hidden": make_track(hidden_at=NOON),
        "merged": make_track(canonical=shown),
    }

    found = set(curator.get(at("track_changelist", state=state)).context["cl"].queryset)

    assert rows[state] in found
    assert len(found) == (2 if state == "shown" else 1)


def test_a_track_is_found_by_words_or_by_an_id(curator):
    track = make_track("Solaris", artist=make_artist("Эдуард Артемьев"))
    make_track("Stalker")
    ExternalId.objects.create(kind="isrc", value="SUX127200001", track=track, source="csv")

    for query in ("solaris артемьев", "SUX127200001"):
        assert list(curator.get(at("track_changelist", q=query)).context["cl"].queryset) == [track]


def test_the_tree_shows_each_genre_in_its_place(curator):
    make_genre("Indie", parent=make_genre("Rock"))

    page = text_of(curator.get(at("genre_tree")))

    assert page.index(">Rock<") < page.index(">Indie<")


def test_the_first_page_counts_what_asks_for_a_hand(curator):
    one = make_track("Halo", is_verified=False)
    make_track("Halo", artist=one.artist)

    page = text_of(curator.get(reverse("admin:index")))

    assert "<strong>1</strong> <span>unverified tracks</span>" in page
    assert "<strong>1</strong> <span>likely duplicates</span>" in page
    assert "<strong>2</strong> <span>tracks without genre</span>" in page
    assert "<strong>0</strong> <span>reports of listeners</span>" in page


# Who may


ASKED = ["track_merge", "track_duplicates", "artist_duplicates", "track_unverified", "genre_tree"]


@pytest.mark.parametrize("page", ASKED)
def test_no_page_opens_for_a_listener(page, as_listener):
    assert as_listener.get(at(page)).status_code in (302, 403)


@pytest.mark.parametrize("page", ASKED)
def test_no_page_opens_for_somebody_who_is_not_logged_in(page, client, db):
    assert client.get(at(page)).status_code == 302


@pytest.mark.parametrize("page", ASKED[:-1])
def test_no_page_of_decisions_opens_for_an_onlooker(page, onlooker):
    assert onlooker.get(at(page)).status_code == 403


def test_an_onlooker_changes_nothing(onlooker):
    one, other = make_track(), make_track(is_verified=False)
    merged = make_track()
    merging.merge_tracks(survivor=one, tracks=[merged], by=None, at=NOON)
    change = curating.hide_artists(ids=[one.artist.pk], by=None, at=NOON)
    before = Change.objects.count()
    ids = joined(one, other)

    answers = [
        onlooker.post(at("track_merge"), {"ids": ids, "survivor": one.pk}),
        onlooker.post(at("track_apart"), {"ids": ids}),
        onlooker.post(at("track_split", merged.pk)),
        onlooker.post(at("track_unverified"), {"track": other.pk, "reject": "yes"}),
        onlooker.post(at("change_undo", change.pk)),
        onlooker.post(at("track_change", one.pk), {"title": "X", "artist_names": "Y"}),
        onlooker.get(at("track_import")),
    ]
    for action in ("hide", "set_genre", "retag", "verify", "merge_chosen"):
        do(onlooker, "track", action, [one, other], answer="yes")

    assert [answer.status_code for answer in answers] == [403] * 7
    assert Change.objects.count() == before


def test_who_may_change_tracks_but_not_merge_them_does_not(onlooker):
    onlooker.user.user_permissions.add(Permission.objects.get(codename="change_track"))
    one, other = make_track(), make_track()

    do(onlooker, "track", "hide", [one], answer="yes")
    answer = onlooker.post(at("track_merge"), {"ids": joined(one, other), "survivor": one.pk})

    assert fresh(one).hidden_at
    assert answer.status_code == 403


def test_nobody_deletes_rules_or_changes(as_curator):
    merging.merge_tracks(survivor=make_track(), tracks=[make_track()], by=None, at=NOON)

    for name, row in (("rule", Rule.objects.get()), ("change", Change.objects.get())):
        assert as_curator.post(at(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403


# CSV


def export(client, **query):
    fields = ["id", "title", "artists", "album", "year", "duration_ms", "is_explicit"]
    fields += ["genre", "tags", "hidden"]
    sent = {"format": "0", "resource": "0"} | {f"trackresource_{name}": "on" for name in fields}
    return client.post(at("track_export", **query), sent)


def bring(client, text, *, confirm=True):
    """Upload a file, look at what it would change, and confirm."""
    file = SimpleUploadedFile("tracks.csv", text.encode() if isinstance(text, str) else text)
    page = client.post(at("track_import"), {"import_file": file, "format": "0", "resource": "0"})
    if not confirm or "confirm_form" not in page.context:
        return page
    return client.post(
        at("track_process_import"), page.context["confirm_form"].initial, follow=True
    )


def test_what_goes_out_and_comes_in_again_changes_nothing(curator):
    track = make_track("=1+1", artist=make_artist("-M-"), album=make_album("'+44"), year=1972)
    curating.set_genre(ids=[track.pk], genre=make_genre("Film"), by=None, at=NOON)
    TrackTag.objects.create(track=track, tag=Tag.objects.create(name="@home"), source="csv")
    before = Change.objects.count()
    sent = b"".join(export(curator)).decode()
    assert f"{track.pk},'=1+1,'-M-,''+44,1972,200000,,Film,'@home,no" in sent

    page = bring(curator, sent)

    assert Change.objects.count() == before
    assert page.status_code == 200


@pytest.mark.parametrize(
    "text", ["=1", "+44", "-M-", "@x", "\tx", "'=1", "''-", "'tis", "plain", ""]
)
def test_a_guarded_cell_is_read_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))


def test_a_file_is_looked_at_before_it_changes_anything(curator):
    track, genre = make_track("Solariss", year=1971), make_genre("Film")
    text = f"id,title,year,genre,tags\n{track.pk},Solaris,1972,film,a; b\n"

    page = text_of(bring(curator, text, confirm=False))

    assert "<span>Solaris</span><del" in page
    assert fresh(track).title == "Solariss"

    page = text_of(bring(curator, text))
    after = fresh(track)
    assert "Edited 1 track in a CSV file." in page
    assert (after.title, after.year, after.genre) == ("Solaris", 1972, genre)
    assert Change.objects.get().made_by == curator.user


def test_an_empty_cell_says_nothing_and_a_hyphen_takes_the_word_back(curator):
    track = make_track("Solaris", year=1971, source=Source.CSV)
    bring(curator, f"id,title,year\n{track.pk},,1972\n")
    assert (fresh(track).title, fresh(track).year) == ("Solaris", 1972)

    bring(curator, f"id,title,year\n{track.pk},,-\n")

    assert fresh(track).year == 1971


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{pk},,3000,,", "no whole number from 1000 to 2200"),
        ("{pk},,,Polka,", "There is no genre called “Polka”"),
        ("{pk},-,,,", "The title cannot be taken away"),
        ("{pk},,,,maybe", "neither yes nor no"),
        ("999999,X,,,", "There is no track with the id “999999”"),
        ("=1,X,,,", "There is no track with the id “=1”"),
        ("{pk},X,,,\n{pk},Y,,,", "stands in the file twice"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_changes(row, says, curator):
    track, fine = make_track(), make_track("Fine")
    text = "id,title,year,genre,hidden\n" + row.format(pk=track.pk) + f"\n{fine.pk},Better,,,\n"

    page = bring(curator, text)

    assert says in text_of(page)
    assert fresh(fine).title == "Fine"


@pytest.mark.parametrize(
    "text", ["", "title\nX\n", b"\xff\xfe\x00", "id\n" + "1\n" * 1001, "id,title\n<script>,<b>x\n"]
)
def test_a_file_that_makes_no_sense_is_refused_in_words(text, curator):
    make_track()

    page = bring(curator, text)

    assert page.status_code == 200
    assert not Change.objects.exists()
    assert b"<script>,<b>x" not in page.content
    assert "Traceback" not in page.content.decode()


# What it costs


def grown(make, client, url):
    """The queries of a page over what is there, and over five times as much."""
    for _ in range(2):
        make()
    before = count_queries(client, url)
    for _ in range(8):
        make()
    return before, count_queries(client, url)


def make_pair():
    one = make_track(album=make_album(), genre=make_genre())
    other = make_track(one.title, artist=one.artist)
    for track in (one, other):
        make_features(track)
        ExternalId.objects.create(kind="isrc", value=str(track.pk), track=track, source="csv")
        TrackRecord.objects.create(
            track=track, source="csv", source_id=str(track.pk), said_at=NOON, said={}
        )


def make_twins():
    number = Artist.objects.count()
    make_artist(f"The {number}ers"), make_artist(f"{number}ers, The")


def test_the_list_of_duplicates_costs_the_same_however_long(as_curator):
    before, after = grown(make_pair, as_curator, at("track_duplicates"))
    assert after <= before


def test_the_list_of_alike_artists_costs_the_same_however_long(as_curator):
    before, after = grown(make_twins, as_curator, at("artist_duplicates"))
    assert after <= before


def test_the_queue_costs_the_same_however_long(as_curator):
    known = make_artist("Known")
    for n in range(4):
        make_features(make_track(f"Piece {n}", artist=known, genre=make_genre()))

    before, after = grown(
        lambda: make_unverified("Piece", "Known"), as_curator, at("track_unverified")
    )

    assert after <= before


def test_a_comparison_costs_the_same_for_two_and_for_ten(as_curator):
    for _ in range(5):
        make_pair()
    tracks = list(Track.objects.all())

    two = count_queries(as_curator, at("track_merge", ids=joined(*tracks[:2])))
    ten = count_queries(as_curator, at("track_merge", ids=joined(*tracks)))

    assert ten <= two


def test_a_history_costs_the_same_however_long(as_curator):
    track = make_track()

    def change():
        genre = make_genre()
        curating.set_genre(ids=[track.pk], genre=genre, by=as_curator.user, at=NOON)

    before, after = grown(change, as_curator, at("track_history", track.pk))
    assert after <= before


@pytest.mark.parametrize("query", ["colour=red", "genre=red", "year__gte=x"])
def test_an_export_by_a_filter_that_is_none_is_refused(as_curator, query):
    assert as_curator.get(f"{reverse('admin:catalog_track_export')}?{query}").status_code == 400


def test_an_export_costs_the_same_however_long(as_curator):
    counts = []
    for _ in range(2):
        make_pair()
        with CaptureQueriesContext(connection) as queries:
            b"".join(export(as_curator))
        counts.append(len(queries))

    assert counts[1] <= counts[0]


def test_a_tree_costs_the_same_however_large(as_curator):
    before, after = grown(
        lambda: make_genre(parent=Genre.objects.first()), as_curator, at("genre_tree")
    )
    assert after <= before
