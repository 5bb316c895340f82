import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from catalog.imports.formats import FORMATS
from catalog.models import (
    Album,
    Artist,
    ArtistCredit,
    ExternalId,
    FeatureSet,
    Genre,
    Rule,
    Tag,
    Track,
    TrackGenre,
    TrackImport,
    TrackImportRow,
    TrackRecord,
    TrackTag,
)
from catalog.services import importing
from catalog.services.importing import reading
from catalog.services.showing import refresh_shown
from jobs.models import Job
from tests.catalog.big_files import write_kaggle_tracks
from tests.factories import NOON, make_artist, make_track

pytestmark = pytest.mark.django_db

KEPT = (Artist, Album, Track, ArtistCredit, FeatureSet, Genre, TrackGenre, Tag, TrackTag,
        ExternalId, TrackRecord)  # fmt: skip
VOLATILE = {"track_import", "said_at", "measured_at", "created_at"}


def write(tmp_path, *rows, name="tracks.csv"):
    """Write rows as our own CSV; each is what differs from a plain one."""
    plain = {"title": "Halo", "artists": "Beyoncé", "album": "", "year": "", "duration_ms": "",
             "explicit": "", "genre": "", "tags": "", "tempo": "", "energy": "",
             "isrc": "", "spotify_id": ""}  # fmt: skip
    path = tmp_path / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, plain)
        writer.writeheader()
        writer.writerows(plain | row for row in rows)
    return path


def bring_in(path, format_="csv", **options):
    return importing.import_file(
        importing.open_import(path, format_=format_, columns={}, at=NOON, **options), path, at=NOON
    )


def counts(done):
    return {fate: count for fate, count in done.counts.items() if count}


def state():
    """All that the catalogue holds, but for times and imports."""
    return {
        model.__name__: sorted(
            json.dumps(
                {k: v for k, v in model_to_dict(row).items() if k not in VOLATILE | {"artists"}},
                sort_keys=True, default=str,
            )
            for row in model.objects.all()
        )
        for model in KEPT
    }  # fmt: skip


def test_a_row_becomes_a_track_with_all_that_it_says(tmp_path):
    done = bring_in(
        write(
            tmp_path,
            {"artists": "Beyoncé;Jay-Z", "album": "I Am…", "year": "2008", "duration_ms": "261000",
             "explicit": "no", "genre": "dance pop", "tags": "slow;Loud", "tempo": "80",
             "energy": "0.7", "isrc": "USSM10804556"},
        )
    )  # fmt: skip

    track = Track.objects.select_related("artist", "album", "features", "genre__parent").get()
    assert (track.title, track.artist.name, track.credit) == ("Halo", "Beyoncé", "Beyoncé & Jay-Z")
    assert (track.album.title, track.album.year, track.year) == ("I Am…", 2008, 2008)
    assert (track.duration_ms, track.is_explicit, track.is_verified) == (261_000, False, True)
    assert (track.features.tempo, track.features.energy) == (80, 0.7)
    assert (track.features.valence, track.features.source) == (None, "csv")
    assert (track.genre.name, track.genre.parent.name) == ("dance pop", "pop")
    assert track.track_genres.get().label == "dance pop"
    assert {tag.tag.name for tag in track.track_tags.select_related("tag")} == {"slow", "loud"}
    assert track.external_ids.get().value == "USSM10804556"
    assert (track.match_key, track.search_text) == ("beyonce — halo", "halo beyonce jay z i am")
    assert track.records.get().said["title"] == "Halo"
    assert list(track.credits.values_list("position", "join_phrase")) == [(1, " & "), (2, "")]
    assert counts(done) == {"new": 1}


