# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-builder makes a context from the execution environment. There is no container engine here to build it."""

from __future__ import annotations

import os

import yaml
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT

DEFINITION = ROOT / "extensions/execution_environment/execution-environment.yml"


def test_the_context_of_the_build_has_all_that_the_collection_needs(tmp_path):
    ansible = Ansible(tmp_path, {})
    created = ansible.command(
        "ansible-builder", "create", "--file", str(DEFINITION), "--output-filename", "Containerfile"
    )
    assert created.rc == 0 and "Complete!" in created.output, created.output
    file = (tmp_path / "context" / "Containerfile").read_text("utf-8")
    for line in (
        'ARG EE_BASE_IMAGE="quay.io/centos/centos:stream9"',
        'ARG PYCMD="/usr/bin/python3.12"',
        'ARG ANSIBLE_INSTALL_REFS="ansible-core>=2.19 ansible-runner>=2.4"',
    ):
        assert f"{line}\n" in file
    assert "ansible-galaxy collection install" in file and "-r requirements.yml" in file
    required = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text("utf-8"))
    assert [collection["name"] for collection in required["collections"]] == ["cloud_elements.platform"]
    # What the build itself asks once the collection is installed.
    tree = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    found = ansible.command("ansible-builder", "introspect", "--write-pip", "pip.txt", tree)
    assert found.rc == 0, found.output
    assert "requests>=2.28  # from collection cloud_elements.platform" in (tmp_path / "pip.txt").read_text("utf-8")
