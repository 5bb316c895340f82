import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from recommendations.engine import artifacts
from recommendations.engine.artifacts import ArtifactError

ARRAYS = {
    "weights": np.arange(60_000, dtype=np.float32),
    "item_ids": np.arange(5, dtype=np.int64),
    "empty": np.zeros((0, 3), dtype=np.float32),
}


def published(folder, **changes):
    arrays = ARRAYS | changes
    artifacts.publish(
        folder, kind="segue", arrays=arrays, parameters={"k": 50}, counts={"items": 5}
    )
    return folder


def folders(local):
    return [path.name for path in local.iterdir() if path.is_dir()]


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


@pytest.fixture
def local(tmp_path):
    return tmp_path / "local"


def test_arrays_and_manifest_come_back_as_published(storage):
    manifest, arrays = artifacts.open_arrays(published(storage / "v1"))

    assert manifest.kind == "segue"
    assert manifest.parameters == {"k": 50}
    assert manifest.counts == {"items": 5}
    assert set(arrays) == set(ARRAYS)
    for name, expected in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], expected, strict=True)


def test_large_arrays_are_mapped_and_none_can_be_written(storage):
    _, arrays = artifacts.open_arrays(published(storage / "v1"))

    assert isinstance(arrays["weights"].base, np.memmap)
    for array in arrays.values():
        assert not array.flags.writeable


def test_same_arrays_give_the_same_bytes(storage):
    first, second = published(storage / "a"), published(storage / "b")

    assert {path.name for path in first.iterdir()} == {path.name for path in second.iterdir()}
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_checksum_tells_other_arrays_and_other_parameters(storage):
    same = artifacts.publish(storage / "a", kind="knn", arrays=ARRAYS)
    array = artifacts.publish(
        storage / "b",
        kind="knn",
        arrays=ARRAYS | {"item_ids": np.arange(5, dtype=np.int64) + 1},
    )
    parameter = artifacts.publish(storage / "c", kind="knn", arrays=ARRAYS, parameters={"k": 1})

    assert len({same.checksum, array.checksum, parameter.checksum}) == 3


def test_refuses_to_publish_objects_and_leaves_nothing_behind(storage):
    with pytest.raises(ValueError, match="names holds objects"):
        published(storage / "v1", names=np.array(["a", None], dtype=object))

    assert list(storage.iterdir()) == []


def test_refuses_to_publish_over_an_artifact(storage):
    published(storage / "v1")

    with pytest.raises(FileExistsError):
        published(storage / "v1")


def test_adopts_a_read_only_copy_that_outlives_its_source(storage, local):
    source = published(storage / "v1")

    adopted = artifacts.adopt(source, local)
    shutil.rmtree(source)

    assert adopted == local / "v1"
    assert folders(local) == ["v1"]
    _, arrays = artifacts.open_arrays(adopted)
    np.testing.assert_array_equal(arrays["weights"], ARRAYS["weights"])
    assert {path.stat().st_mode & 0o777 for path in adopted.iterdir()} == {0o444}


def flip_a_byte(folder):
    content = bytearray((folder / "weights.npy").read_bytes())
    content[-3] ^= 1
    (folder / "weights.npy").write_bytes(content)


def truncate(folder):
    content = (folder / "weights.npy").read_bytes()
    (folder / "weights.npy").write_bytes(content[:-100])


def lose_a_file(folder):
    (folder / "item_ids.npy").unlink()


def lose_the_manifest(folder):
    (folder / "manifest.json").unlink()


