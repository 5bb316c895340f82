"""Something is wrong with a track: a listener says what, and a curator reads it."""

import pytest
from django.urls import reverse

from listening.models import Feedback, FeedbackKind
from recommendations.forms.opinions import LONGEST_NOTE, ReportForm
from recommendations.models import Slate, SlateOutcome
from recommendations.services import reviewing
from tests.factories import NOON, make_feedback, make_listener, make_play, make_slate, make_track
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

HOME = reverse("home")
GENRE, ELSE = "Wrong genre", ReportForm.ELSE
THANKS = "Thank you. A curator will look at it."


@pytest.fixture
def track():
    return make_track("Salt Road")


def address(track):
    return reverse("report", args=[track.pk])


def report(client, track, wrong=GENRE, **said):
    return client.post(address(track), {"wrong": wrong} | said)


def reports():
    return list(Feedback.objects.of_kind(FeedbackKind.REPORT).values_list("track_id", "note"))


# What is said


def test_a_report_is_stored_and_waits_for_a_curator(as_listener, track):
    answer = as_listener.post(address(track), {"wrong": GENRE, "note": "It is fado."}, follow=True)

    assert THANKS in answer.content.decode()
    assert answer.redirect_chain[-1][0] == track.get_absolute_url()
    (case,) = reviewing.cases(reviewing.waiting(at=NOON))
    assert (case.track, case.reports) == (track, 1)
    assert reviewing.voices(track)[0].note == "Wrong genre: It is fado."


def test_the_note_may_be_left_out(as_listener, track):
    report(as_listener, track)

    assert reports() == [(track.pk, "Wrong genre")]


def test_something_else_is_said_in_words(as_listener, track):
    answer = report(as_listener, track, ELSE)

    assert answer.status_code == 422
    assert "Say in a few words what it is." in answer.content.decode()
    report(as_listener, track, ELSE, note="Two tracks in one.")
    assert reports() == [(track.pk, "Something else: Two tracks in one.")]


@pytest.mark.parametrize(
    "said", [{"wrong": ""}, {"wrong": "It is ugly"}, {"note": "x" * (LONGEST_NOTE + 1)}]
)
def test_a_report_that_cannot_be_is_shown_again(as_listener, track, said):
    assert report(as_listener, track, **said).status_code == 422
    assert reports() == []


def test_the_longest_note_has_room_behind_each_choice(as_listener, track):
    for wrong, _words in ReportForm.CHOICES:
        report(as_listener, track, wrong, note="x" * LONGEST_NOTE)

        assert reports() == [(track.pk, f"{wrong}: {'x' * LONGEST_NOTE}")]
        assert len(reports()[0][1]) <= Feedback._meta.get_field("note").max_length


def test_a_second_report_takes_the_place_of_the_first_and_the_page_says_so(as_listener, track):
    assert "You reported it on" not in as_listener.get(address(track)).content.decode()
    report(as_listener, track)
    assert "You reported it on" in as_listener.get(address(track)).content.decode()

    report(as_listener, track, "Does not play")

    assert reports() == [(track.pk, "Does not play")]


def test_an_earlier_report_is_the_listeners_own(as_listener, track):
    make_feedback(make_listener(), kind=FeedbackKind.REPORT, track=track)

    assert "You reported it on" not in as_listener.get(address(track)).content.decode()


def test_a_report_is_on_the_track_that_shows(as_listener, track):
    report(as_listener, make_track(canonical=track))

    assert reports() == [(track.pk, "Wrong genre")]


def test_who_is_not_logged_in_reports_nothing_and_nobody_what_is_hidden(as_listener, client, track):
    hidden = make_track(hidden_at=NOON)

    assert reverse("account_login") in report(client, track).url
    assert report(as_listener, hidden).status_code == 404
    assert as_listener.get(address(hidden)).status_code == 404
    assert reports() == []


# The list that showed it, and the way back to it


