import io
import json
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Listener
from catalog.models import ExternalId
from listening.models import Import, ImportRow, Play
from tests.factories import make_listener, make_track
from tests.listening.imports.exports import spotify, write

pytestmark = pytest.mark.django_db

USER = "b80344d063b5ccb3212f76538f3d9e43d87dca9e"
OTHER = "a3f5db66731126b173610095b831a216a0e27da4"
SONG, UNKNOWN = "SOAKIMP12A8C130995", "SOBBMDR12A8C13253B"


def import_plays(*arguments):
    output = io.StringIO()
    call_command("import_plays", *map(str, arguments), "--json", stdout=output)
    return json.loads(output.getvalue())


@pytest.fixture
def export(tmp_path):
    return write(tmp_path / "endsong_0.json", [spotify(), spotify(ts=None)])


@pytest.fixture
def listener():
    return make_listener("Sleep", handle="sleepy")


def test_it_reads_an_export_for_a_profile(listener, export):
    told = import_plays(export, "--listener", f"{listener.user.email.upper()}/sleepy")

    assert told == {
        "import": Import.objects.get().pk, "file": "endsong_0.json", "format": "spotify",
        "rows": 2, "counts": {"created": 1, "rejected": 1}, "profile": "", "profiles": [],
    }  # fmt: skip
    assert listener.plays.count() == 1


def test_without_a_handle_it_is_the_first_profile(listener, export):
    make_listener("Kids", user=listener.user)

    import_plays(export, "--listener", listener.user.email)

    assert Play.objects.get().listener == listener


def test_it_says_what_it_did_in_words(listener, export, capsys):
    call_command("import_plays", export, listener=listener.user.email, verbosity=0)

    assert capsys.readouterr().out == "2 rows read: 1 created, 1 rejected\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say whose it is"),
        (["--listener", "nobody@example.org"], "There is no profile nobody@example.org"),
        (["--listener", "{email}/other"], "There is no profile"),
        (["--listener", "{email}", "--format", "koito"], "no export of Koito"),
        (["--listener", "{email}", "--format", "tape"], "invalid choice"),
    ],
)
def test_it_refuses_with_a_clear_word(listener, export, arguments, words):
    with pytest.raises(CommandError, match=words):
        import_plays(export, *(one.format(email=listener.user.email) for one in arguments))
    assert Import.objects.count() == 0


# The taste profile


@pytest.fixture
def song():
    track = make_track()
    ExternalId.objects.create(track=track, kind="msd-song", value=SONG, source="msd")
    return track


def profile(tmp_path, *lines):
    return write(tmp_path / "train_triplets.txt", "".join(f"{line}\n" for line in lines))


def test_each_user_of_the_taste_profile_is_a_listener(tmp_path, song):
    path = profile(
        tmp_path,
        f"{USER}\t{SONG}\t3",
        f"{USER}\t{UNKNOWN}\t2",
        f"{OTHER} {SONG} 1",
        "nonsense",
    )

    told = import_plays(path, "--format", "msd-taste")

    assert (told["listeners"], told["rows"], told["counts"]) == (2, 4, {"new": 2, "rejected": 2})
    assert [one.plays.count() for one in Listener.objects.order_by("-external_id")] == [3, 1]
    listener = Listener.objects.get(external_id=USER)
    assert (listener.partner.name, listener.user) == ("Million Song Dataset", None)
    assert Listener.objects.teaching().count() == 2
    assert "not in the catalogue" in ImportRow.objects.get().reason


def test_the_taste_profile_may_be_read_again(tmp_path, song):
    path = profile(tmp_path, f"{USER}\t{SONG}\t3")
    import_plays(path, "--format", "msd-taste")
    before = set(Play.objects.values_list("pk", "started_at"))

    assert import_plays(path, "--format", "msd-taste")["counts"] == {"known": 1}
    assert set(Play.objects.values_list("pk", "started_at")) == before


def test_made_up_times_are_always_the_same_and_spread_evenly(tmp_path, song):
    import_plays(profile(tmp_path, f"{USER}\t{SONG}\t4"), "--format", "msd-taste")

    moments = sorted(Play.objects.values_list("started_at", flat=True))
    gaps = {(later - earlier).total_seconds() for earlier, later in pairwise(moments)}
    assert gaps == {730 * 86_400 / 4}
    assert str(moments[0]) == "2009-05-03 23:14:45+00:00"


@pytest.mark.parametrize("content", ["", "hello\n", "[]"])
def test_what_is_no_taste_profile_is_refused(tmp_path, content):
    with pytest.raises(CommandError):
        import_plays(write(tmp_path / "x", content), "--format", "msd-taste")
