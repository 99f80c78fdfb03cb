# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the collection as a whole, and what no single file can see."""

from __future__ import annotations

import ast
import graphlib
import pathlib

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils import _module

ROOT = pathlib.Path(_module.__file__).resolve().parents[2]
UTILS = ROOT / "plugins" / "module_utils"
FILES = {path.relative_to(UTILS).with_suffix("").as_posix(): path for path in sorted(UTILS.rglob("*.py"))}


def imported(path: pathlib.Path) -> set[str]:
    """Return the full names of all modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


LAYERS = ("_core", "_secrets", "_api", "_reconcile", "_resources", "_export", "_account", "_module")
"""From the bottom to the top, as ARCHITECTURE.md draws them."""


def layer(name: str) -> int:
    return LAYERS.index(name.partition("/")[0])


def own_imports(name: str) -> set[str]:
    """Return the files of module_utils that one of them imports."""
    names = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = name.split("/")[: -node.level]
            module = "/".join([*parts, *(node.module or "").split(".")])
            names |= {module} if module in FILES else {f"{module}/{alias.name}" for alias in node.names}
    return names


def importers(*packages: str) -> set[str]:
    """Return the files that import one of these packages."""
    return {name for name, path in FILES.items() if any(name.split(".")[0] in packages for name in imported(path))}


def test_the_action_group_has_every_module_that_asks_the_platform_and_no_other():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "plugins" / "modules").glob("*.py")}
    asking = [name for name, text in texts.items() if "  - cloud_elements.platform.connection\n" in text]
    assert sorted(runtime["action_groups"]["all"]) == sorted(asking)
    # Without the routing, a module reads no variables such as cloud_elements_user_secret. The others are actions.
    action = {"action_plugin": "cloud_elements.platform.cloud_elements_instance"}
    routed = [name for name in sorted(asking) if "def main" in texts[name]]
    assert runtime["plugin_routing"]["modules"] == dict.fromkeys(routed, action)


def test_only_the_transport_can_open_a_socket():
    network = ("requests", "urllib3", "socket", "ssl", "http", "ftplib", "smtplib", "asyncio")
    assert importers(*network) == {"_api/transport"}
    assert not any(name.startswith("urllib.request") for path in FILES.values() for name in imported(path))


def test_only_the_module_and_the_sources_of_its_options_know_ansible():
    assert importers("ansible") == {"_module", "_api/connection_options"}
    assert not any(name.startswith("ansible.module_utils.basic") for name in imported(FILES["_api/connection_options"]))


@pytest.mark.parametrize(
    "name",
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
def test_a_pure_file_has_no_clock_no_chance_and_no_files(name):
    impure = {"time", "random", "os", "secrets", "uuid", "pathlib", "io", "threading", "subprocess", "tempfile"}
    assert impure.isdisjoint(name.split(".")[0] for name in imported(FILES[name]))


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_from_its_own_layer_or_one_below(name):
    assert own_imports(name) <= FILES.keys()
    assert not [other for other in own_imports(name) if layer(other) > layer(name)]


def test_no_file_imports_itself_by_others():
    order = tuple(graphlib.TopologicalSorter({name: own_imports(name) for name in FILES}).static_order())
    assert sorted(order) == sorted(FILES)


def test_every_package_is_private_and_drawn():
    drawing = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = [line.split()[0].rstrip("/").removesuffix(".py") for line in drawing.splitlines() if line.startswith("_")]
    assert drawn == list(reversed(LAYERS))
    assert {name.partition("/")[0] for name in FILES} == set(LAYERS)
