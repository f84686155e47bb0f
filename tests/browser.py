"""A real browser for tests, and a file server for it to read from.

`chromium` is one browser for the whole session, `page` a fresh page for each test, `serve` a
function that puts a folder on 127.0.0.1; tests/conftest.py gives them to every test file. One that
uses them is marked with `pytestmark = pytest.mark.browser`. Where Playwright or Chromium is missing
the tests are skipped with the reason; where CI is set they fail, so that CI cannot pass by
skipping. The browser is $CHROMIUM, or the first of the usual names on the path.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["ARGUMENTS", "chromium", "find_chromium", "page", "serve"]

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of Chromium: $CHROMIUM, or the first one found, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def _missing(what: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and in CI the browser tests must run")
    pytest.skip(f"{what}: browser tests do not run")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all tests of the session."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _missing("Playwright is not installed")
    path = find_chromium()
    if path is None:
        _missing("no Chromium found (set CHROMIUM to its path)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of its own context: nothing is left over from another test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    yield opened
    context.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing on the terminal."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Give a function that serves a folder and returns its address, without a slash at the end.

    All servers are stopped after the test.
    """
    running: list[tuple[http.server.ThreadingHTTPServer, threading.Thread]] = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
