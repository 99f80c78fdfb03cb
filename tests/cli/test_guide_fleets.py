# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on fleets is followed."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import DEFAULT_BASE_URL
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)

SECRETS = {"STRIPE_API_KEY": "sk_test_made-up-for-the-fleet", "SERVICENOW_PASSWORD": "made-up-password-for-the-fleet"}
LOCAL = '{ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}'


def names(reader: Reader) -> list[str]:
    return sorted(instance["name"] for instance in reader.emulator.instances)


def token(reader, name):
    (found,) = (instance["token"] for instance in reader.emulator.instances if instance["name"] == name)
    return found


def has_shops_token(reader, file):
    return (reader.ansible.home / file).read_text() == token(reader, "shop")


def create_shop(reader: Reader) -> None:
    reader.emulator.create("stripe", "shop", {"username": "u", "password": "p"}, ["web-team"])


def create_fleet(reader: Reader) -> None:
    create_shop(reader)
    configuration = {"username": "integration", "servicenow.subdomain": "example", "password": "p"}
    reader.emulator.create("servicenow", "tickets", configuration, ["web-team"])


@section("fleets", "A fleet in a file")
def one_task(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.write("site.yml")
    run = reader.next(SECRETS)
    reader.sees(run.output)
    assert names(reader) == ["shop", "tickets"] and has_shops_token(reader, "shop.token")
    for secret in (*SECRETS.values(), token(reader, "shop"), token(reader, "tickets")):
        assert secret not in run.output


@section("fleets", "Check mode")
def check_mode(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.write("site.yml")
    run = reader.next(SECRETS)
    assert "create  instance 'shop' of element 'stripe'" in run.output
    assert reader.sent() == [] and not (reader.ansible.home / "shop.token").exists()


@section("fleets", "Show progress")
def progress(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.write("progress.yml")
    reader.next(SECRETS)
    assert names(reader) == ["shop", "tickets"] and has_shops_token(reader, "shop.token")


@section("fleets", "Read the plan first")
def plan(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.emulator.create("stripe", "shop", {"username": "u", "password": "p"}, [])
    planned = reader.next(SECRETS)
    reader.sees(planned.output, {"39540": str(reader.stored["id"]), DEFAULT_BASE_URL: reader.emulator.url})
    assert reader.sent() == []
    assert not any(secret in planned.output for secret in (*SECRETS.values(), token(reader, "shop")))


@section("fleets", "When one fails")
def partial_failure(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.write("site.yml")
    reader.sees(reader.next(SECRETS, rc=2).output)
    assert names(reader) == ["shop"]
    reader.sees(reader.next(SECRETS).output)
    assert names(reader) == ["shop", "tickets"]


@section("fleets", "Prune instances")
def prune(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.write("prune.yml")
    create_fleet(reader)
    reader.emulator.create("stripe", "blog", {"username": "u", "password": "p"}, ["web-team", "old"])
    reader.emulator.create("stripe", "theirs", {"username": "u", "password": "p"}, ["mail-team"])
    reader.sees(reader.next(SECRETS).output)
    assert reader.sent() == []
    assert changed(reader.next(SECRETS))
    assert names(reader) == ["shop", "theirs", "tickets"]
    for number in range(4):
        reader.emulator.create("stripe", f"old {number}", {"username": "u", "password": "p"}, ["web-team"])
    reader.sent()
    reader.sees(reader.again(SECRETS, rc=2).output)
    assert reader.sent() == [] and len(names(reader)) == 7


@section("fleets", "Remove a fleet")
def remove(reader: Reader) -> None:
    reader.write("fleet.yml")
    create_fleet(reader)
    ids = {instance["name"]: instance["id"] for instance in reader.emulator.instances}
    held = reader.emulator.hold(ids["tickets"], "nightly")
    shown = reader.next()
    here = {"39540": str(ids["shop"]), DEFAULT_BASE_URL: reader.emulator.url}
    reader.sees(shown.output, {**here, "39541": str(ids["tickets"]), "1202": str(held["id"])})
    assert reader.sent() == []
    reader.sees(reader.next().output, here)
    assert names(reader) == ["tickets"]


@section("fleets", "Report on an account")
def look(reader: Reader) -> None:
    reader.write("fleet.yml")
    reader.emulator.create("stripe", "shop", {"username": "u", "password": "p"}, [])
    reader.sees(reader.next().output, {DEFAULT_BASE_URL: reader.emulator.url})
    assert reader.sent() == []
    assert "tickets" in (reader.ansible.home / "account.html").read_text(encoding="utf-8")


@section("fleets", "In a play for many hosts")
def hosts(reader: Reader) -> None:
    reader.write("fleet.yml")
    exchanged = {f"{{ansible_host: {host}.example.com}}": LOCAL for host in ("web1", "web2")}
    reader.write("hosts.yml", exchanged)
    reader.write(
        "web.yml", {"/etc/shop/": f'"{reader.ansible.home}/{{{{ inventory_hostname }}}}.', "token\n": 'token"\n'}
    )
    reader.next(SECRETS)
    assert names(reader) == ["shop", "tickets"]
    assert len([sent for sent in reader.sent() if sent[0] == "POST"]) == 2
    assert has_shops_token(reader, "web1.stripe.token") and has_shops_token(reader, "web2.stripe.token")


@pytest.mark.parametrize("title", sections("fleets"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("fleets", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("fleets") == set(sections("fleets"))
