"""The pages of one's own data."""

import io
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Listener, User
from jobs import services as jobs
from jobs.models import Job
from musicsite.models import DataExport, Erasure
from musicsite.own_data.exporting import export_data
from tests.factories import NOON, PASSWORD, make_listener, make_play, make_user
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PAGE = reverse("your_data")
DELETE = reverse("delete_account")


def url_of(export):
    return reverse("data_export", args=[export.pk])


def log_in(client, user):
    """As a person does, so that the password was just given."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("name", ["your_data", "data_exports", "delete_account"])
def test_it_is_for_people_who_are_logged_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_it_says_what_is_there(as_listener):
    make_play(as_listener.listener)
    page = as_listener.get(PAGE)
    assert page.context["profiles"][0].plays == 1
    assert "Export my data" in page.content.decode()


def test_it_asks_as_much_however_many_profiles(as_listener):
    few = count_queries(as_listener, PAGE)
    for number in range(4):
        make_play(make_listener(f"Profile {number}", user=as_listener.user))
    assert count_queries(as_listener, PAGE) == few


def test_an_export_is_made_behind_the_page_and_downloaded(as_listener):
    make_play(as_listener.listener)
    assert as_listener.post(reverse("new_data_export")).url == PAGE
    as_listener.post(reverse("new_data_export"))
    assert Job.objects.filter(name="musicsite.export_data").count() == 1
    assert "Packing your data" in as_listener.get(PAGE).content.decode()
    jobs.run_due()
    export = DataExport.objects.get()
    answer = as_listener.get(url_of(export))
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer))).namelist()
    assert f"profiles/{as_listener.listener.handle}/plays.json" in names


def test_nobody_downloads_what_is_not_theirs_or_out_of_date(as_listener, time_machine):
    time_machine.move_to(NOON)
    foreign = export_data(user=make_user(), at=NOON)
    old = export_data(user=as_listener.user, at=NOON - timedelta(days=8))
    assert as_listener.get(url_of(foreign)).status_code == 404
    assert as_listener.get(url_of(old)).status_code == 404


def test_deleting_asks_for_the_password_first(as_listener):
    assert "reauthenticate" in as_listener.get(DELETE).url


def test_the_account_goes_when_its_e_mail_is_typed(client):
    listener = make_listener()
    log_in(client, listener.user)
    wrong = client.post(DELETE, {"email": "x"})
    assert wrong.status_code == 422
    assert "not the e-mail" in wrong.content.decode()
    assert User.objects.filter(pk=listener.user.pk).exists()
    gone = client.post(DELETE, {"email": listener.user.email.upper()}, follow=True)
    assert Erasure.objects.get().receipt in gone.content.decode()
    assert not User.objects.filter(pk=listener.user.pk).exists()
    assert client.get(PAGE).status_code == 302


def test_whoever_deletes_a_profile_is_told_that_exports_go_with_it(as_listener):
    sleep = make_listener("Sleep", user=as_listener.user)
    url = reverse("delete_listener", args=[sleep.handle])
    assert "exports that are ready" not in as_listener.get(url).content.decode()
    export_data(user=as_listener.user, at=now())
    assert "exports that are ready hold Sleep too" in as_listener.get(url).content.decode()


def test_a_profile_goes_when_its_handle_is_typed(as_listener):
    sleep = make_listener("Sleep", user=as_listener.user)
    url = reverse("delete_listener", args=[sleep.handle])
    assert as_listener.post(url, {"handle": "x"}).status_code == 422
    page = as_listener.post(url, {"handle": sleep.handle}, follow=True)
    assert Erasure.objects.get().receipt in page.content.decode()
    assert not Listener.objects.filter(pk=sleep.pk).exists()
