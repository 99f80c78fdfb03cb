# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on formulas and common resources is followed."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

STRIPE = {"STRIPE_API_KEY": "made-up-stripe-key"}


def formulas(reader: Reader):
    return next(iter(reader.emulator.accounts.values())).store.formulas


def provided(reader: Reader) -> None:
    reader.write("sync-contacts.json")
    reader.write("formulas.yml")


@section("formulas", "A common resource with a mapping")
def common_resource(reader: Reader) -> None:
    reader.write("stripe-contacts.js")
    reader.write("contacts.yml")
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["POST", "POST"]
    assert not changed(reader.again()) and reader.sent() == []
    script = reader.ansible.home / "stripe-contacts.js"
    script.write_text(script.read_text().replace("|| transformedObject.email", "|| 'nobody'"))
    run = reader.again()
    assert [method for method, _body in reader.sent()] == ["PUT"]
    assert "+" in run.output and "nobody" in run.output


@section("formulas", "Remove a common resource")
def remove_common_resource(reader: Reader) -> None:
    reader.write("stripe-contacts.js")
    reader.write("contacts.yml")
    assert reader.ansible.playbook("contacts.yml").rc == 0
    reader.write("remove-contacts.yml")
    reader.sent()
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["DELETE", "DELETE"]
    assert not changed(reader.again())


@section("formulas", "Move common resources to another account")
def move_common_resources(reader: Reader) -> None:
    reader.write("stripe-contacts.js")
    reader.write("contacts.yml")
    assert reader.ansible.playbook("contacts.yml").rc == 0
    reader.write("move-contacts.yml")
    reader.sent()
    with Emulator() as other:
        environment = {name.replace("CLOUD_ELEMENTS", "OTHER"): value for name, value in other.environment.items()}
        assert changed(reader.next(environment))
        assert reader.sent() == []
        assert [seen.method for seen in other.requests if seen.method != "GET"] == ["POST", "POST"]
        assert not changed(reader.again(environment))


@section("formulas", "From an export to a running formula")
def from_an_export(reader: Reader) -> None:
    provided(reader)
    first = reader.next(STRIPE)
    assert changed(first) and STRIPE["STRIPE_API_KEY"] not in first.output
    assert [method for method, _body in reader.sent()] == ["POST", "POST", "POST", "PUT"]
    (instance,) = formulas(reader).instances.values()
    assert instance.active and instance.configuration["shop"] == int(reader.stored["id"])
    assert not changed(reader.again(STRIPE)) and reader.sent() == []


@section("formulas", "A formula that calls another")
def caller(reader: Reader) -> None:
    number = reader.emulator.seed.formula({"name": "sync contacts"})["id"]
    reader.write("caller.yml")
    assert changed(reader.next())
    ((_method, body),) = reader.sent()
    assert body["steps"][0]["properties"] == {"formulaId": str(number)}
    assert not changed(reader.again())


@section("formulas", "Pause and remove")
def pause_and_remove(reader: Reader) -> None:
    provided(reader)
    assert reader.ansible.playbook("formulas.yml", **STRIPE).rc == 0
    reader.write("pause.yml")
    assert changed(reader.next())
    assert [kept.fields["active"] for kept in formulas(reader).templates.values()] == [False]
    reader.write("remove.yml")
    assert changed(reader.next())
    assert not formulas(reader).templates and not formulas(reader).instances
    assert not changed(reader.again())


@pytest.mark.parametrize("title", sections("formulas"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("formulas", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("formulas") == set(sections("formulas"))
