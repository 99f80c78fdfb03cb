# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the JSON schemas of the files of an account anew, from the tables of options and the documentation."""

from __future__ import annotations

import importlib
import pathlib
import typing as t

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "playbooks" / "files" / "schemas"


def documented() -> dict[str, t.Any]:
    """Return the documentation of the options of each kind of resource in an account."""
    modules = {
        "common_resources": "cloud_elements_common_resource",
        "formulas": "cloud_elements_formula",
        "formula_instances": "cloud_elements_formula_instance",
    }
    plugins = ROOT / "plugins"
    options = {kind: _options(plugins / "modules" / f"{module}.py") for kind, module in modules.items()}
    return {"instances": _options(plugins / "doc_fragments" / "fleet.py")["instances"]["suboptions"], **options}


def _options(path: pathlib.Path) -> t.Any:
    text = path.read_text(encoding="utf-8").partition('DOCUMENTATION = r"""')[2].partition('"""')[0]
    return yaml.safe_load(text)["options"]


def main() -> None:
    """Write the schemas."""
    # It lets the collection be imported by its full name.
    importlib.import_module("conftest")
    utils = "ansible_collections.cloud_elements.platform.plugins.plugin_utils"
    generate = importlib.import_module(f"{utils}._account_schemas").generate
    for name, text in generate(documented()).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
