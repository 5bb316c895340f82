from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import NOON, make_model_version
from tests.recommendations.measured import make_measured


def test_the_quality_page_is_for_everyone(page):
    make_measured(state="live", promoted_at=NOON, message="Better than all before it.")
    make_measured(message="Worse than version 1: -0.011 NDCG, 95 % interval -0.020 to -0.001.")

    page.goto("/quality/")

    assert_axe_clean(page)
    take_pictures(page, "quality")


def test_before_anything_is_measured_it_is_for_everyone_too(listener_page):
    make_model_version(state="live", data={"listeners": 3}, message="Only 3 could be asked.")

    listener_page.goto("/quality/")

    assert_axe_clean(listener_page)