def test_a_track_in_several_rows_is_one_track_with_several_genres(tmp_path):
    path = write(tmp_path, {"genre": "pop"}, {"genre": "soul"}, {"title": "Other"})

    done = bring_in(path)

    assert counts(done) == {"new": 2, "merged": 1}
    assert list(TrackGenre.objects.order_by("pk").values_list("label", flat=True)) == [
        "pop",
        "soul",
    ]
    assert Track.objects.get(title="Halo").genre.name == "pop"
    row = TrackImportRow.objects.get()
    assert (row.line, row.fate, row.track.title) == (3, "merged", "Halo")


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Halo - Remastered 2011", "duration_ms": "262000"},
        {"title": "HALO (feat. Nobody)"},
        {"title": "Halo", "artists": "BEYONCE"},
        {"title": "Halo", "spotify_id": "5SuOikwiRyPMVoIQDJUgSV"},
        {"title": "Hello", "artists": "Anyone", "isrc": "USSM10804556"},
    ],
)
def test_one_recording_under_another_name_or_id_is_one_track(tmp_path, other):
    done = bring_in(write(tmp_path, {"duration_ms": "261000", "isrc": "USSM10804556"}, other))

    assert counts(done) == {"new": 1, "merged": 1}
    assert Track.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"title": "Halo - Live"}, {"duration_ms": "300000"}, {"artists": "Somebody"}]
)
def test_another_recording_is_another_track(tmp_path, other):
    assert counts(bring_in(write(tmp_path, {"duration_ms": "261000"}, other))) == {"new": 2}


def test_a_second_run_changes_nothing(tmp_path):
    path = write_kaggle_tracks(tmp_path / "dataset.csv", 300)
    first = bring_in(path, "auto")
    before = state()

    second = bring_in(path, "auto")

    assert sum(first.counts.values()) == 300
    assert first.merged > 20
    assert counts(second) == {"unchanged": 300}
    assert state() == before
    assert not second.rows.exists()


@pytest.mark.parametrize("stop_after", [1, 2])
def test_broken_off_and_repeated_gives_the_same(tmp_path, monkeypatch, stop_after):
    monkeypatch.setattr(reading, "CHUNK", 40)
    path = write_kaggle_tracks(tmp_path / "dataset.csv", 120)
    whole = bring_in(path, "auto")
    expected, expected_counts = state(), whole.counts
    for model in reversed(KEPT):
        Track.objects.update(features=None, genre=None)
        model.objects.all().delete()
    TrackImport.objects.all().delete()
    calls = []

    def pull_the_plug(position):
        calls.append(position)
        if len(calls) > stop_after:
            raise KeyboardInterrupt

    broken = importing.open_import(path, columns={}, at=NOON)
    with pytest.raises(KeyboardInterrupt):
        importing.import_file(broken, path, at=NOON, keep=pull_the_plug)
    again = importing.open_import(path, columns={}, at=NOON)
    importing.import_file(again, path, at=NOON)

    assert again.pk == broken.pk
    assert again.position == 120
    assert again.counts == expected_counts
    assert unnumbered(state()) == unnumbered(expected)


def unnumbered(state):
    """Keys differ from one run to the next."""
    keys = {"id", "track", "artist", "album", "genre", "features", "tag", "parent"}
    return {
        name: sorted(
            json.dumps({k: v for k, v in json.loads(row).items() if k not in keys}) for row in rows
        )
        for name, rows in state.items()
    }


def test_nobody_reads_an_import_that_another_has_moved_on(tmp_path):
    path = write(tmp_path, {})
    mine = importing.open_import(path, columns={}, at=NOON)
    TrackImport.objects.filter(pk=mine.pk).update(position=1, new=1)

    with pytest.raises(importing.Stopped):
        importing.import_file(mine, path, at=NOON)

    assert not Track.objects.exists()


def test_a_file_that_says_more_changes_what_is_there(tmp_path):
    bring_in(write(tmp_path, {"tempo": "80", "spotify_id": "5SuOikwiRyPMVoIQDJUgSV"}))
    more = {"tempo": "90", "year": "2008", "album": "I Am…", "title": "Halo!"}

    done = bring_in(write(tmp_path, more | {"spotify_id": "5SuOikwiRyPMVoIQDJUgSV"}))

    track = Track.objects.get()
    assert counts(done) == {"changed": 1}
    assert (track.title, track.year, track.album.title) == ("Halo!", 2008, "I Am…")
    assert track.features.tempo == 90


