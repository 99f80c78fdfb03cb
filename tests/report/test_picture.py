# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the page that the documentation shows: with --screenshot they go into docs/."""

from __future__ import annotations

import pathlib

import pytest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
# The emulator's has another port each time.
URL = "https://api.openconnectors.eu10.ext.hana.ondemand.com/elements/api-v2"


@pytest.mark.parametrize(("scheme", "name"), [("light", "report.png"), ("dark", "report-dark.png")])
def test_a_picture_of_the_page_is_small_enough_for_the_documentation(show, pytestconfig, tmp_path, scheme, name):
    page = show("account", 1100, scheme)
    page.locator("header .about bdi").first.evaluate("(at, url) => { at.textContent = url }", URL)
    # What is below is about instances alone, and would only make it longer.
    below = page.locator("section", has=page.locator("#hubs")).bounding_box()["y"]
    picture = (DOCS if pytestconfig.getoption("--screenshot") else tmp_path) / name
    page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": 1100, "height": below})
    assert 10_000 < picture.stat().st_size < 150_000
