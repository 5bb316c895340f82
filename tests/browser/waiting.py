"""Waiting for what only a script can see."""

from playwright.sync_api import Page

PATIENCE = 30  # seconds
PAUSE = 20  # milliseconds


def wait_until(page: Page, script: str) -> None:
    """Return once `script` is true on the page.

    `page.wait_for_function` asks again from inside the page, where the site's policy allows no
    script made of text: it fails with the first answer that is no. This asks from outside.
    """
    for _ in range(PATIENCE * 1000 // PAUSE):
        if page.evaluate(script):
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(f"not within {PATIENCE} seconds: {script}")
