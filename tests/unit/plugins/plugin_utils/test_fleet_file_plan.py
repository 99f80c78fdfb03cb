# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a fleet file and of its secrets if there is something already."""

from __future__ import annotations

import re
import stat

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.cloud_elements.platform.plugins.plugin_utils import _account_dir_files as files_module
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import WriteError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet_file_plan import apply, plan_fleet_file
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import FormError

HEAD = "# exported by cloud_elements.platform.export\n"
KEPT = "fleet.yml.kept~"


def fleet(*names):
    """Return the result of a module that describes instances with a secret each."""
    rows = "".join(f"  - name: {name}\n" for name in names)
    return {
        "instances": [{"name": name} for name in names],
        "secrets": [{"variable": f"secret_{name}", "purpose": f"Password of {name}"} for name in names],
        "fleet_file": f"{HEAD}fleet_instances:\n{rows}" if names else f"{HEAD}fleet_instances: []\n",
    }


@pytest.fixture
def export(tmp_path):
    """Return what plans and writes an export, and returns the plan."""

    def export(*names, fleet_file="fleet.yml", secrets="secrets.yml", partial=False):
        places = (str(tmp_path / name) for name in (fleet_file, secrets))
        plan = plan_fleet_file(*places, fleet(*names), DataLoader(), partial=partial)
        apply(plan, str(tmp_path / KEPT))
        return plan

    return export


def tree(root):
    return {path.name: path.read_text() for path in root.iterdir()}


def test_two_files_come_out_and_the_same_export_again_writes_nothing(export, tmp_path):
    first = export("a", "b")
    assert first.changed and first.lacking == () and first.outcome == f"to be filled in in {tmp_path}/secrets.yml"
    assert yaml.safe_load((tmp_path / "fleet.yml").read_text()) == {"fleet_instances": [{"name": "a"}, {"name": "b"}]}
    assert yaml.safe_load((tmp_path / "secrets.yml").read_text()) == {"secret_a": "", "secret_b": ""}
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("fleet.yml", "secrets.yml")]
    assert modes == [0o644, 0o600]
    before = tree(tmp_path)
    assert not export("a", "b").changed and tree(tmp_path) == before


def test_an_earlier_export_is_kept_beside_the_new_one_with_its_mode(export, tmp_path):
    export("a")
    earlier = (tmp_path / "fleet.yml").read_text() + "# mine\n"
    (tmp_path / "fleet.yml").write_text(earlier)
    (tmp_path / "fleet.yml").chmod(0o600)
    assert export("b").fleet.before == earlier
    kept = tmp_path / KEPT
    assert kept.read_text() == earlier and stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_secrets_that_were_filled_in_are_never_edited(export, tmp_path):
    filled = 'secret_a: "canary"\nmine: |\n  two\n  lines\nlocked: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162'
    (tmp_path / "secrets.yml").write_text(filled)
    more = export("a", "b")
    assert more.lacking == ("secret_b",)
    assert (
        more.outcome == f"1 of them not in {tmp_path}/secrets.yml: move them there from {tmp_path}/secrets.missing.yml"
    )
    missing = tmp_path / "secrets.missing.yml"
    assert yaml.safe_load(missing.read_text()) == {"secret_b": ""} and stat.S_IMODE(missing.stat().st_mode) == 0o600
    assert not export("a", "b").changed
    assert export("a").changed and not missing.exists()
    assert (tmp_path / "secrets.yml").read_text() == filled


def test_missing_secrets_that_were_filled_in_are_never_edited_either(export, tmp_path):
    (tmp_path / "secrets.yml").write_text("---\n{}\n")
    export("a")
    missing = tmp_path / "secrets.missing.yml"
    missing.write_text(missing.read_text().replace('""', '"canary"'))
    before = tree(tmp_path)
    assert not export("a").changed
    with pytest.raises(FormError) as refused:
        export("a", "b")
    told = str(refused.value)
    assert f"{missing} has to be changed, but it has values for secret_a and does not have secret_b" in told
    assert "canary" not in told and tree(tmp_path) == before


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ("---\n- name: A play\n  hosts: localhost\n", "it is a list or a text"),
        ("a: b\n\tc: d\n", "it has an error in its YAML in line 2"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "cannot be read or decrypted"),
    ],
)
@pytest.mark.parametrize("name", ["secrets.yml", "secrets.missing.yml"])
def test_what_is_not_a_file_of_secrets_is_refused(export, tmp_path, name, there, why):
    (tmp_path / name).write_text(there)
    with pytest.raises(FormError, match=rf"{re.escape(str(tmp_path / name))} .*{why}"):
        export("a")
    assert tree(tmp_path) == {name: there}


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ({"fleet_file": "mine.yml"}, "no export wrote it"),
        ({"fleet_file": "a.yml", "secrets": "a.yml"}, "is where secrets go"),
        ({"fleet_file": "a.missing.yml", "secrets": "a.yml"}, "is where secrets go"),
        ({"fleet_file": "nowhere/a.yml"}, "has to be in a directory that exists"),
        ({"secrets": "nowhere/a.yml"}, "has to be in a directory that exists"),
        ({"fleet_file": "folder"}, "has to be a file"),
        ({"secrets": "folder"}, "has to be a file"),
    ],
)
def test_a_place_where_the_files_cannot_be_is_refused(export, tmp_path, places, why):
    (tmp_path / "mine.yml").write_text("secret_a: b\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match=why):
        export("a", **places)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "mine.yml"]
    assert (tmp_path / "mine.yml").read_text() == "secret_a: b\n"


def test_an_empty_account_is_not_taken_for_another(export, tmp_path):
    export("a")
    with pytest.raises(WriteError, match=r"that of another account.* remove the file first\."):
        export()
    assert export(partial=True).changed
    assert yaml.safe_load((tmp_path / "fleet.yml").read_text()) == {"fleet_instances": []}
    assert not export().changed


def test_a_fleet_that_cannot_be_written_after_its_secrets_is_told_so(export, tmp_path, monkeypatch):
    real = files_module.os.link

    def fail(temporary, path):
        if path.endswith("fleet.yml"):
            raise OSError(28, "No space left on device")
        real(temporary, path)

    for name in ("link", "replace"):
        monkeypatch.setattr(files_module.os, name, fail)
    with pytest.raises(
        WriteError, match=r"secrets were written before\. .*fleet\.yml was not written: .*No space left"
    ):
        export("a")
    assert list(tree(tmp_path)) == ["secrets.yml"]
