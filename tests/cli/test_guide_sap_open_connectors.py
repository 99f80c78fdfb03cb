# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on SAP Open Connectors is followed, with an emulator for each tenant."""

from __future__ import annotations

import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import complete_base_url
from ansible_collections.cloud_elements.platform.tests.cli.pages import guide, page
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

SERVICENOW = {"SERVICENOW_PASSWORD": "made-up-password-for-the-guide"}


@section("sap_open_connectors", "One file for each tenant")
def tenants(reader: Reader) -> None:
    for name in reader.emulator.environment:
        reader.ansible.environment.pop(name)
    reader.write("tickets.yml")
    with Emulator(strict=True, user_secret="made-up-user-us10", organization_secret="made-up-us10") as other:
        for region, tenant in (("eu10", reader.emulator), ("us10", other)):
            exchanged = {
                f"api.openconnectors.{region}.ext.hana.ondemand.com": tenant.url,
                f"the-user-secret-of-{region}": tenant.user_secret,
                f"the-organization-secret-of-{region}": tenant.organization_secret,
            }
            reader.write(f"{region}.yml", exchanged)
        both = reader.next(SERVICENOW)
        assert changed(both) and SERVICENOW["SERVICENOW_PASSWORD"] not in both.output
        for tenant in (reader.emulator, other):
            assert [instance["name"] for instance in tenant.instances] == ["tickets"]
            assert [seen.path for seen in tenant.requests][-1] == "/ping"
            tenant.clear()
        mixed = ("-e", "tenant=us10", "-e", f"cloud_elements_base_url={reader.emulator.url}")
        wrong = reader.ansible.playbook("tickets.yml", *mixed, **SERVICENOW)
        assert wrong.rc == 2
        reader.sees(wrong.output)
        assert [(seen.method, seen.status) for seen in reader.emulator.requests] == [("GET", 401)]


@section("sap_open_connectors", "One host for each tenant")
def hosts(reader: Reader) -> None:
    for name in reader.emulator.environment:
        reader.ansible.environment.pop(name)
    with Emulator(strict=True, user_secret="made-up-user-us10", organization_secret="made-up-us10") as other:
        exchanged = {
            words: here
            for region, tenant in (("eu10", reader.emulator), ("us10", other))
            for words, here in (
                (f"api.openconnectors.{region}.ext.hana.ondemand.com", tenant.url),
                (f"the-user-secret-of-{region}", tenant.user_secret),
                (f"the-organization-secret-of-{region}", tenant.organization_secret),
            )
        }
        reader.write("tenants.yml", exchanged)
        other.create("stripe", "payments", {"username": "u", "password": "p"})
        reader.next()
        assert [len(tenant.requests) for tenant in (reader.emulator, other)] == [1, 1]
        reader.emulator.clear()
        host = "https://api.openconnectors.us10.ext.hana.ondemand.com/elements/api-v2"
        reader.sees(reader.next().output, {host: other.url})
        assert reader.emulator.requests == [] and (reader.ansible.home / "us10.html").exists()


@pytest.mark.parametrize("title", sections("sap_open_connectors"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("sap_open_connectors", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("sap_open_connectors") == set(sections("sap_open_connectors"))


def test_every_host_of_the_guide_can_be_given_as_it_is():
    hosts = re.findall(r"``(api\.openconnectors\.\S+)``", page("docs/docsite/rst/sap_open_connectors.rst"))
    hosts = [host for host in hosts if "REGION" not in host]
    assert len(hosts) == 7
    given = [
        re.findall(r"^cloud_elements_base_url: (\S+)$", block.text, re.MULTILINE)
        for block in guide("sap_open_connectors")
    ]
    named = {host for found in given for host in found}
    assert named and named <= set(hosts)
    for host in hosts:
        assert complete_base_url(host) == f"https://{host}/elements/api-v2"
