"""The pages of imports: upload, watch, stop, go on, undo; nobody sees another's."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs import services as jobs
from jobs.models import Job
from listening.models import Import, ImportRow
from tests.factories import NOON, make_listener
from tests.listening.imports.exports import spotify
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

IMPORTS = reverse("imports")


def export(*rows, name="endsong_0.json"):
    return SimpleUploadedFile(name, json.dumps(rows or [spotify()]).encode())


def upload(client, *files, **fields):
    return client.post(IMPORTS, {"exports": files or [export()], "shares_taste": "no", **fields})


def make_import(client_or_listener, **fields):
    listener = getattr(client_or_listener, "listener", client_or_listener)
    fields = {"created_at": NOON, "file_name": "endsong.json", "state": "done"} | fields
    return Import.objects.create(listener=listener, **fields)


def test_an_upload_is_kept_and_watched_on_its_page(as_listener):
    response = upload(as_listener)

    one = Import.objects.get()
    assert response.headers["location"] == reverse("import", args=[one.pk])
    assert (
        "looked through before anything is stored"
        in as_listener.get(response.headers["location"]).content.decode()
    )

    jobs.run_due()

    page = as_listener.get(response.headers["location"]).content.decode()
    assert "1 of 1 rows came in." in page
    assert "New, of new music" in page
    assert as_listener.listener.plays.count() == 1


def test_several_files_are_an_import_each(as_listener):
    response = upload(as_listener, export(), export(spotify(ts="2024-03-03T00:00:00Z"), name="b"))

    assert response.headers["location"] == IMPORTS
    assert sorted(Import.objects.values_list("file_name", flat=True)) == ["b", "endsong_0.json"]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_first_import_asks_whether_plays_may_teach(as_listener, answer):
    assert "help others find music" in as_listener.get(IMPORTS).content.decode()
    assert upload(as_listener, shares_taste="").status_code == 200
    assert Import.objects.count() == 0

    upload(as_listener, shares_taste=answer)

    as_listener.listener.refresh_from_db()
    assert as_listener.listener.shares_taste is (answer == "yes")
    assert "help others find music" not in as_listener.get(IMPORTS).content.decode()
    upload(as_listener, shares_taste="yes")
    as_listener.listener.refresh_from_db()
    assert as_listener.listener.shares_taste is (answer == "yes")


def test_what_is_too_large_is_refused_beside_the_field(as_listener, settings):
    settings.LARGEST_IMPORT = 10

    page = upload(as_listener).content.decode()

    assert "endsong_0.json: Larger than 0 MB. Bring it in parts." in page
    as_listener.listener.refresh_from_db()
    assert (Import.objects.count(), as_listener.listener.shares_taste) == (0, None)


def test_an_upload_without_a_file_says_so(as_listener):
    page = as_listener.post(IMPORTS, {"shares_taste": "no"}).content.decode()

    assert "This field is required" in page


def test_a_refused_import_says_why_on_its_page(as_listener):
    upload(as_listener, SimpleUploadedFile("x.json", b'[{"ts": 1, "ms_played": 2}'))
    jobs.run_due()

    page = as_listener.get(reverse("import", args=[Import.objects.get().pk])).content.decode()

    assert "It was refused, and nothing has changed." in page
    assert "it seems cut off" in page


def test_an_import_is_stopped_and_undone_by_its_buttons(as_listener):
    upload(as_listener)
    one = Import.objects.get()
    as_listener.post(reverse("cancel_import", args=[one.pk]))
    assert "It was stopped." in as_listener.get(reverse("import", args=[one.pk])).content.decode()

    upload(as_listener)
    jobs.run_due()
    one = Import.objects.latest("pk")
    assert as_listener.listener.plays.count() == 1
    asked = as_listener.get(reverse("undo_import", args=[one.pk])).content.decode()
    assert "1 row came in with it." in asked
    as_listener.post(reverse("undo_import", args=[one.pk]))
    page = as_listener.get(reverse("import", args=[one.pk])).content.decode()
    assert "It is being undone." in page
    jobs.run_due()

    page = as_listener.get(reverse("import", args=[one.pk])).content.decode()
    assert "It was undone." in page
    assert as_listener.listener.plays.count() == 0


def test_what_cannot_be_done_now_is_said_and_changes_nothing(as_listener):
    one = make_import(as_listener)

    for name in ("cancel_import", "resume_import"):
        page = as_listener.post(reverse(name, args=[one.pk]), follow=True).content.decode()
        assert "over" in page
    one.refresh_from_db()
    assert one.state == "done"


def test_an_import_that_broke_off_can_go_on(as_listener):
    upload(as_listener)
    Job.objects.filter(name="listening.read_import").update(state="parked")
    one = Import.objects.get()
    assert "It broke off." in as_listener.get(reverse("import", args=[one.pk])).content.decode()

    as_listener.post(reverse("resume_import", args=[one.pk]))
    jobs.run_due()

    one.refresh_from_db()
    assert one.state == "done"


def test_rejected_rows_are_shown_and_downloaded_as_a_harmless_table(as_listener):
    rows = [spotify(ts=None) for _ in range(25)]
    upload(as_listener, export(*rows, spotify(ts=None, platform="x")))
    jobs.run_due()
    one = Import.objects.get()
    ImportRow.objects.create(
        source_import=one, number=27, fate="rejected", reason="no", text='=HYPERLINK("http://x")'
    )

    page = as_listener.get(reverse("import", args=[one.pk])).content.decode()
    assert page.count("no time") == 20
    response = as_listener.get(reverse("rejected_rows", args=[one.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == 27
    assert (table[0]["row"], table[0]["place"], table[0]["reason"]) == ("1", "row 1", "no time")
    assert table[-1]["text"] == '\'=HYPERLINK("http://x")'
    assert "rejected-" in response.headers["content-disposition"]


def test_names_of_files_are_only_names(as_listener):
    upload(as_listener, export(name="../../<b>x</b>\u202e.json"))

    one = Import.objects.get()
    assert "/" not in one.file_name
    assert ".." not in one.file.name
    assert "<b>x" not in as_listener.get(reverse("import", args=[one.pk])).content.decode()


@pytest.mark.parametrize("name", ["import", "rejected_rows", "cancel_import", "resume_import",
                                  "undo_import"])  # fmt: skip
def test_nobody_reaches_another_ones_import(as_listener, name):
    foreign = make_import(make_listener(), state="waiting")
    url = reverse(name, args=[foreign.pk])
    method = as_listener.get if name in ("import", "rejected_rows") else as_listener.post

    assert method(url).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "waiting"
    assert str(foreign.pk) not in as_listener.get(IMPORTS).content.decode().split("<table")[-1][:0]


def test_a_visitor_logs_in_first(client):
    assert "/account/login" in client.get(IMPORTS).headers["location"]


def test_the_history_of_imports_costs_the_same_however_long(as_listener):
    make_import(as_listener, counts={"new": 12345})
    few = count_queries(as_listener, IMPORTS)
    for _ in range(15):
        make_import(as_listener)

    assert count_queries(as_listener, IMPORTS) == few
    assert "12,345" in as_listener.get(IMPORTS).content.decode()
