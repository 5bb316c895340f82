"""An export of ours that holds several profiles: one is read, and it is said which."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from jobs import services as jobs
from listening.imports.bundle import Survey, survey
from listening.imports.rows import Refused
from listening.models import Import
from tests.factories import NOON, make_listener
from tests.listening.imports.exports import pack, spotify

pytestmark = pytest.mark.django_db

IMPORTS = reverse("imports")


def plays(*titles):
    told = [
        {"started_at": f"2024-03-{day:02}T12:00:00Z", "title": title, "artist": "Mira Vale"}
        for day, title in enumerate(titles, start=1)
    ]
    return {"segue": "plays", "version": 1, "plays": told}


def profile(number, name):
    return {"segue": "profile", "version": 1, "profile": [{"id": number, "name": name}]}


WHOLE = {
    "READ ME.txt": "Your data",
    "profiles/ann/plays.json": plays("Salt Road", "Low Tide"),
    "profiles/ann/profile.json": profile(12, "Main"),
    "profiles/ann-kids/plays.json": plays("Cradle Song"),
    "profiles/ann-kids/plays.csv": "started_at\n",
    "profiles/ann-kids/profile.json": profile(35, "Kids"),
}


@pytest.fixture
def whole(tmp_path):
    return pack(tmp_path / "segue-ann.zip", WHOLE)


@pytest.fixture
def listener():
    return make_listener()


def heard(listener):
    return set(listener.plays.values_list("track__title", flat=True))


MAIN, KIDS = {"Salt Road", "Low Tide"}, {"Cradle Song"}


# What is in it


def test_the_profiles_are_known_by_folder_the_first_made_first(whole):
    found = survey(whole)

    assert [(one.folder, one.name, one.rows) for one in found.profiles] == [
        ("profiles/ann", "Main", 2),
        ("profiles/ann-kids", "Kids", 1),
    ]
    assert found.has_to_choose
    assert Survey.from_json(json.loads(json.dumps(found.as_json()))) == found


@pytest.mark.parametrize("name", ["Kids", "KIDS", "ann-kids"])
def test_one_is_chosen_by_name_or_handle_and_without_it_the_first(whole, name):
    found = survey(whole)

    assert [one.name for one in found.of_profile(name).found] == ["profiles/ann-kids/plays.json"]
    assert [one.name for one in found.of_profile().found] == ["profiles/ann/plays.json"]
    assert not found.of_profile().has_to_choose


def test_one_that_is_not_there_is_refused_with_those_that_are(whole, tmp_path):
    with pytest.raises(Refused, match=r"no profile “Sleep” in it\. There is: Main, Kids"):
        survey(whole).of_profile("Sleep")
    with pytest.raises(Refused, match="There is: none"):
        survey(pack(tmp_path / "x.zip", {"endsong_0.json": [spotify()]})).of_profile("Sleep")


def test_folders_of_other_names_and_without_a_description_are_profiles_too(tmp_path):
    files = {
        "mine/b/plays.json": plays("A"),
        "mine/a/plays.json": plays("B"),
        "mine/a/profile.json": '{"segue": "profile", "profile": [{"id": "x"',
        "plays.json": plays("C"),
    }
    found = survey(pack(tmp_path / "x.zip", files))

    assert [one.name for one in found.profiles] == ["without a name", "a", "b"]


def test_a_table_beside_the_plays_of_another_profile_is_read(tmp_path):
    table = "started_at,title,artist,artists,album,duration_ms,ms_played,skipped,source,ids\n"
    line = "2024-03-01T12:00:00Z,Cradle Song,Mira Vale,Mira Vale,,,,no,scrobble,\n"
    files = {"a/plays.json": plays("A"), "b/plays.csv": table + line}

    found = survey(pack(tmp_path / "x.zip", files)).of_profile("b")

    assert [one.name for one in found.found] == ["b/plays.csv"]


def test_one_profile_or_none_asks_nothing(tmp_path):
    for number, files in enumerate(
        (
            {"profiles/ann/plays.json": plays("A")},
            {"plays.json": plays("A")},
            {"endsong_0.json": [spotify()], "more/endsong_1.json": [spotify()]},
        )
    ):
        found = survey(pack(tmp_path / f"{number}.zip", files))
        assert not found.has_to_choose
        assert found.of_profile().found == found.found


def test_other_exports_beside_it_are_read_with_the_profile(tmp_path):
    found = survey(pack(tmp_path / "x.zip", WHOLE | {"endsong_0.json": [spotify()]}))

    assert [one.name for one in found.of_profile("Kids").found] == [
        "endsong_0.json",
        "profiles/ann-kids/plays.json",
    ]


# On the page


def upload(client, path):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    client.post(IMPORTS, {"exports": [file], "shares_taste": "no"})
    jobs.run_due()
    return Import.objects.latest("pk")


def page_of(client, one):
    return client.get(reverse("import", args=[one.pk])).content.decode()


def choose(client, one, folder):
    answer = client.post(reverse("choose_profile", args=[one.pk]), {"folder": folder}, follow=True)
    jobs.run_due()
    one.refresh_from_db()
    return answer.content.decode()


def test_the_page_asks_before_anything_is_read_and_reads_what_is_chosen(as_listener, whole):
    one = upload(as_listener, whole)
    page = page_of(as_listener, one)

    assert (one.state, one.position, heard(as_listener.listener)) == ("asking", 0, set())
    assert "Which profile shall come into Main?" in page
    assert "data-live" not in page
    assert "waits for your choice" in as_listener.get(IMPORTS).content.decode()

    choose(as_listener, one, "profiles/ann-kids")

    assert (one.state, one.total, one.profile_name) == ("done", 1, "Kids")
    assert heard(as_listener.listener) == KIDS
    assert "There are 2 profiles in it. This is what “Kids” holds" in page_of(as_listener, one)


def test_what_is_chosen_is_one_of_them_and_only_once(as_listener, whole):
    one = upload(as_listener, whole)

    assert "no such profile" in choose(as_listener, one, "profiles/bob")
    assert one.state == "asking"
    choose(as_listener, one, "profiles/ann")
    assert "chosen already" in choose(as_listener, one, "profiles/ann-kids")

    assert heard(as_listener.listener) == MAIN


def test_it_is_stopped_while_it_asks(as_listener, whole):
    one = upload(as_listener, whole)

    as_listener.post(reverse("cancel_import", args=[one.pk]))

    one.refresh_from_db()
    assert one.state == "cancelled"
    assert "chosen already" in choose(as_listener, one, "profiles/ann")


def test_nobody_chooses_for_another(as_listener, whole):
    one = upload(as_listener, whole)
    Import.objects.update(listener=make_listener())

    url = reverse("choose_profile", args=[one.pk])
    assert as_listener.post(url, {"folder": "profiles/ann"}).status_code == 404
    assert as_listener.get(url).status_code == 405


# For programs and operators


def test_a_program_names_one_or_is_told_which_was_read(as_listener, whole):
    api = reverse("api_imports")

    def bring(**fields):
        file = SimpleUploadedFile(whole.name, whole.read_bytes())
        one = as_listener.post(
            api, {"file": file, **fields}, headers={"accept": "application/json"}
        ).json()
        jobs.run_due()
        return as_listener.get(f"{api}{one['id']}/", headers={"accept": "application/json"}).json()

    kids = bring(profile="kids")
    assert (kids["state"], kids["profile"], kids["profiles"]) == ("done", "Kids", ["Main", "Kids"])
    assert heard(as_listener.listener) == KIDS

    assert bring()["profile"] == "Main"
    assert heard(as_listener.listener) == MAIN | KIDS

    nobody = bring(profile="Sleep")
    assert nobody["state"] == "refused"
    assert "There is: Main, Kids" in nobody["message"]


def test_the_command_reads_the_first_or_the_one_named_and_says_so(listener, whole, capsys):
    def bring(*options):
        output = io.StringIO()
        call_command("import_plays", whole, *options, listener=listener.user.email, stdout=output)
        return output.getvalue()

    assert "It holds 2 profiles: Main, Kids. Read was Main; choose with --profile NAME" in bring()
    assert heard(listener) == MAIN

    told = json.loads(bring("--profile", "ann-kids", "--json"))
    assert (told["profile"], told["profiles"]) == ("Kids", ["Main", "Kids"])
    assert heard(listener) == MAIN | KIDS

    with pytest.raises(CommandError, match="no profile “Sleep”"):
        bring("--profile", "Sleep")
    assert Import.objects.count() == 2


def test_an_export_without_profiles_says_nothing_of_them(listener, tmp_path):
    one = Import.objects.create(listener=listener, created_at=NOON)

    assert (one.profiles, one.profile_name) == ([], "")
