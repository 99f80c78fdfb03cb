# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import json
import pathlib
import sys

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils._core import python as python_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind

ROOT = pathlib.Path(python_module.__file__).resolve().parents[3]
NAME = "ansible_collections.cloud_elements.platform.plugins.module_utils._core.python"


@pytest.mark.parametrize("version", [(3, 8, 18, "final", 0), (3, 9, 0, "final", 0)])
def test_an_old_python_fails_the_module_and_says_what_to_do(monkeypatch, capsys, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as ended:
        python_module.require_python()
    assert ended.value.code == 1
    result = json.loads(capsys.readouterr().out)
    found = ".".join(map(str, version[:3]))
    assert (result["failed"], result["changed"]) == (True, False)
    assert all(words in result["msg"] for words in ("Python 3.10", f"Python {found}", "ansible_python_interpreter"))
    assert result["error"] == CloudElementsError(ErrorKind.UNSUPPORTED_PYTHON, "").as_result()


@pytest.mark.parametrize("version", [(3, 10, 0, "alpha", 1), (3, 14, 0, "final", 0), (4, 0, 0, "final", 0)])
def test_a_new_python_is_accepted(monkeypatch, capsys, version):
    monkeypatch.setattr(sys, "version_info", version)
    python_module.require_python()
    assert capsys.readouterr().out == ""


def test_the_oldest_accepted_python_is_the_oldest_tested_one():
    config = yaml.safe_load((ROOT / "tests" / "config.yml").read_text(encoding="utf-8"))
    assert config["modules"]["python_requires"] == f">={'.'.join(map(str, python_module.MINIMUM))}"


MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
# What only runs on the controller has no code there.
WITH_CODE = [
    path for path in MODULES if path.stem not in ("cloud_elements_account_dir", "cloud_elements_account_provision")
]


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.stem)
def test_every_module_checks_its_python_before_it_imports_anything_else(path):
    first, second, third, *_others = [
        ast.unparse(node)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if not isinstance(node, ast.Assign)
    ]
    assert first == "from __future__ import annotations"
    assert second == f"from {NAME} import require_python"
    assert third == "require_python()"


def test_the_check_imports_nothing_that_an_old_python_may_lack():
    imported = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(pathlib.Path(python_module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert imported == ["from __future__ import annotations", "import json", "import sys"]
