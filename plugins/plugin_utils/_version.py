# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the version of the collection from its metadata, for the report. `galaxy.yml` is the one place that states it.

Only what runs on the controller can ask: no metadata goes along with a module to its host.
"""

from __future__ import annotations

import json
import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


def collection_version(root: pathlib.Path = ROOT) -> str:
    """Return the version of the collection that is installed or checked out in a folder."""
    # An installed collection has no galaxy.yml: the build makes MANIFEST.json of it.
    manifest = root / "MANIFEST.json"
    if manifest.exists():
        return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])
