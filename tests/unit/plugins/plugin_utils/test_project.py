# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a new project: which they are, and when none is written."""

from __future__ import annotations

import fnmatch
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Directory, WriteError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._project import SKELETON, plan_project, skeleton
from packaging.specifiers import SpecifierSet

ROOT = SKELETON.parents[2]
PLAYBOOKS = {"provision", "report", "export", "deprovision", "validate"}


def test_a_new_project_is_written_with_its_hidden_files_and_not_overwritten(tmp_path):
    directory = Directory(str(tmp_path / "new" / "project"))
    directory.apply(plan_project(directory))
    written = {str(path.relative_to(directory.path)) for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert written == set(skeleton()) >= {".gitignore", ".github/workflows/plan.yml", "reports/.gitignore"}
    assert not any("dot_" in name for name in written)
    with pytest.raises(WriteError, match=r"is not empty: it has \.github, .*, and more\. Give a directory"):
        plan_project(directory)


def test_the_repository_of_a_project_may_be_there_and_nothing_else(tmp_path):
    (tmp_path / ".git").mkdir()
    assert len(plan_project(Directory(str(tmp_path)))) == len(skeleton())
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(WriteError, match=r"is not empty: it has notes\. Give a directory"):
        plan_project(Directory(str(tmp_path)))
    with pytest.raises(WriteError, match="has to be a folder"):
        plan_project(Directory(str(tmp_path / "notes")))


def test_a_build_of_the_collection_leaves_no_file_of_a_project_out():
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["build_ignore"]
    for folder in (SKELETON, ROOT / "extensions"):
        for path in folder.rglob("*"):
            # As `ansible-galaxy collection build` does it.
            name = str(path.relative_to(ROOT))
            assert not any(fnmatch.fnmatch(name, pattern) for pattern in [*ignored, "*.pyc", "*.retry", ".git"]), name


def test_a_project_has_a_playbook_for_each_of_the_collection_and_takes_this_release():
    files = skeleton()
    imported = {yaml.safe_load(files[f"{name}.yml"])[0]["import_playbook"] for name in PLAYBOOKS}
    assert imported == {f"cloud_elements.platform.{name}" for name in PLAYBOOKS}
    assert PLAYBOOKS | {"init"} == {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))
    needed = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    core = f"ansible-core{runtime['requires_ansible'].removesuffix('.0')}"
    assert files["requirements.txt"].splitlines() == [core, *needed]
    environment = ROOT / "extensions" / "execution_environment" / "execution-environment.yml"
    dependencies = yaml.safe_load(environment.read_text("utf-8"))["dependencies"]
    (wanted,) = yaml.safe_load(files["requirements.yml"])["collections"]
    assert wanted["name"] == "cloud_elements.platform" and galaxy["version"] in SpecifierSet(wanted["version"])
    assert dependencies["galaxy"]["collections"] == [wanted] and dependencies["ansible_core"]["package_pip"] == core


def test_its_workflows_use_the_actions_that_the_collection_itself_uses():
    own = "".join(path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    used = {
        match for text in skeleton().values() for match in re.findall(r"uses: (\S+@\S+ # \S+)$", text, re.MULTILINE)
    }
    assert used == set(re.findall(r"uses: (\S+@[0-9a-f]{40} # \S+)$", own, re.MULTILINE))
