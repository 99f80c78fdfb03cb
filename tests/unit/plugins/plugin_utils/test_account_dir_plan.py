# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a directory in which there is something already, and what a diff shows of it."""

from __future__ import annotations

import os
import stat
import typing as t

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils import _account_dir_files as files_module
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_diff import WITHHELD, diff_of
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import (
    Change,
    Directory,
    WriteError,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_plan import plan_directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import FormError

INSTANCE = {"name": "a", "element_key": "stripe", "secret_configuration": {"password": "********"}}
FORMULA = {"definition": {"name": "sync", "active": True, "steps": []}}
RESOURCE = {"name": "contacts", "level": "account", "fields": []}
SECRET = {
    "kind": "instances",
    "variable": "secret_a",
    "purpose": "Password of a",
    "path": ["instances", 0, "secret_configuration", "password"],
}
ACCOUNT = {
    "instances": [INSTANCE],
    "common_resources": [RESOURCE],
    "formulas": [FORMULA],
    "formula_instances": [],
    "secrets": [SECRET],
    "notes": [],
}
EMPTY: dict[str, list[t.Any]] = {**{kind: [] for kind in KINDS}, "secrets": [], "notes": []}
SCHEMAS = {"fleet.json": '{"$schema": "x"}\n'}


@pytest.fixture
def root(tmp_path):
    return tmp_path / "accounts" / "prod"


def planned(root, account=None, **options):
    return plan_directory(Directory(str(root)), ACCOUNT if account is None else account, DataLoader(), **options)


def written(root, account=None, **options):
    """Plan and write, and return the names of what was written and removed."""
    plan = planned(root, account, **options)
    Directory(str(root)).apply(plan.changes)
    return {change.name: change.after is not None for change in plan.changes}


def tree(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_nothing_is_written_twice(root):
    first = written(root, schemas=SCHEMAS)
    assert list(first) == [
        *("secrets.yml", "fleet.yml", "common_resources/contacts.yml", "formulas/sync.yml", "formula_instances.yml"),
        *("README.md", ".schemas/fleet.json"),
    ]
    assert set(tree(root)) == set(first)
    modes = {name: stat.S_IMODE((root / name).stat().st_mode) for name in first}
    assert modes.pop("secrets.yml") == 0o600 and set(modes.values()) == {0o644}
    (root / "fleet.yml").chmod(0o640)
    before = tree(root)
    assert written(root, schemas=SCHEMAS) == {} and tree(root) == before
    changed = {**ACCOUNT, "instances": [{**INSTANCE, "enabled": False}]}
    assert written(root, changed, schemas=SCHEMAS) == {"fleet.yml": True}
    assert stat.S_IMODE((root / "fleet.yml").stat().st_mode) == 0o640, "as the user wants it"


def test_what_is_gone_is_stale_and_only_removed_if_asked(root):
    written(root)
    (root / "formulas" / "mine.yml").write_text("definition: {name: mine}\n")
    (root / "formulas" / "notes.txt").write_text("x")
    (root / "formulas" / "link.yml").symlink_to("sync.yml")
    without = {**ACCOUNT, "formulas": [], "common_resources": []}
    assert planned(root, without).stale == ("common_resources/contacts.yml", "formulas/sync.yml")
    assert planned(root, without, include=["instances", "formulas"]).stale == ("formulas/sync.yml",)
    assert written(root, without) == {}
    assert written(root, without, prune=True) == {"common_resources/contacts.yml": False, "formulas/sync.yml": False}
    assert planned(root, without, prune=True).changes == ()
    assert sorted(path.name for path in (root / "formulas").iterdir()) == ["link.yml", "mine.yml", "notes.txt"]


def test_a_part_of_an_account_replaces_no_list_of_more(root):
    assert written(root, partial=True)["fleet.yml"]
    before = tree(root)
    for part in (
        {**ACCOUNT, "instances": [], "secrets": []},
        {**ACCOUNT, "instances": [{**INSTANCE, "name": "another"}]},
    ):
        with pytest.raises(WriteError, match=r"fleet\.yml would lose what the filters leave out"):
            written(root, part, partial=True)
        assert tree(root) == before
    assert written(root, partial=True) == {}
    with pytest.raises(WriteError, match="Export it all"):
        written(root, partial=True, prune=True)


@pytest.mark.parametrize("by_them", ["new", "changed", "gone"])
def test_what_others_write_after_the_plan_is_left_as_it_is(root, by_them):
    if by_them != "new":
        written(root)
    plan = planned(root, {**ACCOUNT, "instances": [{**INSTANCE, "name": "another"}]})
    root.mkdir(parents=True, exist_ok=True)
    if by_them == "gone":
        (root / "fleet.yml").unlink()
    else:
        (root / ("secrets.yml" if by_them == "new" else "fleet.yml")).write_text("by: them\n")
    before = tree(root)
    with pytest.raises(WriteError, match="was written by somebody else in the meantime, so it is left as it is"):
        Directory(str(root)).apply(plan.changes)
    assert tree(root) == before


def test_a_file_that_appears_at_the_last_moment_is_not_replaced(root, monkeypatch):
    monkeypatch.setattr(Directory, "read", lambda self, name: None)
    root.mkdir(parents=True)
    (root / "secrets.yml").write_text("by: them\n")
    with pytest.raises(WriteError, match="somebody else") as error:
        Directory(str(root)).apply([Change("a", None, "a"), Change("secrets.yml", None, "form")])
    assert str(error.value).endswith("Before it, this was written: a.")
    assert {name: text.decode() for name, text in tree(root).items()} == {"a": "a", "secrets.yml": "by: them\n"}


def test_a_file_system_without_links_gets_its_files(root, monkeypatch):
    def link(source, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files_module.os, "link", link)
    assert "fleet.yml" in written(root) and "fleet.yml" in tree(root)
    (root / "x").write_text("by: them\n")
    with pytest.raises(FileExistsError):
        files_module._replace(str(root / "x"), "mine", 0o600, new=True)
    assert (root / "x").read_text() == "by: them\n" and not [name for name in tree(root) if name.startswith(".cloud")]


@pytest.mark.parametrize("name", ["fleet.yml", "formulas/sync.yml", "formula_instances.yml"])
@pytest.mark.parametrize("text", ["", "a: b\n", "# by me\n---\n{}\n", "$ANSIBLE_VAULT;1.1;AES256\n61\n", "\udcff"])
def test_files_of_others_are_never_overwritten(root, name, text):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text.encode(errors="surrogateescape"))
    before = tree(root)
    with pytest.raises(WriteError, match=rf"{name} is there, and its head .* Move it elsewhere\.$"):
        written(root)
    assert tree(root) == before


def test_all_that_is_in_the_way_is_named_at_once(root):
    (root / "formulas" / "sync.yml").mkdir(parents=True)
    with pytest.raises(WriteError, match="has to be a file"):
        written(root)
    (root / "formulas" / "sync.yml").rmdir()
    for name in ("fleet.yaml", "formula_instances.json", "formulas/sync.yml"):
        (root / name).write_text("{}")
    with pytest.raises(WriteError) as error:
        written(root)
    assert all(name in str(error.value) for name in ("fleet.yaml", "formula_instances.json", "formulas/sync.yml"))
    (root / "fleet.yaml").unlink()
    assert list(written(root, include=["instances"])) == ["secrets.yml", "fleet.yml"]


def test_the_page_of_somebody_else_is_left_alone(root):
    root.mkdir(parents=True)
    (root / "README.md").write_text("# Mine\n")
    assert "README.md" not in written(root) and (root / "README.md").read_text() == "# Mine\n"


@pytest.mark.parametrize("name", ["fleet.yml", "formulas", "formulas/sync.yml", "secrets.yml", "secrets.missing.yml"])
def test_no_link_leads_out_of_the_directory(root, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(outside / "new")
    with pytest.raises(WriteError, match="leads out of the directory"):
        written(root)
    assert list(outside.iterdir()) == [] and not (root / "README.md").exists()


def test_a_link_to_the_directory_and_one_within_it_are_followed(root, tmp_path):
    written(root)
    (tmp_path / "link").symlink_to(root)
    (root / "fleet.yml").rename(root / "elsewhere.yml")
    (root / "fleet.yml").symlink_to("elsewhere.yml")
    assert written(tmp_path / "link") == {}
    assert written(tmp_path / "link", {**ACCOUNT, "instances": [{**INSTANCE, "enabled": True}]}) == {"fleet.yml": True}
    assert (root / "fleet.yml").is_symlink() and "enabled: true" in (root / "elsewhere.yml").read_text()


def test_an_empty_account_is_not_taken_for_another(root):
    assert list(written(root, EMPTY)) == ["secrets.yml", "fleet.yml", "formula_instances.yml", "README.md"]
    assert written(root, EMPTY) == {}
    written(root)
    for include in (KINDS, ["formulas"], ["instances"]):
        with pytest.raises(WriteError, match=r"that of another account.* remove the files first\."):
            planned(root, EMPTY, include=include)
    assert planned(root, EMPTY, include=["formula_instances"]).changes == ()


def test_secrets_are_never_edited(root):
    written(root)
    assert yaml.safe_load((root / "secrets.yml").read_text()) == {"secret_a": ""}
    (root / "secrets.yml").write_text("secret_a: filled\n")
    more = {**SECRET, "kind": "formulas", "variable": "secret_b", "path": ["formulas", 0, "definition", "password"]}
    formula = {"definition": {**FORMULA["definition"], "password": "********"}}
    account = {**ACCOUNT, "formulas": [formula], "secrets": [SECRET, more]}
    assert set(written(root, account)) == {"secrets.missing.yml", "formulas/sync.yml"}
    assert planned(root, account).lacking == ("secret_b",) and planned(root, account).changes == ()
    assert written(root, account, include=["instances"]) == {}, "what other kinds lack stays"
    assert set(written(root)) == {"secrets.missing.yml", "formulas/sync.yml"}
    assert not (root / "secrets.missing.yml").exists()
    written(root, account)
    (root / "secrets.missing.yml").write_text("secret_c: filled\n")
    with pytest.raises(FormError, match=r"secrets\.missing\.yml has to be changed"):
        planned(root, account)
    assert (root / "secrets.yml").read_text() == "secret_a: filled\n"


def test_secrets_under_another_suffix_are_the_same(root):
    root.mkdir(parents=True)
    (root / "secrets.yaml").write_text("{}\n")
    assert "secrets.missing.yaml" in written(root) and not (root / "secrets.yml").exists()


def test_what_some_kinds_lack_is_added_to_what_others_lack(root):
    root.mkdir(parents=True)
    (root / "secrets.yml").write_text("{}\n")
    other = {**SECRET, "kind": "formulas", "variable": "secret_b", "path": ["formulas", 0, "definition", "password"]}
    formula = {"definition": {**FORMULA["definition"], "password": "********"}}
    account = {**ACCOUNT, "formulas": [formula], "secrets": [SECRET, other]}
    written(root, account, include=["instances"])
    written(root, account, include=["formulas"])
    assert yaml.safe_load((root / "secrets.missing.yml").read_text()) == {"secret_a": "", "secret_b": ""}
    assert written(root, account, include=["formulas"]) == {}


def test_a_write_that_fails_leaves_the_old_file(root, monkeypatch):
    written(root)
    before = tree(root)

    def fail(*_paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files_module.os, "replace", fail)
    with pytest.raises(WriteError, match=r"fleet\.yml cannot be written: No space left on device"):
        written(root, {**ACCOUNT, "instances": [{**INSTANCE, "enabled": True}]})
    assert tree(root) == before


def test_a_new_file_is_private_until_it_is_whole(root, monkeypatch):
    modes = []
    real = os.fchmod

    def note(descriptor, mode):
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor, mode)

    monkeypatch.setattr(files_module.os, "fchmod", note)
    written(root)
    assert set(modes) == {0o600}


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("fleet_instances:\n  - name: a\n    element_key: stripe\n    plain_keys: [sort.key]\n", True),
        ('- secret_configuration: {password: "{{ secret_a }}", b: !vault x, c: ""}\n', True),
        ("configuration: [{key: api, name: API, type: value}]\n", True),
        ("body: |\n  const password = 'x';\n  done();\n", True),
        ("base.url: https://api.example.com/v2\n", True),
        ("secret_configuration: {a: hunter2}\n", False),
        ("secret_configuration: hunter2\n", False),
        ("provider_data: {deep: [{a: hunter2}]}\n", False),
        ("configuration: {key: hunter2}\n", False),
        ("configuration: {password: !unsafe hunter2}\n", False),
        ("api_key: hunter2\n", False),
        ("url: https://a:hunter2@example.com\n", False),
        ("a: &x [*x, {password: hunter2}]\n", False),
        ("a: [\n", False),
    ],
)
def test_a_diff_shows_no_secret_that_somebody_filled_in(tmp_path, text, is_shown):
    (shown,) = diff_of(Directory(str(tmp_path)), [Change("fleet.yml", text, "new\n")])
    assert shown["before"] == (text if is_shown else WITHHELD)
    assert shown["after"] == "new\n" and shown["before_header"] == str(tmp_path / "fleet.yml")
