# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the collection as a whole, and what no single room can see."""

from __future__ import annotations

import ast
import pathlib

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils._core import version

ROOT = pathlib.Path(version.__file__).resolve().parents[3]
UTILS = ROOT / "plugins" / "module_utils"
ROOMS = {path.relative_to(UTILS).with_suffix("").as_posix(): path for path in sorted(UTILS.rglob("*.py"))}


def imported(path: pathlib.Path) -> set[str]:
    """Return the full names of all modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def importers(*packages: str) -> set[str]:
    """Return the rooms that import one of these packages."""
    return {room for room, path in ROOMS.items() if any(name.split(".")[0] in packages for name in imported(path))}


def test_the_version_is_the_one_of_the_collection():
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == version.VERSION


def test_the_action_group_has_every_module_and_no_other():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__"}
    assert sorted(runtime["action_groups"]["all"]) == sorted(modules)


def test_only_the_transport_can_open_a_socket():
    network = ("requests", "urllib3", "socket", "ssl", "http", "ftplib", "smtplib", "asyncio")
    assert importers(*network) == {"_api/transport"}
    assert not any(name.startswith("urllib.request") for path in ROOMS.values() for name in imported(path))


def test_only_the_module_and_the_sources_of_its_options_know_ansible():
    assert importers("ansible") == {"_module", "_api/connection_options"}
    assert not any(name.startswith("ansible.module_utils.basic") for name in imported(ROOMS["_api/connection_options"]))


@pytest.mark.parametrize(
    "room",
    [
        *("_core/strict_json", "_core/text", "_secrets/disclosure", "_secrets/masks", "_secrets/redaction"),
        *(
            "_api/error_report",
            "_api/models",
            "_api/retry_policy",
            "_reconcile/plan_summary",
            "_resources/instance/plan",
        ),
    ],
)
def test_a_pure_room_has_no_clock_no_chance_and_no_files(room):
    impure = {"time", "random", "os", "secrets", "uuid", "pathlib", "io", "threading", "subprocess", "tempfile"}
    assert impure.isdisjoint(name.split(".")[0] for name in imported(ROOMS[room]))


def test_every_room_is_private():
    assert all(room.startswith("_") for room in ROOMS)
