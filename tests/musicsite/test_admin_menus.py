"""What is searched in the admin, and sent as something that no menu has."""

import pytest
from django.urls import reverse

from accounts.models import Partner
from catalog.models import Work
from playlists.models import PlaylistEntry
from tests.conftest import logged_in
from tests.factories import make_artist, make_listener, make_playlist, make_track, make_user

pytestmark = pytest.mark.django_db

MADE_UP = ("abc", "1.5", "９x", "-", "9" * 40)


@pytest.fixture
def operator():
    return logged_in(make_user("Olga", is_staff=True, is_superuser=True))


def make_work():
    return Work.objects.create(artist=make_artist(), title="Halo")


def no_rows(prefix):
    counts = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    return {f"{prefix}-{name}": 0 for name in counts}


ONE_ROW = {"entries-TOTAL_FORMS": 1}
PAGES = {
    "partner": ("accounts_partner", lambda: Partner.objects.create(name="Radio"), "owner", {}),
    "listener": ("accounts_listener", make_listener, "partner", {}),
    "work": ("catalog_work", make_work, "artist", {}),
    "track": ("catalog_track", make_track, "work", {}),
    "playlist": (
        "playlists_playlist",
        make_playlist,
        "entries-0-track",
        {"entries-TOTAL_FORMS": 1},
    ),
}


@pytest.mark.parametrize("made_up", MADE_UP)
@pytest.mark.parametrize("which", PAGES)
def test_what_no_menu_has_is_refused_in_words(operator, which, made_up):
    name, make, field, more = PAGES[which]
    row = make()
    before = type(row).objects.values().get(pk=row.pk)
    url = reverse(f"admin:{name}_change", args=[row.pk])
    rows = {
        key: value
        for formset in operator.get(url).context["inline_admin_formsets"]
        for key, value in no_rows(formset.formset.prefix).items()
    }

    answer = operator.post(url, rows | more | {field: made_up})

    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    assert type(row).objects.values().get(pk=row.pk) == before
    assert not PlaylistEntry.objects.exists()


def test_what_was_chosen_is_still_shown_when_something_else_was_wrong(operator):
    artist, work = make_artist("Nika"), make_work()

    answer = operator.post(
        reverse("admin:catalog_work_change", args=[work.pk]), {"title": "", "artist": artist.pk}
    )

    assert f'<option value="{artist.pk}" selected' in answer.content.decode()