def half_a_manifest(folder):
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text[: len(text) // 2])


def edit_manifest(folder, **changes):
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def a_later_format(folder):
    edit_manifest(folder, format=99)


def altered_parameters(folder):
    edit_manifest(folder, parameters={"k": 51})


def a_manifest_of_nothing(folder):
    (folder / "manifest.json").write_text("[]")


def files_that_are_not(folder):
    edit_manifest(folder, files={"weights": 3})


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (flip_a_byte, "weights.npy was altered"),
        (truncate, "weights.npy has the wrong size"),
        (lose_a_file, "no item_ids.npy"),
        (lose_the_manifest, "no manifest"),
        (half_a_manifest, "manifest of model “v2” cannot be read"),
        (a_later_format, "has format 99; this release reads 1"),
        (altered_parameters, "manifest of model “v2” was altered"),
        (a_manifest_of_nothing, "manifest of model “v2” is damaged"),
        (files_that_are_not, "manifest of model “v2” is damaged"),
    ],
)
def test_refuses_a_damaged_folder_and_keeps_the_last_good_one(storage, local, damage, says):
    good = artifacts.adopt(published(storage / "v1"), local)
    bad = published(storage / "v2")
    damage(bad)

    with pytest.raises(ArtifactError, match=says):
        artifacts.adopt(bad, local)

    assert artifacts.latest_good(local) == good
    assert folders(local) == ["v1"]


@pytest.mark.parametrize("damage", [truncate, lose_a_file, lose_the_manifest, half_a_manifest])
def test_latest_good_passes_over_what_was_damaged_after_adoption(storage, local, damage):
    good = artifacts.adopt(published(storage / "v1"), local)
    bad = artifacts.adopt(published(storage / "v2"), local)
    for path in bad.iterdir():
        path.chmod(0o644)
    damage(bad)

    assert artifacts.latest_good(local) == good


def test_latest_good_is_none_without_any(local):
    assert artifacts.latest_good(local) is None


def test_adopting_again_makes_it_the_latest_without_copying(storage, local):
    old, new = published(storage / "v1"), published(storage / "v2")
    first = artifacts.adopt(old, local)
    artifacts.adopt(new, local)
    inode = (first / "weights.npy").stat().st_ino

    artifacts.adopt(old, local)

    assert artifacts.latest_good(local) == first
    assert (first / "weights.npy").stat().st_ino == inode
    assert artifacts.latest_good(local, besides=["v1"]) == local / "v2"


def test_adopting_repairs_a_damaged_copy(storage, local):
    source = published(storage / "v1")
    adopted = artifacts.adopt(source, local)
    adopted.joinpath("weights.npy").unlink()

    artifacts.adopt(source, local)

    artifacts.verify(adopted)


def test_an_open_model_goes_on_when_its_folder_is_replaced(storage, local):
    adopted = artifacts.adopt(published(storage / "v1"), local)
    _, arrays = artifacts.open_arrays(adopted)

    artifacts.adopt(published(storage / "other" / "v1", weights=ARRAYS["weights"] * 2), local)

    np.testing.assert_array_equal(arrays["weights"], ARRAYS["weights"])


def test_several_may_adopt_the_same_artifact_at_once(storage, local):
    source = published(storage / "v1")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: artifacts.adopt(source, local), range(8)))

    assert found == [local / "v1"] * 8
    artifacts.verify(local / "v1")
    assert folders(local) == ["v1"]


def test_opens_in_under_50_ms_however_large(storage, local):
    adopted = artifacts.adopt(
        published(storage / "v1", large=np.ones(50_000_000, dtype=np.float32)), local
    )
    artifacts.open_arrays(adopted)

    start = time.perf_counter()
    artifacts.open_arrays(adopted)

    assert time.perf_counter() - start < 0.05


def test_strings_come_back_from_one_blob():
    strings = ["jazz", "", "Björk", "日本"]

    blob, offsets = artifacts.pack_strings(strings)

    assert blob.dtype == np.uint8
    assert artifacts.unpack_strings(blob, offsets) == strings
    assert artifacts.unpack_strings(*artifacts.pack_strings([])) == []


def test_what_is_not_kept_is_deleted_and_who_has_it_open_reads_on(storage, local):
    for name in ("v1", "v2", "v3"):
        artifacts.adopt(published(storage / name), local)
    (local / ".v4-abc" / "v4").mkdir(parents=True)  # of a process that was killed
    _, open_before = artifacts.open_arrays(local / "v1")

    assert artifacts.forget(local, keep={"v2", "v3"}) == [".v4-abc", "v1"]

    assert sorted(folders(local)) == ["v2", "v3"]
    assert artifacts.latest_good(local) == local / "v3"
    np.testing.assert_array_equal(open_before["weights"], ARRAYS["weights"])
