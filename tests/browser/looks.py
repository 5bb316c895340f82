"""A page as people see it: light and dark, on a phone and on a desk."""

import os
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

LOOKS = [(theme, width) for theme in ("light", "dark") for width in (390, 1280)]
CROSSED = [("light", 390), ("dark", 1280)]  # each colour and each layout once
IS_PICTURED = bool(os.environ.get("PICTURES"))  # as `make prove` asks
HEIGHTS = {390: 844, 1280: 800}
PICTURES = Path(__file__).parents[2] / "test-results"

_axe = Axe()


@contextmanager
def look(page, theme, width):
    """Show the page in one theme and at one width (in CSS pixels)."""
    before = page.viewport_size
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    yield page
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")


def assert_axe_clean(page, *, looks=LOOKS if IS_PICTURED else CROSSED):
    """Fail where axe finds anything on the page as it stands, or where it scrolls sideways."""
    for theme, width in looks:
        with look(page, theme, width):
            results = _axe.run(page)
            assert not results.response["violations"], (
                f"{page.url}, {theme}, {width} px:\n{results.generate_report()}"
            )
            assert not scrolls_sideways(page), f"{page.url} is wider than {width} px"


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def take_pictures(page, name, *, looks=LOOKS):
    """Save the whole page in every look to test-results/ where `PICTURES=1` asks for it."""
    if not IS_PICTURED:
        return []
    PICTURES.mkdir(exist_ok=True)
    files = []
    for theme, width in looks:
        with look(page, theme, width):
            files.append(PICTURES / f"{name}-{theme}-{width}.png")
            page.screenshot(path=files[-1], full_page=True)
    return files