def test_the_list_that_showed_it_is_remembered_and_shown_again(as_listener, track):
    make_slate(as_listener.listener, tracks=[track])
    shown = make_slate(as_listener.listener, tracks=[track])
    make_slate(as_listener.listener, tracks=[track])
    page = as_listener.get(
        address(track),
        {"slate": shown.pk},
        headers={"referer": f"http://testserver{HOME}?energy=1"},
    ).content.decode()
    assert f'name="slate" value="{shown.pk}"' in page
    assert f'name="next" value="{HOME}?slate={shown.pk}"' in page

    answer = report(as_listener, track, slate=shown.pk, next=f"{HOME}?slate={shown.pk}")

    assert answer.url == f"{HOME}?slate={shown.pk}"
    outcome = SlateOutcome.objects.get()
    assert (outcome.slate, outcome.track, outcome.kind) == (shown, track, "report")


@pytest.mark.parametrize("slate", ["0", "x", "9" * 30])
def test_a_list_that_cannot_be_is_refused(as_listener, track, slate):
    assert as_listener.get(address(track), {"slate": slate}).status_code == 200
    assert report(as_listener, track, slate=slate).status_code == 422


def test_somebody_elses_list_is_left_out(as_listener, track):
    other = make_slate(make_listener(), tracks=[track])

    report(as_listener, track, slate=other.pk)

    assert reports() == [(track.pk, "Wrong genre")]
    assert not SlateOutcome.objects.exists()


@pytest.mark.parametrize("before", ["https://evil.example/", "", "http://testserver{here}"])
def test_what_is_no_page_of_ours_or_the_same_page_is_no_way_back(as_listener, track, before):
    headers = {"referer": before.format(here=address(track))}

    page = as_listener.get(address(track), headers=headers).content.decode()

    assert 'name="next" value=""' in page


def test_a_report_never_leads_to_another_site(as_listener, track):
    answer = report(as_listener, track, next="https://evil.example/")

    assert answer.url == track.get_absolute_url()


def test_after_a_mistake_the_way_back_is_still_known(as_listener, track):
    page = report(as_listener, track, "", next=f"{HOME}?slate=7").content.decode()

    assert f'name="next" value="{HOME}?slate=7"' in page


def test_a_report_makes_no_new_list(as_listener, track):
    make_play(as_listener.listener, track)
    go_live([track, other := make_track()], {(track, other): 0.5})

    report(as_listener, other)

    assert not Slate.objects.exists()


# In place, where a script asks


def test_in_place_the_answer_is_the_form_alone_or_the_thanks(as_listener, track):
    asked = as_listener.get(address(track), {"in_place": 1}).content.decode()
    wrong = report(as_listener, track, ELSE, in_place=1)
    done = report(as_listener, track, in_place=1)

    assert "data-ask" in asked
    assert "<html" not in asked
    assert wrong.status_code == 422
    assert "data-ask" in wrong.content.decode()
    assert done.content.decode().strip().endswith(f"<p data-said>{THANKS}</p>")
    assert THANKS not in as_listener.get(HOME).content.decode()


# Where it is offered


@pytest.fixture
def heard(as_listener, track):
    """What was heard leads to six others."""
    others = [make_track(f"Track {number}") for number in range(6)]
    make_play(as_listener.listener, track)
    go_live([track, *others], {(track, other): 0.9 for other in others})
    return others


def test_every_row_of_a_list_leads_there_with_its_list(as_listener, heard):
    page = as_listener.get(HOME).content.decode()

    slate = Slate.objects.get(surface="for-you")
    for other in heard:
        assert f'href="{address(other)}?slate={slate.pk}"' in page
    assert 'aria-label="Something is wrong with Track 3"' in page


def test_a_track_page_leads_there(as_listener, client, track):
    page = as_listener.get(track.get_absolute_url()).content.decode()

    assert f'href="{address(track)}"' in page
    assert address(track) not in client.get(track.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_however_often_it_was_reported(as_listener, track):
    report(as_listener, track)
    few = count_queries(as_listener, address(track))
    for _ in range(5):
        make_feedback(kind=FeedbackKind.REPORT, track=track)
        make_slate(as_listener.listener, tracks=[track])

    assert count_queries(as_listener, address(track)) == few
