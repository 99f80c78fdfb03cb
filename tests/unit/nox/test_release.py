# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release is made of, and when it is refused. The session `release` makes one and tries it."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import tarfile

import pytest
from ansible_collections.cloud_elements.platform.tests.nox import release
from ansible_collections.cloud_elements.platform.tests.nox.commands import RefusedError
from ansible_collections.cloud_elements.platform.tests.nox.schedule import stage

DATE = datetime.date(2026, 12, 1)
CHANGELOG = "releases:\n  1.0.0:\n    release_date: '2026-12-01'\n"
GALAXY = "namespace: cloud_elements\nname: platform\nversion: 1.0.0\nreadme: README.md\nauthors: [us]\n"


@pytest.fixture(scope="module", autouse=True)
def commands():
    """Find ansible-galaxy beside the Python that runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
        yield


@pytest.fixture(scope="module")
def tarball(tmp_path_factory):
    return release.build(stage(release.ROOT, "build"), tmp_path_factory.mktemp("build"), DATE)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A committed collection whose changelog has the release 1.0.0."""
    tree = tmp_path / "checkout"
    (tree / "changelogs" / "fragments").mkdir(parents=True)
    (tree / "galaxy.yml").write_text(GALAXY)
    (tree / "README.md").write_text("Read me.\n")
    (tree / "changelogs" / "changelog.yaml").write_text(CHANGELOG)
    monkeypatch.setattr(release, "ROOT", tree)
    commit(tree)
    return tree


def commit(tree):
    who = ["-c", "user.name=us", "-c", "user.email=us@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "Change it"]):
        subprocess.run(["git", *command], cwd=tree, check=True)


def made(tmp_path, *words):
    return release.make(release.parse([*words]), tmp_path)


def test_two_builds_of_the_collection_are_equal(tarball, tmp_path):
    tree = stage(release.ROOT, "build")
    for path in tree.rglob("*.py"):
        path.chmod(0o600)
        os.utime(path, (1, 1))
    assert release.digest(release.build(tree, tmp_path, DATE)) == release.digest(tarball)


def test_the_tarball_has_what_users_need_and_nothing_else(tarball):
    with tarfile.open(tarball) as packed:
        names = packed.getnames()
    readers = {"CHANGELOG.md", "CODE_OF_CONDUCT.md", "COPYING", "LICENSES", "README.md", "REUSE.toml", "SECURITY.md"}
    machines = {"FILES.json", "MANIFEST.json", "changelogs", "meta", "requirements.txt"}
    content = {"docs", "playbooks", "plugins", "roles"}
    # There need not be any extensions, but they would be content.
    assert {name.partition("/")[0] for name in names} - {"extensions"} == readers | machines | content
    assert not [name for name in names if "__pycache__" in name or os.path.basename(name).startswith(".")]
    assert "changelogs/fragments" not in names and "docs/inclusion.md" not in names


def test_the_links_of_the_pages_in_the_tarball_lead_to_what_is_in_it(tarball):
    with tarfile.open(tarball) as packed:
        names = set(packed.getnames())
        pages = {name: packed.extractfile(name).read().decode() for name in names if name.endswith(".md")}
    links = {
        (name, os.path.normpath(os.path.join(os.path.dirname(name), link)))
        for name, text in pages.items()
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    }
    assert len(links) > 10
    assert not [(name, link) for name, link in links if link not in names]


def test_a_release_is_built_of_two_clones_with_the_date_in_the_changelog(checkout, tmp_path, capsys):
    tarball = made(tmp_path, "1.0.0", "--as-committed")
    with tarfile.open(tarball) as packed:
        assert {member.mtime for member in packed} == {1796083200}, "the midnight of 2026-12-01 in UTC"
    first, second = (line.split()[0] for line in capsys.readouterr().out.splitlines())
    assert first == second == release.digest(tarball)


@pytest.mark.parametrize(
    ("words", "change", "why"),
    [
        (["1.0.0"], {"README.md": "Changed.\n"}, "Commit or stash first"),
        (["1.1.0", "--as-committed"], {}, "does not have 1.1.0"),
        (["1.1.0"], {}, "nothing to release"),
        (["1.0.0", "--date", "2026-12-02"], {}, "dates 1.0.0 2026-12-01, not 2026-12-02"),
    ],
)
def test_a_release_is_refused(checkout, tmp_path, words, change, why):
    for name, text in change.items():
        (checkout / name).write_text(text)
    with pytest.raises(RefusedError, match=why):
        made(tmp_path, *words)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("galaxy.yml", GALAXY.replace("1.0.0", "1.1.0"), "galaxy.yml states 1.1.0"),
        ("changelogs/fragments/new.yml", "bugfixes: [Repair it.]\n", "new.yml came later"),
    ],
)
def test_what_came_after_a_release_does_not_go_out_under_its_version(checkout, name, text, why):
    (checkout / name).write_text(text)
    with pytest.raises(RefusedError, match=why):
        release.prepare(checkout, "1.0.0", DATE)


def test_two_clones_that_differ_are_refused(checkout, tmp_path, monkeypatch):
    build = release.build

    def with_clock(tree, folder, date):
        return build(tree, folder, date if folder.name == "one" else date + datetime.timedelta(days=1))

    monkeypatch.setattr(release, "build", with_clock)
    with pytest.raises(RefusedError, match="tarballs differ"):
        made(tmp_path, "1.0.0")


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n", ""])
def test_only_a_plain_semantic_version_is_released(version, capsys):
    with pytest.raises(SystemExit):
        release.parse([version])
    assert "is not a version such as 1.0.0" in capsys.readouterr().err
