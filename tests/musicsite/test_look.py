"""The parts of the look: icons, bars, navigation, forms, error pages, the style page."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from catalog.models import Track
from musicsite.templatetags.look import bar, icon, share_bar
from musicsite.views.errors import server_error
from musicsite.views.styleguide import SampleForm
from tests.factories import make_artist, make_listener, make_track
from tests.queries import count_queries

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = (TEMPLATES / "_sprite.html").read_text()


def drawn(template, **context):
    return Template(template).render(Context(context))


def row(**context):
    return drawn('{% include "catalog/_track_row.html" %}', **context)


@pytest.fixture
def track(db):
    track = make_track("شارع البحر", artist=make_artist("ليلى المرجان"), year=2018)
    return Track.objects.for_rows().get(pk=track.pk)


# Icons and bars


def test_every_icon_that_is_used_is_in_the_sprite():
    used = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% icon "([a-z]+)"', path.read_text())
    }

    assert used <= set(re.findall(r'id="i-([a-z]+)"', SPRITE))


def test_an_icon_says_nothing_of_its_own():
    assert icon("play") == (
        '<svg class="icon" aria-hidden="true"><use href="#i-play"/></svg>'
    )  # fmt: skip


def test_a_share_bar_says_its_parts():
    drawing = share_bar(58.2, 29.6, 12.2)

    assert 'aria-label="History 58 %, sound 30 %, tags 12 %"' in drawing
    assert re.findall(r'<rect x="(\d+)"', drawing) == ["0", "58", "88"]


def test_a_share_bar_leaves_out_what_is_nothing():
    assert share_bar(0, 100, 0).count("<rect") == 1


def test_a_bar_stays_in_its_frame():
    assert 'width="100"' in bar(140)
    assert 'width="0"' in bar(-3)


# A track


def test_a_row_marks_up_a_name_in_another_script(track):
    page = row(track=track, rank=3, move="up 2", reason="because it is slow")

    assert '<span lang="ar" dir="rtl">شارع البحر</span></a></h3>' in page
    assert '<span lang="ar" dir="rtl">ليلى المرجان</span></a>' in page
    assert re.search(r'track-rank">3<small>up 2', page)
    assert "because it is slow" in page
    assert page.count("<svg") == 1


def test_a_row_needs_nothing_but_its_track(track, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = row(track=track)

    assert "track-unranked" in page
    assert "None" not in page


def test_a_title_is_never_read_as_html(db):
    track = Track.objects.for_rows().get(pk=make_track("<script>alert(1)</script>").pk)

    assert "<script>" not in row(track=track)


# Forms


def test_a_field_is_tied_to_its_help_and_its_error():
    page = str(SampleForm({"email": "rosalind"}))

    field = re.search(r'<input[^>]*name="email"[^>]*>', page).group()
    assert 'aria-describedby="id_email_helptext id_email_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="id_email_helptext"' in page
    assert 'id="id_email_error"' in page


def test_choices_are_a_group_with_a_name():
    page = str(SampleForm())

    assert re.search(r"<fieldset[^>]*>\s*<legend>This profile</legend>", page)


def test_every_label_belongs_to_its_field():
    page = str(SampleForm())

    assert set(re.findall(r'<label for="(\w+)">', page)) <= set(re.findall(r'id="(\w+)"', page))


def test_what_is_wrong_with_the_whole_form_is_said_first():
    class Never(forms.Form):
        name = forms.CharField()

        def clean(self):
            raise forms.ValidationError("Not <today>.")

    page = str(Never({"name": "Ada"}))

    assert 'role="alert"' in page
    assert "Not &lt;today&gt;." in page
    assert page.index("Not &lt;today") < page.index("<input")


# The frame


def test_the_frame_stands_for_a_visitor(client, db):
    page = client.get(reverse("account_login")).content.decode()

    assert '<a class="skip" href="#main">' in page
    assert reverse("account_signup") in page
    assert "pop-menu" not in page
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_is_in_the_first_html(client, db, theme):
    client.cookies["theme"] = theme

    page = client.get(reverse("account_login")).content.decode()

    assert f'<html lang="en" data-theme="{theme}">' in page


def test_a_theme_that_is_none_is_left_out(client, db):
    client.cookies["theme"] = '"><script>'

    assert '<html lang="en">' in client.get(reverse("account_login")).content.decode()


def test_the_switch_offers_every_profile(as_listener):
    make_listener("Sleep", user=as_listener.user)

    page = as_listener.get(reverse("account_email")).content.decode()

    assert re.findall(r'class="menu-line" name="listener" value="\d+"', page)
    assert ">Main</span>" in page
    assert ">Sleep</span>" in page


def test_more_profiles_need_no_more_queries(as_listener):
    as_listener.get(reverse("account_email"))  # the first visit stores what later ones find
    before = count_queries(as_listener, reverse("account_email"))
    for name in ("Sleep", "Kids", "Gym"):
        make_listener(name, user=as_listener.user)

    assert count_queries(as_listener, reverse("account_email")) == before


def test_where_we_are_is_marked(client, db):
    page = client.get(reverse("home")).content.decode()

    assert f'<a href="{reverse("home")}" aria-current="page">' in page


def test_a_place_that_does_not_stand_is_left_out(settings):
    settings.ROOT_URLCONF = "musicsite.probes"

    assert drawn("{% load look %}{% navigation as stops %}{{ stops }}") == "[]"


# When something fails


def test_a_page_that_is_not_there(client, db):
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is no such page." in answer.content.decode()


def test_the_page_of_a_breakdown_asks_for_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/broken/?page=2"))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side." in page
    assert 'href="/broken/?page=2"' in page
    assert "send us the number" not in page


def test_the_page_of_a_breakdown_says_the_number_of_the_request(as_curator, monkeypatch):
    monkeypatch.setattr("musicsite.views.styleguide._specimens", lambda: 1 / 0)
    as_curator.raise_request_exception = False

    answer = as_curator.get(reverse("styleguide"))

    assert answer.status_code == 500
    assert re.search(r"send us the number <code>[\w-]{8,}</code>", answer.content.decode())


def test_while_the_database_is_away_the_page_says_so_and_when_to_come_again(as_curator):
    as_curator.raise_request_exception = False

    with connection.execute_wrapper(away):
        answer = as_curator.get("/", {"page": 2})

    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "We cannot get at your music right now." in page
    assert 'href="/?page=2"' in page


def test_what_is_asked_wrongly_is_a_breakdown_and_no_outage(as_curator):
    def wrong(execute, sql, params, many, context):
        return execute("SELECT no_such_column", None, False, context)

    as_curator.raise_request_exception = False

    with connection.execute_wrapper(wrong):
        assert as_curator.get("/").status_code == 500


def away(execute, sql, params, many, context):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("code", [400, 403, 404, 500, 503])
def test_an_error_page_needs_no_context(code):
    page = drawn("{% include name %}", name=f"{code}.html")

    assert "<h1>" in page
    assert "None" not in page


def test_the_offline_page_knows_nobody(as_listener):
    page = as_listener.get(reverse("offline")).content.decode()

    assert "You are offline." in page
    assert as_listener.user.email not in page
    assert "csrfmiddlewaretoken" not in page


def test_the_worker_and_the_manifest_are_served(client, db):
    worker = client.get("/sw.js")
    manifest = client.get(reverse("webmanifest"))

    assert worker["Content-Type"] == "text/javascript"
    assert f'const OFFLINE = "{reverse("offline")}"' in worker.content.decode()
    assert manifest.json()["start_url"] == reverse("home")


# The style page


def test_the_style_page_is_for_staff(client, as_listener):
    assert client.get(reverse("styleguide")).status_code == 302
    assert as_listener.get(reverse("styleguide")).status_code == 404


def test_the_style_page_shows_the_parts(as_curator):
    page = as_curator.get(reverse("styleguide")).content.decode()

    for part in ("btn-primary", "chip-not", "track-new", "card", "field-bad", "notice-bad", "toast",
                 "empty", "ghost", "stats", "table", "pages", "print-200"):  # fmt: skip
        assert f"{part}" in page


def test_every_part_is_on_the_style_page():
    """A partial of the look that nobody shows there is either dead or forgotten."""
    shown = (TEMPLATES / "styleguide.html").read_text()
    frame = (TEMPLATES / "base.html").read_text()
    inside = "".join(path.read_text() for path in TEMPLATES.glob("_*.html"))

    parts = {path.name for path in TEMPLATES.glob("_*.html")}

    assert {part for part in parts if part not in shown + frame + inside} == set()
