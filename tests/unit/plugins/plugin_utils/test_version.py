# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the version comes from: a checkout has `galaxy.yml`, an installed collection has `MANIFEST.json`."""

from __future__ import annotations

import re

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._version import ROOT, collection_version


def test_a_checkout_has_the_version_of_galaxy_yml():
    stated = re.findall(r"^version: (\S+)$", (ROOT / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [collection_version()] == stated


def test_an_installed_collection_has_the_version_of_its_manifest(tmp_path):
    (tmp_path / "MANIFEST.json").write_text('{"collection_info": {"version": "7.8.9"}}', encoding="utf-8")
    assert collection_version(tmp_path) == "7.8.9"
