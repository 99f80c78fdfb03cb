# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on formulas and common resources is followed."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.cli.pages import guide
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


def block(caption: str) -> str:
    """Return the text of a file of the guide."""
    (text,) = (block.text for block in guide("formulas") if block.caption == caption)
    return text


def seed_contacts(reader: Reader) -> None:
    """Have what the guide provides, with another script."""
    ((task,),) = (play["tasks"] for play in yaml.safe_load(block("contacts.yml")))
    wanted = task["cloud_elements.platform.cloud_elements_common_resource"]
    (mapping,) = wanted["transformations"]
    fields = [{"path": field["path"], "vendorPath": field["vendor_path"]} for field in mapping["fields"]]
    script = block("stripe-contacts.js").replace("|| transformedObject.email", "|| 'nobody'")
    seed = reader.emulator.seed
    seed.definition(wanted["name"], wanted["fields"])
    body = {"vendorName": mapping["vendor_name"], "fields": fields, "script": {"body": script}}
    seed.transformation(wanted["name"], mapping["element_key"], body)


@section("formulas", "A common resource with a mapping")
def common_resource(reader: Reader) -> None:
    seed_contacts(reader)
    reader.write("stripe-contacts.js")
    reader.write("contacts.yml")
    run = reader.next()
    assert [method for method, _body in reader.sent()] == ["PUT"]
    lines = [line.strip() for line in run.output.splitlines() if "transformedObject.name" in line]
    assert [(line[0], "nobody" in line) for line in lines] == [("-", True), ("+", False)], run.output


@section("formulas", "Remove a common resource")
def remove_common_resource(reader: Reader) -> None:
    seed_contacts(reader)
    reader.write("remove-contacts.yml")
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["DELETE", "DELETE"]


@section("formulas", "Move common resources to another account")
def move_common_resources(reader: Reader) -> None:
    seed_contacts(reader)
    reader.write("move-contacts.yml")
    with Emulator() as other:
        environment = {name.replace("CLOUD_ELEMENTS", "OTHER"): value for name, value in other.environment.items()}
        assert changed(reader.next(environment))
        assert reader.sent() == []
        assert [seen.method for seen in other.requests if seen.method != "GET"] == ["POST", "POST"]


@section("formulas", "From an export to a running formula")
def from_an_export(reader: Reader) -> None:
    provided(reader)
    first = reader.next(STRIPE)
    assert changed(first) and STRIPE["STRIPE_API_KEY"] not in first.output
    assert [method for method, _body in reader.sent()] == ["POST", "POST", "POST", "PUT"]
    (instance,) = formulas(reader).instances.values()
    assert instance.active and instance.configuration["shop"] == int(reader.stored["id"])


@section("formulas", "A formula that calls another")
def caller(reader: Reader) -> None:
    number = reader.emulator.seed.formula({"name": "sync contacts"})["id"]
    reader.write("caller.yml")
    assert changed(reader.next())
    ((_method, body),) = reader.sent()
    assert body["steps"][0]["properties"] == {"formulaId": str(number)}


@section("formulas", "Pause and remove")
def pause_and_remove(reader: Reader) -> None:
    definition = json.loads(block("sync-contacts.json"))
    number = reader.emulator.seed.formula(definition)["id"]
    shop = reader.emulator.create("stripe", "shop", {"username": "u", "password": "p"})
    values = {"shop": str(shop["id"]), "cron": "0 0 2 * * ? *"}
    reader.emulator.seed.formula_instance(number, {"name": "nightly", "configuration": values})
    reader.write("pause.yml")
    assert changed(reader.next())
    assert [kept.fields["active"] for kept in formulas(reader).templates.values()] == [False]
    reader.write("remove.yml")
    assert changed(reader.next())
    assert not formulas(reader).templates and not formulas(reader).instances


@pytest.mark.parametrize("title", sections("formulas"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("formulas", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("formulas") == set(sections("formulas"))
