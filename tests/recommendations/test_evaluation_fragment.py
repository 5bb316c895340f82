import numpy as np
from django.template.loader import render_to_string

from recommendations.engine.evaluation.page import page_fragment
from recommendations.engine.evaluation.report import evaluate
from recommendations.engine.evaluation.splits import by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity


def evaluation(*, with_validation):
    rng = np.random.default_rng(0)
    users, items = np.nonzero(rng.random((60, 30)) < 0.3)
    test = by_user(Interactions.from_triples(users, items), rng=rng)
    validation = by_user(test.train, rng=rng) if with_validation else None
    return evaluate(
        Popularity, test, model="Most popular", data="a made-up world", rng=rng,
        validation=validation,
    )  # fmt: skip


def rendered(fragment):
    return render_to_string("recommendations/_evaluation.html", {"evaluation": fragment})


def test_every_figure_stands_in_a_table_with_its_heads():
    fragment = page_fragment(evaluation(with_validation=True))

    html = rendered(fragment)

    for row in (*fragment["figures"], *fragment["beyond"]):
        assert f'<th scope="row">{row["name"]}</th>' in html
        assert row["figure"] in html
    assert html.count("<caption") == html.count("<table") == 3
    assert "When it was chosen" in html
    assert "a made-up world" in html


def test_no_column_for_a_validation_that_was_not_made():
    html = rendered(page_fragment(evaluation(with_validation=False)))

    assert "When it was chosen" not in html


def test_no_style_and_no_script_of_its_own():
    html = rendered(page_fragment(evaluation(with_validation=True)))

    assert "style=" not in html
    assert "<script" not in html


def test_cold_tracks_are_told_apart():
    fragment = page_fragment(evaluation(with_validation=False))
    cold = {"n": 50, "n_tracks": "7", "figure": "0.250", "interval": "–", "listeners": "4"}

    html = rendered(fragment | {"cold_items": cold})

    assert "Of 7 tracks nobody has played yet" in html


def test_nobody_asked_is_said():
    html = rendered(page_fragment(evaluation(with_validation=False)) | {"activity": []})

    assert "Nobody to ask yet." in html
