"""Bringing a history in the browser: upload, watch it come in, undo it; with the keyboard alone."""

import json

import pytest
from playwright.sync_api import expect

from jobs import services as jobs
from listening.models import Import, ImportRow
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import NOON
from tests.listening.imports.exports import pack, spotify

STREAMS = [
    spotify(
        ts=f"2024-03-01T{hour:02}:03:20Z",
        master_metadata_track_name=name,
        spotify_track_uri=None,
    )
    for hour in range(8)
    for name in ("Glass Harbour", "夜の海", "مرسى الزجاج", "🌊", "L" * 90)
]


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "Streaming_History_Audio_2023-2024_a_rather_long_name_of_a_file_indeed_0.json"
    path.write_text(json.dumps([*STREAMS, spotify(ts=None), spotify(ts="then")]))
    return path


def test_a_history_is_uploaded_watched_and_undone(listener_page, export):
    page = listener_page
    page.goto("/listening/imports/")
    page.get_by_label("Your exports").set_input_files(export)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Upload and read").press("Enter")
    expect(page.get_by_text("looked through before anything is stored")).to_be_visible()

    jobs.run_due()  # as a worker would, while the page is looked at

    expect(page.get_by_text("40 of 42 rows came in.")).to_be_visible()
    expect(page.get_by_role("row", name="Rejected")).to_contain_text("2")
    with page.expect_download() as download:
        page.get_by_role("link", name="All 2 as a table").click()
    assert download.value.suggested_filename.startswith("rejected-")

    page.get_by_role("link", name="Undo it").press("Enter")
    assert_axe_clean(page)
    take_pictures(page, "import-undo")
    page.get_by_role("button", name="Undo the import").press("Enter")
    expect(page.get_by_text("It is being undone.")).to_be_visible()
    jobs.run_due()

    expect(page.get_by_text("It was undone.")).to_be_visible()
    assert page.listener.plays.count() == 0


def _import(page, **fields):
    fields = {"file_name": "my_spotify_data.zip", "format": "spotify", "created_at": NOON} | fields
    return Import.objects.create(listener=page.listener, **fields)


def test_the_pages_of_imports_are_good_to_look_at_and_to_hear(listener_page):
    page = listener_page
    page.goto("/listening/imports/")
    assert_axe_clean(page)
    take_pictures(page, "imports-empty")
    counts = {"new": 812_345, "created": 41_002, "short": 90_441, "known": 12, "echo": 48_771,
              "podcast": 1200, "incognito": 31, "kept": 400, "rejected": 3}  # fmt: skip
    names = ("Main", "Kids", "ملف النوم", "L" * 60)
    profiles = [{"folder": f"profiles/{name}", "name": name, "rows": 41_002} for name in names]
    unread = ["MyData/Payments.json", "MyData/ReadMe.pdf"]
    survey = {"found": [], "unread": unread, "profiles": profiles, "profile": "profiles/Kids"}
    done = _import(
        page, state="done", counts=counts, position=994_205, total=994_205, survey=survey
    )
    for number, text in enumerate(("{}", "مرسى الزجاج – 夜の海", "x" * 400), start=1):
        ImportRow.objects.create(
            source_import=done, number=number, fate="rejected", reason="no time", text=text,
            place=f"MyData/Streaming_History_Audio_2019-2020_{number}.json, row {number}",
        )  # fmt: skip
    _import(page, state="running", counts={"new": 22_000}, position=22_000, total=180_000)
    _import(page, state="asking", survey=survey | {"profile": ""})
    _import(page, state="refused", message="The file ends in the middle: it seems cut off.")
    _import(page, state="cancelled", file_name="🎧 " + "long" * 40 + ".json", position=9)

    for name, one in (
        ("list", ""),
        *((each.state, f"{each.pk}/") for each in Import.objects.all()),
    ):
        page.goto(f"/listening/imports/{one}")
        assert_axe_clean(page)
        take_pictures(page, f"import-{name}")


def test_which_of_several_profiles_is_asked_while_the_page_is_looked_at(listener_page, tmp_path):
    page = listener_page
    plays = {
        name: [{"started_at": f"2024-03-0{day}T12:00:00Z", "title": name, "artist": "Mira Vale"}]
        for day, name in enumerate(("Main", "Kids"), start=1)
    }
    told = {
        f"profiles/{name}/plays.json": {"segue": "plays", "version": 1, "plays": rows}
        for name, rows in plays.items()
    }
    page.goto("/listening/imports/")
    page.get_by_label("Your exports").set_input_files(pack(tmp_path / "segue.zip", told))
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("looked through before anything is stored")).to_be_visible()
    jobs.run_due()

    page.get_by_role("radio", name="Kids").check()
    page.get_by_role("button", name="Read it").press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    jobs.run_due()

    expect(page.get_by_text("This is what “Kids” holds")).to_be_visible()
    assert [play.track.title for play in page.listener.plays.all()] == ["Kids"]
