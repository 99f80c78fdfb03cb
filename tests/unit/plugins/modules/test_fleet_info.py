# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an account to a fleet and back: the same account does not change, and another becomes the same."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.emulator.catalog import Catalog
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.holdings import (
    CANARY,
    PLAIN,
    fill,
    is_server_made,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import TICKETS, TICKETS_THERE

SIZE = 500


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


def exported(ansible, emulator, **filters):
    """Export an account, and return the result without what is of no account."""
    result = ansible.run({**filters, "base_url": emulator.url}, module="fleet_info")
    assert not result.get("failed"), result["msg"]
    # Newer releases of Ansible tell the invocation only where they are asked to be verbose.
    result.pop("invocation", None)
    del result["api_calls"], result["base_url"]
    return result


def secret_values(result, emulator):
    """Return the value of each variable: what the account has, or something made up where it does not."""
    stored = {(row["element"]["key"], row["name"]): row["configuration"] for row in emulator.instances}
    return {
        secret["variable"]: stored[secret["element_key"], secret["name"]].get(secret["key"])
        or f"made-up-for-{secret['variable']}"
        for secret in result["secrets"]
    }


def filled(result, values):
    """Return the instances of an export with the values of the variables in their places."""
    return [
        {**instance, "secret_configuration": {key: values[name] for key, name in secrets.items()}}
        if (secrets := instance.get("secret_configuration"))
        else instance
        for instance in result["instances"]
    ]


def apply(ansible, emulator, instances):
    result = ansible.run({"instances": instances, "base_url": emulator.url}, module="instances")
    assert not result.get("failed"), result["msg"]
    return result


def essence(emulator):
    """Return what an account holds, but for what can not be moved (ids, tokens, times, what the provider issues, salts)
    and for what is the element's default anyway."""
    defaults = {element.key: {entry.key: entry.default for entry in element.entries.values()} for element in Catalog()}
    return {
        (row["element"]["key"], row["name"]): (
            sorted(tag.split(":1:")[0] for tag in row["tags"]),
            row["disabled"],
            {
                key: value
                for key, value in row["configuration"].items()
                if (value or None) != defaults[row["element"]["key"]].get(key)
                and not is_server_made(key)
                and not key.startswith("oauth.user.")
            },
        )
        for row in emulator.instances
    }


def test_a_whole_account_makes_the_same_again(ansible, emulator, other):
    fill(emulator, SIZE)
    # Instances that tasks made, with what tasks leave behind.
    made_by_task = {
        **TICKETS,
        "configuration": {"servicenow.subdomain": "example"},
        "secret_configuration": {"username": "integration", "password": "first-password-0123"},
        "update_secrets": "on_change",
    }
    for given in (made_by_task, {**made_by_task, "name": "tickets 2", "tags": ["x"]}):
        assert ansible.run(given)["changed"]
    first = exported(ansible, emulator, plain_keys=PLAIN)
    assert len(first["instances"]) == SIZE + 2 and first["duplicates"] == []
    assert {row["element_key"] for row in first["instances"]} == {element["key"] for element in catalog(ansible)}
    values = secret_values(first, emulator)
    values.update(
        (name, "first-password-0123")
        for name in values
        if name.startswith("secret_servicenow_tickets_") and name.endswith("_password")
    )
    instances = filled(first, values)

    emulator.clear()
    again = apply(ansible, emulator, instances)
    assert not again["changed"] and again["summary"]["unchanged"] == SIZE + 2
    assert [seen.method for seen in emulator.requests] == ["GET"] * 3, "a page of the listing for every 200"

    before = essence(emulator)
    made = apply(ansible, other, instances)
    assert made["summary"]["created"] == SIZE + 2
    after = essence(other)
    assert after.keys() == before.keys()
    for key, (tags, disabled, configuration) in before.items():
        assert after[key][:2] == (tags, disabled), key
        # What the platform did not tell had to be made up.
        differs = {name: value for name, value in after[key][2].items() if configuration.get(name) != value}
        assert configuration.keys() <= after[key][2].keys(), key
        assert all(value.startswith("made-up-for-") for value in differs.values()), (key, differs)
    second = exported(ansible, other, plain_keys=PLAIN)
    assert [row for row in second["instances"] if row not in first["instances"]] == []
    assert second == first
    assert not apply(ansible, other, instances)["changed"]
    assert CANARY not in ansible.output


def catalog(ansible):
    return ansible.run({}, module="element_info")["elements"]


def test_what_the_platform_returns_readable_is_a_secret_all_the_same(ansible, emulator):
    emulator.switches.mask = "none"
    fill(emulator, 90)
    exported(ansible, emulator)
    assert CANARY not in ansible.output
    assert not any(row["token"] in ansible.output for row in emulator.instances)


def test_an_account_that_masks_everything_can_be_exported(ansible, emulator):
    emulator.switches.mask = "all"
    emulator.create(**TICKETS_THERE)
    (row,) = exported(ansible, emulator)["instances"]
    assert row["secret_configuration"].keys() == {"username", "password", "servicenow.subdomain"}
    assert "configuration" not in row


def test_the_one_key_of_stripe_takes_the_place_of_the_two_that_the_platform_tells(ansible, emulator, other):
    key = {"name": "payments", "element_key": "stripe", "api_key": f"{CANARY}-key"}
    assert apply(ansible, emulator, [key])["summary"]["created"] == 1
    first = exported(ansible, emulator)
    (instance,) = first["instances"]
    assert instance.pop("secret_configuration").keys() == {"username", "password"}
    instance["api_key"] = key["api_key"]
    assert not apply(ansible, emulator, [instance])["changed"]
    assert apply(ansible, other, [instance])["summary"]["created"] == 1
    assert exported(ansible, other) == exported(ansible, emulator)


def test_an_empty_account_is_an_empty_fleet(ansible, emulator):
    result = exported(ansible, emulator)
    assert result["instances"] == result["secrets"] == [] and result["fleet_file"].endswith("\nfleet_instances: []\n")


def test_filters_narrow_exactly(ansible, emulator):
    for name, tags in (("a", ["prod"]), ("ab", ["prod", "eu"]), ("b", [])):
        emulator.create(element_key="stripe", name=name, tags=tags)
    emulator.create(element_key="closeio", name="a")

    def names(**filters):
        return [(row["element_key"], row["name"]) for row in exported(ansible, emulator, **filters)["instances"]]

    assert names(name="a") == [("closeio", "a"), ("stripe", "a")]
    assert names(tags=["prod"], element_key="stripe") == [("stripe", "a"), ("stripe", "ab")]
    assert names(name="nobody") == []


def test_rows_without_configuration_are_completed(ansible, emulator):
    emulator.create(**TICKETS_THERE)
    before = exported(ansible, emulator)
    rows = [{key: value for key, value in row.items() if key != "configuration"} for row in emulator.instances]
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=rows))
    assert exported(ansible, emulator) == before


def test_a_catalog_that_may_not_be_read_is_told_where_it_matters(ansible, emulator):
    emulator.switches.catalog_auth = "forbidden"
    emulator.create(**TICKETS_THERE)
    result = exported(ansible, emulator)
    assert "catalog" in result["notes"][0]["note"] and "catalog" in result["fleet_file"]
    assert result["instances"][0]["secret_configuration"].keys() == {"username", "password", "servicenow.subdomain"}


def test_a_listing_that_lacks_something_is_no_export(ansible, emulator):
    emulator.create(**TICKETS_THERE)
    short = Fault("body", method="GET", path="^/instances$", body=[], headers={"Elements-Total-Count": "1"}, times=2)
    emulator.inject(short)
    result = ansible.run({}, module="fleet_info")
    assert result["failed"] and result["error"]["kind"] == "invalid_response" and "Run again" in result["msg"]
    assert len(exported(ansible, emulator)["instances"]) == 1