def test_what_a_file_does_not_say_any_more_stays(tmp_path):
    bring_in(write(tmp_path, {"tempo": "80", "genre": "pop", "isrc": "USSM10804556"}))

    done = bring_in(write(tmp_path, {"isrc": "USSM10804556"}, name="less.csv"))

    assert counts(done) == {"unchanged": 1}
    assert Track.objects.get().features.tempo == 80


def test_the_first_row_of_a_file_counts_and_a_repetition_does_not_change_that(tmp_path):
    same = {"isrc": "USSM10804556"}
    path = write(tmp_path, same | {"tempo": "80"}, same | {"tempo": "90", "year": "2008"})

    bring_in(path)
    again = bring_in(path)

    track = Track.objects.get()
    assert (track.features.tempo, counts(again)) == (80, {"unchanged": 2})
    assert track.records.get().said["year"] == 2008


def test_several_sources_keep_their_values_and_the_order_says_which_shows(tmp_path):
    kaggle = write_kaggle_tracks(tmp_path / "dataset.csv", 1)
    bring_in(kaggle, "kaggle-tracks")
    track = Track.objects.select_related("features").get()
    energy = track.features.energy

    with kaggle.open() as file:
        spotify_id = next(csv.DictReader(file))["track_id"]
    bring_in(write(tmp_path, {"title": "New", "spotify_id": spotify_id, "energy": "0.123"}))

    track.refresh_from_db()
    assert track.title == "New"
    assert track.features.energy == 0.123
    assert track.feature_sets.get(source="kaggle-tracks").energy == energy
    assert track.records.count() == 2


def test_of_two_records_of_one_source_the_older_has_the_say(tmp_path):
    one, other = {"isrc": "USSM10804556"}, {"spotify_id": "5SuOikwiRyPMVoIQDJUgSV"}
    bring_in(write(tmp_path, one | {"tempo": "80"}, other | {"tempo": "90"}))
    assert FeatureSet.objects.get().tempo == 80

    bring_in(write(tmp_path, other | {"tempo": "95"}))
    assert FeatureSet.objects.get().tempo == 80

    bring_in(write(tmp_path, one | {"tempo": "85"}))
    assert FeatureSet.objects.get().tempo == 85


def test_what_was_there_before_any_source_spoke_is_kept_on_record(tmp_path):
    track = make_track("Halo", artist=make_artist("Beyoncé"), source="listener", year=1999,
                       is_verified=False)  # fmt: skip

    done = bring_in(write(tmp_path, {"year": "2008"}))

    track.refresh_from_db()
    assert counts(done) == {"merged": 1}
    assert (track.year, track.is_verified) == (2008, True)
    assert track.records.get(source="listener").said["year"] == 1999


def test_a_curators_rule_holds_for_what_comes_in(tmp_path):
    right = make_track("Halo (right)")
    Rule.objects.create(kind=Rule.Kind.MATCH, match_key="beyonce — halo", track=right, made_at=NOON)

    done = bring_in(write(tmp_path, {}))

    assert counts(done) == {"merged": 1}
    assert right.records.filter(source="csv").exists()


def test_what_was_merged_stays_merged_and_its_values_show_with_the_survivor(tmp_path):
    survivor = make_track("Halo", artist=make_artist("Beyoncé"))
    merged = make_track("Hallo", artist=survivor.artist, canonical=survivor)

    bring_in(write(tmp_path, {"title": "Hallo", "energy": "0.5", "duration_ms": "200000"}))

    merged.refresh_from_db()
    survivor.refresh_from_db()
    assert merged.canonical == survivor
    assert survivor.features.track == merged
    assert Track.objects.count() == 2


def test_a_merged_artists_new_tracks_stay_under_the_name_they_came_with(tmp_path):
    right = make_artist("Beyoncé")
    wrong = make_artist("Beyonce Knowles", canonical=right)

    bring_in(write(tmp_path, {"artists": "Beyonce Knowles"}))

    assert Track.objects.get().artist == wrong


def test_a_renamed_genre_keeps_its_label(tmp_path):
    bring_in(write(tmp_path, {"genre": "vapor-twitch"}))
    Genre.objects.update(name="vaporwave", slug="vaporwave")

    bring_in(write(tmp_path, {"title": "Other", "genre": "vapor-twitch"}))

    assert Genre.objects.get().name == "vaporwave"
    assert TrackGenre.objects.count() == 2


