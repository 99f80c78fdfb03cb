# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of several accounts in a real browser."""

from __future__ import annotations

import functools
import http.server
import pathlib
import threading
import typing as t
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.report import chromium
from ansible_collections.cloud_elements.platform.tests.report.drawing import PAGES
from playwright.sync_api import Browser, Page, sync_playwright

Show = Callable[..., Page]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the pictures of the documentation be taken anew."""
    parser.addoption("--screenshot", action="store_true", help="put the pictures of the page into docs/")


class Site:
    """Serves the pages on this machine, each drawn by the playbook once, and notes every path that is asked for."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        site = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                site.asked.append(self.path)

        handler = functools.partial(Handler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def url(self, name: str) -> str:
        """Return the URL of a page, which is drawn if it was not yet."""
        page = self.folder / f"{name}.html"
        if not page.exists():
            with Emulator() as emulator:
                page.write_bytes(PAGES[name](self.folder / name, emulator).read_bytes())
        return f"{self.origin}/{page.name}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """All pages, behind a server."""
    served = Site(tmp_path_factory.mktemp("site"))
    thread = threading.Thread(target=served.server.serve_forever, daemon=True)
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        yield started
        started.close()


@pytest.fixture
def show(site: Site, browser: Browser) -> Iterator[Show]:
    """Return what shows a page by its name (or None: an empty one), in a window of a width and a colour scheme."""
    contexts = []

    def run(
        name: str | None, width: int = 1280, scheme: t.Literal["light", "dark"] = "light", unfolded: bool = False
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        site.asked.clear()
        if name is not None:
            page.goto(site.url(name))
        if unfolded:
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        return page

    yield run
    for context in contexts:
        context.close()
