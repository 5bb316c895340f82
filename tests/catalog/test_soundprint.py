"""The soundprint: the same picture as the design's own drawing, small, and never at a loss."""

import math
import random
from hashlib import sha256
from itertools import product
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from catalog.inks import ink
from catalog.soundprint import KNOWN, features_of_name, soundprint

SHARES = ("valence", "energy", "acousticness", "instrumentalness", "danceability")
SIZES = (40, 64, 200)
SLOW_FERRY = {"valence": 0.68, "mode": 0, "key": 8, "energy": 0.38, "tempo": 72}

# What the drawing in the design (soundprint.js) makes of `made_up(300)`, 25 pictures to a hash.
DESIGN = {
    40: "38b58779 172a29bd b54d37d9 2b1c39c2 f2996f8c 7868d161 "
    "0800d489 5a086306 4f89aa20 ecd6a86e ea9deefa 772e337a",
    64: "f98ce133 416db07f b8fa6202 61d2541a a9e2d5d2 5c6ff718 "
    "49a608ab 4f571172 6247aa63 6a4ad3bc 5a72ce43 ea8f5e8a",
    200: "af9e9378 46019454 0de23d3c 7b7f9dca 4b248ad5 190ddc73 "
    "51717171 4a471220 7a542929 2056f85c c279bb1c b5390b9a",
}


def made_up(count):
    rng = random.Random(1904)
    return [
        {name: round(rng.random(), 3) for name in SHARES}
        | {
            "mode": rng.randint(0, 1),
            "key": rng.randint(-1, 11),
            "tempo": round(rng.uniform(35, 230), 1),
            "loudness": round(rng.uniform(-35, 2), 2),
        }
        for _ in range(count)
    ]


def extremes():
    values = product(
        (0.5,), (0, 1), (0, 5, 11), (0, 0.5, 1), (40, 196, 220), (0, 0.25, 0.4, 1), (0, 1),
        (0, 0.5, 1), (-30, 0),
    )  # fmt: skip
    return (dict(zip(KNOWN, each, strict=True)) for each in values)


def drawn(template, **context):
    return Template("{% load soundprint %}" + template).render(Context(context))


@pytest.mark.parametrize("size", SIZES)
def test_it_is_the_picture_of_the_design(size):
    pictures = [soundprint(features, size) for features in made_up(300)]

    hashes = [
        sha256("".join(pictures[start : start + 25]).encode()).hexdigest()[:8]
        for start in range(0, 300, 25)
    ]

    assert hashes == DESIGN[size].split()


@pytest.mark.parametrize("size", SIZES)
def test_it_is_whole_xml_without_ids_scripts_or_styles(size):
    for features in made_up(20):
        elements = ElementTree.fromstring(soundprint(features, size)).iter()  # noqa: S314 -- ours

        assert {name for element in elements for name in element.attrib} <= {
            "viewBox", "width", "height", "fill", "stroke", "stroke-width", "stroke-linecap",
            "stroke-linejoin", "d", "cx", "cy", "r", "transform",
        }  # fmt: skip


def test_a_small_print_is_at_most_two_and_a_half_kilobytes():
    assert max(len(soundprint(features, 40)) for features in extremes()) <= 2500


def test_what_nobody_knows_is_drawn_as_usual():
    usual = {name: known[0] for name, known in KNOWN.items()}

    assert soundprint({}) == soundprint(usual)
    assert soundprint(dict.fromkeys(KNOWN)) == soundprint(usual)
    assert soundprint(dict.fromkeys(KNOWN, math.nan)) == soundprint(usual)
    assert soundprint(dict.fromkeys(KNOWN, "unknown")) == soundprint(usual)


@pytest.mark.parametrize(
    ("name", "beyond", "edge"),
    [("valence", 7, 1), ("tempo", 1000, 220), ("tempo", 1, 40), ("loudness", -80, -30)],
)
def test_what_is_out_of_range_is_drawn_at_the_edge(name, beyond, edge):
    assert soundprint(SLOW_FERRY | {name: beyond}) == soundprint(SLOW_FERRY | {name: edge})


def test_a_value_that_went_through_single_precision_is_the_same_picture():
    single = {name: value + 1e-8 for name, value in SLOW_FERRY.items()}

    assert soundprint(single) == soundprint(SLOW_FERRY)


@pytest.mark.parametrize("name", KNOWN)
def test_every_feature_shows(name):
    _, low, high, _ = KNOWN[name]
    low = 0 if name == "key" else low  # -1, for no key, is drawn as 11

    assert soundprint(SLOW_FERRY | {name: low}) != soundprint(SLOW_FERRY | {name: high})


def test_a_name_has_a_face_of_its_own():
    assert features_of_name("Main") == features_of_name("Main")
    assert soundprint(features_of_name("Main")) != soundprint(features_of_name("Sleep"))


def test_inks_are_what_a_screen_can_show():
    assert ink(0, 0, 0) == "#000000"
    assert ink(1, 0, 0) == "#ffffff"
    assert ink(0.9, 0.4, 140).startswith("#00")


def test_the_tag_hides_the_picture_from_screen_readers():
    page = drawn("{% soundprint track 48 'print-round' %}", track=SLOW_FERRY)

    assert page.startswith('<span class="print print-48 print-round" aria-hidden="true"><svg')
    assert soundprint(SLOW_FERRY, 48) in page


def test_the_tag_draws_a_track_without_features():
    page = drawn("{% soundprint track %}", track=SimpleNamespace(features=None))

    assert soundprint({}, 56) in page


def test_the_tag_takes_the_features_of_a_track():
    track = SimpleNamespace(features=SimpleNamespace(**SLOW_FERRY))

    assert soundprint(SLOW_FERRY, 200) in drawn("{% soundprint track 'fill' %}", track=track)


def test_a_list_shows_four_prints_at_most():
    tracks = [SimpleNamespace(features=None)] * 6

    assert drawn("{% prints_row tracks %}", tracks=tracks).count("<svg") == 4
    assert drawn("{% prints_row tracks %}", tracks=[]).count("<svg") == 0
