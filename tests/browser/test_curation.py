"""The curators' own pages in the admin: a file brought in by hand, and for everyone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from catalog.models import Track, TrackImport
from jobs import services as jobs
from tests.browser.looks import LOOKS, look

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "مرحبا 🎻 " + "Ein sehr langer Titel " * 12
CONTENT = f"title,artists,tempo\nHalo,Beyoncé,80\n{NAME},宇多田ヒカル,fast\n"


def test_a_file_is_brought_in_and_followed_to_its_end(curator_page, tmp_path):
    page, path = curator_page, tmp_path / "tracks.csv"
    path.write_text(CONTENT)
    page.goto("/admin/catalog/trackimport/add/")
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Waiting for its turn.").wait_for()

    jobs.run_due()

    page.get_by_text("All 2 rows are read.").wait_for()
    assert page.get_by_role("cell", name="tempo: “fast” is not a number").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows (CSV)").click()
    assert "rejected-rows" in download.value.suggested_filename
    assert Track.objects.get().title == "Halo"
    assert TrackImport.objects.get().made_by == page.user


@pytest.mark.parametrize("state", ["waiting", "done"])
def test_the_page_of_an_import_is_for_everyone(curator_page, tmp_path, state):
    page, path = curator_page, tmp_path / "tracks.csv"
    path.write_text(CONTENT)
    page.goto("/admin/catalog/trackimport/add/")
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Waiting for its turn.").wait_for()
    if state == "done":
        jobs.run_due()
        page.get_by_text("All 2 rows are read.").wait_for()

    for theme, width in LOOKS:
        with look(page, theme, width):
            results = Axe().run(page, context=".cur")  # the theme around it is not ours
            assert not results.response["violations"], results.generate_report()