def test_values_may_be_kept_from_the_shared_model(tmp_path):
    path = write(tmp_path, {"energy": "0.5"})

    bring_in(path, may_train=False)
    assert not FeatureSet.objects.get().may_train

    bring_in(path, may_train=True)
    assert FeatureSet.objects.get().may_train


def test_a_row_without_a_title_speaks_of_the_track_that_has_its_id(tmp_path):
    names = tmp_path / "unique_tracks.txt"
    names.write_text("TRAACOW128F933E35F<SEP>SOVYKGO12AB0187199<SEP>Faye Adams<SEP>Crazy\n")
    table = tmp_path / "music.csv"
    table.write_text(
        "artist.hotttnesss,artist.name,song.id,song.title,song.tempo\n"
        "0,Faye Adams,SOVYKGO12AB0187199,0,92\n"
        "0,Faye Adams,SOZZZZZ12AB0187199,0,99\n"
    )

    early = bring_in(table, "msd-tracks")
    bring_in(names, "msd-tracks")
    late = bring_in(table, "msd-tracks")

    assert counts(early) == {"rejected": 2}
    assert counts(late) == {"merged": 1, "rejected": 1}
    assert Track.objects.get().features.tempo == 92
    assert "no title" in late.rows.get(fate="rejected").reason


def test_a_thousand_rows_cost_as_many_queries_as_ten(tmp_path):
    few = write_kaggle_tracks(tmp_path / "few.csv", 30, seed=1)
    many = write_kaggle_tracks(tmp_path / "many.csv", 400, seed=2)

    with CaptureQueriesContext(connection) as cost_of_few:
        bring_in(few, "auto")
    with CaptureQueriesContext(connection) as cost_of_many:
        bring_in(many, "auto")

    assert len(cost_of_many) <= len(cost_of_few) + 8  # rows go in a thousand at a time


def test_what_follows_a_change_is_asked_for_once_it_is_made(tmp_path):
    path = write(tmp_path, {})
    bring_in(path)
    assert set(Job.objects.values_list("name", flat=True)) == {"catalog.index", "catalog.explore"}

    Job.objects.all().delete()
    bring_in(path)
    assert not Job.objects.exists()


def test_what_shows_is_what_choosing_anew_would_show(tmp_path):
    bring_in(write_kaggle_tracks(tmp_path / "dataset.csv", 200), "auto")
    bring_in(write(tmp_path, {"energy": "0.5"}, {"title": "X", "genre": "pop"}))
    before = state()["Track"]

    refresh_shown(Track.objects.values_list("pk", flat=True))

    assert state()["Track"] == before


def test_the_command_tells_the_accounting(tmp_path):
    path = write(tmp_path, {}, {"tempo": "fast"})
    said, as_json = io.StringIO(), io.StringIO()

    call_command("import_tracks", "csv", path, stdout=said)
    call_command("import_tracks", "auto", path, "--json", stdout=as_json)

    assert said.getvalue().startswith("2 rows read: 1 new, 0 changed, 0 unchanged, 0 merged, 1 rej")
    assert json.loads(as_json.getvalue())["unchanged"] == 1
    assert json.loads(as_json.getvalue())["rows"] == 2


def test_the_command_takes_columns_and_keeps_from_training(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("Stück,Wer,Kraft\nHalo,Beyoncé,0.5\n")

    call_command(
        "import_tracks", "csv", path, "--column", "title=Stück", "--column", "artists=Wer",
        "--column", "energy=Kraft", "--no-train", stdout=io.StringIO(),
    )  # fmt: skip

    features = FeatureSet.objects.get()
    assert (features.track.title, features.energy, features.may_train) == ("Halo", 0.5, False)


def test_every_format_names_a_source_that_the_catalogue_knows():
    sources = dict(Track._meta.get_field("source").choices)

    assert all(format_.source in sources for format_ in FORMATS.values())


def test_an_import_is_done_at_the_moment_it_was_given(tmp_path):
    done = bring_in(write(tmp_path, {}))

    assert done.finished_at == NOON
    assert Track.objects.get().records.get().said_at - NOON == timedelta(0)
