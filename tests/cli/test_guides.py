# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All guides: each is followed by a file of tests of its own, and nothing in one escapes them."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT, guide, guides, page
from ansible_collections.cloud_elements.platform.tests.cli.reader import NOT_RUN, caption


def test_each_guide_is_followed_and_is_on_the_docsite():
    files = {path.stem for path in pathlib.Path(__file__).parent.glob("test_guide_*.py")}
    assert files == {f"test_guide_{name}" for name in guides()}
    (toctree,) = (section["toctree"] for section in yaml.safe_load(page("docs/docsite/extra-docs.yml"))["sections"])
    assert sorted(toctree) == guides()
    assert all((ROOT / f"docs/docsite/rst/{name}.rst").is_file() for name in toctree)


def test_what_is_not_run_has_a_reason():
    known = {(name, caption(block)) for name in guides() for block in guide(name)}
    assert NOT_RUN.keys() <= known and all(NOT_RUN.values())


@pytest.mark.parametrize("name", guides())
def test_no_block_of_a_guide_escapes(name):
    text = page(f"docs/docsite/rst/{name}.rst")
    assert len(guide(name)) == text.count("code-block::")
    # Nor is there a block of another kind.
    assert set(re.findall(r"^ *\.\. ([a-z-]+)::", text, re.MULTILINE)) <= {"code-block", "contents"}
    assert not re.search(r"^(?! *\.\. ).*::$", text, re.MULTILINE)
