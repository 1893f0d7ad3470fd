"""A real browser for tests of pages: windows in which nothing may go wrong unseen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
Open = Callable[..., Page]
"""Opens an address in a fresh window of a width, a colour scheme, with scripts or without."""


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Chromium without a screen; skips the test where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@contextmanager
def watched_windows(browser: Browser, *, harmless: str, only: str = "") -> Iterator[Open]:
    """Windows in which an error, or something that the policy refused, fails the test at its end.

    `harmless` is in a message of the console that is none; `only` is where every request must go.
    """
    problems: list[str] = []
    contexts = []

    def open_page(address: str, *, width: int = 1200, scheme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if harmless not in message.text else None)
        page.on("request", lambda request: None if request.url.startswith(only) else problems.append(request.url))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == problems
