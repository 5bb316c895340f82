"""A file brought in by the form of the admin: read by a job, told row by row, stopped, repeated."""

import csv

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from catalog.models import FeatureSet, Track, TrackImport
from catalog.services import importing
from catalog.services.importing import reading
from jobs import services as jobs
from jobs.models import Job
from musicsite.groups import CURATOR, ensure_groups
from tests.conftest import logged_in
from tests.factories import make_user
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PLAIN = "title,artists,tempo\nHalo,Beyoncé,80\nSolaris,Nika,fast\nHALO,Beyonce,80\n"


@pytest.fixture
def curator(db):
    """A browser of somebody in the group of curators, who is no superuser."""
    ensure_groups()
    user = make_user("Ada", is_staff=True)
    user.groups.add(Group.objects.get(name=CURATOR))
    return logged_in(user)


@pytest.fixture
def onlooker(db):
    user = make_user("Olga", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_trackimport"))
    return logged_in(user)


def at(name, *args):
    return reverse(f"admin:catalog_trackimport_{name}", args=args)


def upload(client, content, name="tracks.csv", **asked):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    data = {"file": file, "format": "auto", "columns": "", "may_train": "on", **asked}
    return client.post(at("add"), data, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


def body(response):
    return b"".join(response.streaming_content).decode()


def test_a_file_is_taken_in_and_read_by_a_job(curator):
    page = text_of(upload(curator, PLAIN))
    done = TrackImport.objects.get()
    assert "Waiting for its turn." in page
    assert (done.made_by, done.name, done.state) == (curator.user, "tracks.csv", "waiting")

    jobs.run_due()
    page = text_of(curator.get(at("change", done.pk)))

    assert "All 3 rows are read." in page
    assert "tempo: “fast” is not a number" in page
    assert Track.objects.get().title == "Halo"
    assert FeatureSet.objects.get().may_train


def test_the_rows_that_were_rejected_or_merged_can_be_downloaded(curator):
    formula = '=HYPERLINK(""x"")'
    upload(curator, PLAIN + f'"{formula}",Nika,fast\n')
    jobs.run_due()
    done = TrackImport.objects.get()

    rejected = list(csv.DictReader(body(curator.get(at("rows", done.pk, "rejected"))).splitlines()))
    merged = list(csv.DictReader(body(curator.get(at("rows", done.pk, "merged"))).splitlines()))

    assert [row["line"] for row in rejected] == ["3", "5"]
    assert rejected[0]["reason"] == "tempo: “fast” is not a number"
    assert rejected[1]["row"].startswith("'=HYPER")
    assert [(row["line"], row["title"]) for row in merged] == [("4", "Halo")]


def test_the_same_file_once_more_changes_nothing(curator):
    upload(curator, PLAIN)
    jobs.run_due()

    upload(curator, PLAIN)
    jobs.run_due()

    again = TrackImport.objects.latest("pk")
    assert (again.unchanged, again.rejected) == (2, 1)
    assert "Nothing had to be changed." in text_of(curator.get(at("change", again.pk)))


def test_columns_are_named_and_values_kept_from_training(curator):
    content = "Stück,Wer,Kraft\nHalo,Beyoncé,0.5\n"
    columns = "title = Stück\nartists=Wer\n\nenergy=Kraft"

    upload(curator, content, format="csv", columns=columns, may_train="")
    jobs.run_due()

    features = FeatureSet.objects.get()
    assert (features.track.title, features.energy, features.may_train) == ("Halo", 0.5, False)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("title", "“title” is not written as ours=theirs."),
        ("name=Song", "We know no column “name”."),
    ],
)
def test_a_column_that_makes_no_sense_is_refused_at_once(columns, says, curator):
    assert says in text_of(upload(curator, PLAIN, columns=columns))
    assert not TrackImport.objects.exists()


def test_a_form_without_a_file_is_asked_again(curator):
    response = curator.post(at("add"), {"format": "auto", "columns": ""})

    assert "This field is required." in text_of(response)


def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(curator):
    upload(curator, b"title,artists\n\xff\xfe\n")
    jobs.run_due()

    done = TrackImport.objects.get()
    assert done.state == "refused"
    assert "Line 2 is not in UTF-8" in text_of(curator.get(at("change", done.pk)))
    assert not Track.objects.exists()


