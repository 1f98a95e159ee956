"""A real browser for the tests of the review page: the Chromium of this machine, without a screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(_NAMES)} is installed")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--headless", "--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


class Visit:
    """One page of a browser: what it asked for, and what it complained of."""

    def __init__(self, opened: Browser, *, dark: bool = False, width: int = 1280) -> None:
        context = opened.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)  # machines of tests are busy
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type == "error" else None
        )
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))

    def loaded(self, selector: str) -> None:
        """Waits for what a further page shows, and for its script: a key pressed before that is lost."""
        self.page.wait_for_selector(selector)
        self.page.wait_for_load_state()

    def violations(self, *within: str) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA on the page as it stands, or in the first element of
        each of these selectors: it takes minutes for a page of 30,000 elements."""
        script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
        self.page.evaluate(script)
        found: list[dict[str, Any]] = self.page.evaluate(
            "([within, tags]) => axe.run(within.length ? within.map(each => document.querySelector(each))"
            " : document, {runOnly: tags}).then(each => each.violations)",
            [list(within), list(AXE)],
        )
        return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
