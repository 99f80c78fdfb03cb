# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Ansible community package requires of a collection, as far as no other check sees it.

docs/inclusion.md has the whole checklist, with what shows each point.
"""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The folders that the requirements allow, of those that ansible-core loads plugins from.
ALLOWED = {
    *("action", "become", "cache", "callback", "cliconf", "connection", "doc_fragments", "filter", "httpapi"),
    *("inventory", "lookup", "module_utils", "modules", "netconf", "plugin_utils", "shell", "strategy", "terminal"),
    *("test", "vars"),
}
# In two parts, so that no tool takes this line for the license of this file.
GPL = "# SPDX-License-" + "Identifier: GPL-3.0-or-later"
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def data(name):
    return yaml.safe_load(text(name))


def version(stated):
    """Return a semantic version in a form that can be compared."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", stated), stated
    return tuple(map(int, stated.split(".")))


def tracked():
    """Return the paths of all files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def documentation(path, section="DOCUMENTATION"):
    return yaml.safe_load(
        re.search(rf'^{section} = r"""(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)[1]
    )


def test_the_metadata_is_complete():
    galaxy = data("galaxy.yml")
    for key in ("repository", "documentation", "homepage", "issues"):
        assert galaxy[key].startswith("https://")
    assert galaxy["license"] == ["GPL-3.0-or-later", "MIT-0"] and galaxy["dependencies"] == {}
    assert galaxy["tags"] and all(re.fullmatch("[a-z0-9_]+", tag) for tag in galaxy["tags"])
    assert "cloud" in galaxy["tags"], "one of the tags that Galaxy itself asks for"
    assert version(galaxy["version"]) >= (1, 0, 0)


def test_every_kind_of_plugin_is_allowed_and_what_is_shared_is_private():
    kinds = {path.name for path in (ROOT / "plugins").iterdir() if path.name != "__pycache__"}
    assert kinds <= ALLOWED
    utils = [path.name for kind in ("module_utils", "plugin_utils") for path in (ROOT / "plugins" / kind).iterdir()]
    assert all(name.startswith("_") for name in utils), "The README says that these are private."


@pytest.mark.parametrize("folder", ["plugins", "roles", "playbooks"])
def test_all_code_is_under_the_license_of_the_collection(folder):
    # The files of a new project become the user's own.
    skeleton = ROOT / "playbooks" / "files" / "skeleton"
    files = [
        path
        for path in tracked()
        if path.is_relative_to(ROOT / folder) and path.suffix in (".py", ".yml") and not path.is_relative_to(skeleton)
    ]
    assert len(files) > 5
    assert not [path for path in files if GPL not in path.read_text(encoding="utf-8")[:400].splitlines()]
    assert text("COPYING") == text("LICENSES/GPL-3.0-or-later.txt")


def test_there_are_no_binaries_but_pictures_for_the_pages():
    pictures = {path for path in tracked() if path.suffix == ".png"}
    assert all(path.parent == ROOT / "docs" and path.stat().st_size < 500_000 for path in pictures)
    for path in set(tracked()) - pictures:
        assert b"\0" not in path.read_bytes(), path


def test_no_finding_of_the_sanity_tests_is_ignored():
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))


def test_the_releases_of_ansible_core_are_the_same_everywhere():
    cores = ["2.19", "2.20", "2.21"]
    assert data("meta/runtime.yml")["requires_ansible"] == f">={cores[0]}.0"
    roles = list((ROOT / "roles").glob("*/meta/main.yml"))
    assert {yaml.safe_load(path.read_text())["galaxy_info"]["min_ansible_version"] for path in roles} == {cores[0]}
    sessions = re.findall(r'^    "([\d.]+)": \[', text("noxfile.py"), re.MULTILINE)
    assert sessions == cores
    assert "ansible-core**: 2.19, 2.20 and 2.21" in text("README.md")


def test_what_is_added_is_added_in_a_release_or_in_the_next_one():
    """The next release is the one that galaxy.yml states. What a release has added does not move to another one."""
    path = ROOT / "changelogs" / "changelog.yaml"
    released = set(yaml.safe_load(path.read_text())["releases"]) if path.exists() else set()
    files = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").glob("*/meta/argument_specs.yml")]
    added = {
        (path.relative_to(ROOT).as_posix(), stated)
        for path in files
        for stated in re.findall(r"^ *version_added: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {stated for _path, stated in added} - released <= {data("galaxy.yml")["version"]}, added
    documented = [
        path for path in files if re.search(r'^DOCUMENTATION = r"""|^argument_specs:', path.read_text(), re.MULTILINE)
    ]
    assert {path.relative_to(ROOT).as_posix() for path in documented} == {path for path, _stated in added}


def test_the_version_stands_in_galaxy_yml_alone():
    stated = data("galaxy.yml")["version"]
    stated_by = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix in (".py", ".yml", ".toml", ".cfg", ".md")
        and not path.is_relative_to(ROOT / "tests")
        and path.name not in ("CHANGELOG.md", "CONTRIBUTING.md", "inclusion.md")
        and re.search(
            rf"(?<!version_added: )(?<!>=)(?<![\d.]){re.escape(stated)}(?![\d.])", path.read_text(encoding="utf-8")
        )
    ]
    assert stated_by == ["galaxy.yml"]


def test_fragments_wait_for_a_release_that_is_not_made_yet():
    path = ROOT / "changelogs" / "changelog.yaml"
    waiting = list((ROOT / "changelogs" / "fragments").glob("*.yml"))
    released = yaml.safe_load(path.read_text())["releases"] if path.exists() else {}
    assert not waiting or data("galaxy.yml")["version"] not in released, "State the next version in galaxy.yml."


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_that_only_reads_is_called_info_and_the_others_have_check_mode(path):
    documented = documentation(path)
    fragments = documented.get("extends_documentation_fragment", [])
    reads = "cloud_elements.platform.attributes.info" in fragments
    assert path.stem.endswith("_info") is reads
    assert not path.stem.endswith("_facts") and "ansible_facts" not in documentation(path, "RETURN")
    # The fragment says that check mode is supported in full, and which Python and library a host needs.
    assert (
        "cloud_elements.platform.attributes" in fragments or documented["attributes"]["check_mode"]["support"] == "full"
    )


def test_the_readme_names_all_that_users_call():
    readme = text("README.md")
    names = [path.stem for path in MODULES]
    names += [path.name for path in (ROOT / "roles").iterdir()]
    names += [path.stem for path in (ROOT / "playbooks").glob("*.yml")]
    assert not [name for name in names if not re.search(rf"^\| \[?`{name}`", readme, re.MULTILINE)]


def test_the_readme_says_where_to_talk_and_what_a_version_means():
    headings = re.findall(r"^## (.+)$", text("README.md"), re.MULTILINE)
    assert {"Install", "Use", "Content", "Communication", "Releases and support", "License"} <= set(headings)
    for link in ("https://forum.ansible.com/", "https://semver.org/", "(CODE_OF_CONDUCT.md)", "(CHANGELOG.md)"):
        assert link in text("README.md")
    assert "community/code_of_conduct.html" in text("CODE_OF_CONDUCT.md")