def test_the_part_that_moves_asks_for_the_page_once_it_stands_still(curator):
    upload(curator, PLAIN)
    done = TrackImport.objects.get()

    moving = curator.get(at("progress", done.pk))
    jobs.run_due()
    still = curator.get(at("progress", done.pk))

    assert "hx-trigger" in text_of(moving)
    assert "HX-Refresh" not in moving.headers
    assert still["HX-Refresh"] == "true"


def test_one_that_waits_is_stopped_and_goes_on(curator):
    upload(curator, PLAIN)
    done = TrackImport.objects.get()

    page = text_of(curator.post(at("stop", done.pk), follow=True))
    jobs.run_due()
    assert "It stops at the next chunk." in page
    assert TrackImport.objects.get().state == "stopped"
    assert not Track.objects.exists()

    curator.post(at("go_on", done.pk))
    jobs.run_due()

    assert TrackImport.objects.get().state == "done"
    assert Track.objects.count() == 1


def test_one_that_is_stopped_in_the_middle_goes_on_from_there(curator, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    monkeypatch.setattr("jobs.services.running.SECONDS_BETWEEN_WRITES", 0)
    rows = "".join(f"Piece {n},Nika,80\n" for n in range(7))
    upload(curator, "title,artists,tempo\n" + rows)
    done = TrackImport.objects.get()
    store = reading._store

    def store_and_stop(chunk, track_import, *rest):
        store(chunk, track_import, *rest)
        if track_import.position == 4:
            importing.stop(track_import, at=now())

    monkeypatch.setattr(reading, "_store", store_and_stop)
    jobs.run_due()
    assert TrackImport.objects.get().state == "stopped"
    assert "It broke off after 4 rows." in text_of(curator.get(at("change", done.pk)))

    curator.post(at("go_on", done.pk))
    jobs.run_due()

    done.refresh_from_db()
    assert (done.state, done.new, Track.objects.count()) == ("done", 7, 7)


def test_what_is_over_is_neither_stopped_nor_read_on(curator):
    upload(curator, PLAIN)
    jobs.run_due()
    done = TrackImport.objects.get()

    stopped = text_of(curator.post(at("stop", done.pk), follow=True))
    gone_on = text_of(curator.post(at("go_on", done.pk), follow=True))

    assert "It is over already." in stopped
    assert "was not started again" in gone_on
    assert TrackImport.objects.get().state == "done"


def test_a_file_that_a_command_reads_is_told_and_left_to_it(curator, tmp_path):
    path = tmp_path / "tracks.csv"
    path.write_text(PLAIN)
    done = importing.open_import(path, columns={}, at=now())

    assert "by a command" in text_of(curator.get(at("change", done.pk)))
    assert "call it again" in text_of(curator.post(at("go_on", done.pk), follow=True))


def test_an_onlooker_sees_it_and_steers_nothing(onlooker, curator):
    upload(curator, PLAIN)
    done = TrackImport.objects.get()

    assert onlooker.get(at("change", done.pk)).status_code == 200
    assert "Stop" not in text_of(onlooker.get(at("change", done.pk)))
    assert onlooker.get(at("rows", done.pk, "rejected")).status_code == 200
    assert onlooker.get(at("add")).status_code == 403
    assert upload(onlooker, PLAIN).status_code == 403
    assert onlooker.post(at("stop", done.pk)).status_code == 403
    assert onlooker.post(at("go_on", done.pk)).status_code == 403
    assert Job.objects.get().is_live


@pytest.mark.parametrize("name", ["change", "progress"])
def test_a_listener_sees_nothing_of_it(name, curator, as_listener):
    upload(curator, PLAIN)

    assert as_listener.get(at(name, TrackImport.objects.get().pk)).status_code == 302


def test_a_list_of_imports_costs_the_same_however_long(curator):
    def bring(n):
        for _ in range(n):
            upload(curator, PLAIN)

    bring(1)
    few = count_queries(curator, at("changelist"))
    bring(5)

    assert count_queries(curator, at("changelist")) == few
