# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on moving to another account is followed, with an emulator for each of the two."""

from __future__ import annotations

import re

import pytest
from ansible_collections.cloud_elements.platform.tests.cli.pages import guide
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    editor,
    follow,
    followed,
    section,
    sections,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator


@section("moving", "Step by step")
def moving(reader: Reader) -> None:
    old = reader.emulator
    old.create(
        "servicenow",
        "tickets",
        {"username": "integration", "servicenow.subdomain": "example", "password": "the-password"},
        ["prod"],
    )
    with Emulator(strict=True) as new:
        for name, account in (("old", old), ("new", new)):
            url = re.findall(r"https://\S+", next(b.text for b in guide("moving") if b.caption == f"{name}.yml"))[0]
            secrets = {f"the-{name}-user-secret": account.user_secret, url: account.url}
            reader.write(f"{name}.yml", {**secrets, f"the-{name}-organization-secret": account.organization_secret})
        for variable in old.environment:
            del reader.ansible.environment[variable]
        assert changed(reader.next()) and reader.sent() == []
        for name in ("fleet.yml", "secrets.yml"):
            shown = next(block for block in reader.left if block.caption == name)
            assert shown.text in (reader.ansible.home / name).read_text()
            reader.left.discard(shown)
        (reader.ansible.home / "vault-password").write_text("made-up")
        reader.next(editor(reader, '""', '"the-password"'))
        predicted = reader.next()
        assert changed(predicted) and new.instances == []
        applied = reader.next()
        (moved,) = new.instances
        assert "created: 1" in applied.output and moved["configuration"]["password"] == "the-password"
        assert new.violations == []
        assert not any(secret in applied.output + predicted.output for secret in ("the-password", moved["token"]))
    assert reader.sent() == []


@pytest.mark.parametrize("title", sections("moving"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("moving", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("moving") == set(sections("moving"))
