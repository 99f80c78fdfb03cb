# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fleet lacks, and what is left of it for a purpose, without reading what may not be given."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet import (
    for_comparison,
    for_removal,
    provisioning_problem,
    removal_problem,
    shape_problem,
)
from jinja2 import UndefinedError

SECRET = "canary-0123456789"


class Lazy(dict[str, object]):
    """A mapping whose values are resolved when they are read, as Ansible's: an exception is raised."""

    def __getitem__(self, key):
        value = super().__getitem__(key)
        if isinstance(value, Exception):
            raise value
        return value

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default


def undefined(name):
    return UndefinedError(f"'{name}' is undefined")


def tickets(**secrets):
    return Lazy(name="tickets", element_key="servicenow", secret_configuration=Lazy(secrets))


def problem(*instances, **variables):
    return provisioning_problem(instances, lambda: variables)


@pytest.mark.parametrize("value", ["text", b"bytes", None, 7, {"name": "a"}, ["a"], [{"name": "a"}, None]])
def test_only_a_list_of_mappings_is_a_fleet(value):
    message = "fleet_instances must be a list, and each of its items must be the options of an instance."
    assert shape_problem(value) == provisioning_problem(value, dict) == message


@pytest.mark.parametrize("value", [[], (), [{"name": "a"}]])
def test_a_fleet_has_no_problem_of_shape(value):
    assert shape_problem(value) == provisioning_problem(value, dict) == ""


@pytest.mark.parametrize(
    "value", [[], "a", ["a"], [{"id": 1}, {"element_key": "stripe"}], [{"id": None, "name": None}]]
)
def test_what_to_remove_needs_a_name_or_an_id_each(value):
    assert removal_problem(value) == (
        "fleet_instances must be a list of instances, at least one, and each of them needs a name or an id."
    )


def test_what_to_remove_is_clear_by_name_or_id():
    assert removal_problem([{"id": 1}, {"name": "a", "id": None}]) == ""


@pytest.mark.parametrize("empty", [None, "", " ", {}, []])
def test_all_empty_secrets_are_named_and_the_variables_that_are_empty(empty):
    message = problem(
        tickets(password=empty, username=SECRET),
        Lazy(id=7, secret_configuration={"token": empty}),
        secret_a=SECRET,
        secret_b="",
        secret_c=None,
    )
    assert message.splitlines() == [
        "These secrets are empty or not defined. Nothing was written.",
        "- password of tickets, element servicenow",
        "- token of the instance with id 7, element not given",
        "The variables that are empty: secret_b, secret_c.",
    ]


def test_an_undefined_variable_is_named_beside_those_that_no_instance_uses():
    message = problem(
        tickets(password=undefined("secret_password"), username=SECRET),
        Lazy(name="shop", element_key="stripe", api_key="of the option", secret_configuration=undefined("all_secrets")),
        Lazy(name="crm", configuration=Lazy(bad=undefined("no_secret"), site="of the configuration")),
        secret_used=SECRET,
        secret_option="of the option",
        secret_configuration="of the configuration",
        secret_pasword="canary-unused",
    )
    assert message.splitlines() == [
        "These secrets are empty or not defined. Nothing was written.",
        "- password of tickets, element servicenow: 'secret_password' is undefined",
        "- secret_configuration of shop, element stripe: 'all_secrets' is undefined",
        "Is the file of secrets given, with -e @secrets.yml, or is the name of a variable misspelled there?",
        "The variables that are given and that no instance uses: secret_pasword.",
    ]


def test_a_template_that_fails_is_not_taken_for_a_secret_that_is_missing():
    failed = undefined("A captured exception")
    failed.__cause__ = ValueError("the lookup failed")
    with pytest.raises(UndefinedError):
        problem(tickets(password=failed))


def test_variables_are_read_only_if_a_secret_is_missing():
    assert provisioning_problem([tickets(password=SECRET)], pytest.fail) == ""


def test_all_names_that_are_given_twice_are_named():
    message = problem(
        *[{"name": "a", "element_key": "stripe"}] * 3,
        {"name": "a", "element_key": "closeio"},
        *[{"name": "b"}] * 2,
        *[{"name": "c", "id": 1}] * 2,
        {"name": "c", "id": None},
    )
    assert message.splitlines()[1:] == ["- a, element stripe: 3 times", "- b, element not given: 2 times"]


def test_for_a_comparison_no_secret_is_read_and_none_is_sent():
    item = Lazy(
        name="tickets",
        element_key="servicenow",
        tags=["prod"],
        api_key=undefined("key"),
        configuration={"username": "integration"},
        secret_configuration=Lazy(password=undefined("password")),
        provider_data=undefined("code"),
        update_secrets=undefined("when"),
        reauthenticate=True,
        verify=True,
        verify_wait=True,
    )
    assert for_comparison([item]) == [
        {
            "name": "tickets",
            "element_key": "servicenow",
            "tags": ["prod"],
            "api_key": "not-compared",
            "configuration": {"username": "integration"},
            "secret_configuration": {"password": "not-compared"},
            "provider_data": {"not-given": "not-compared"},
            "update_secrets": "on_create",
        }
    ]


def test_for_a_removal_only_what_identifies_an_instance_is_read():
    item = Lazy(name="a", element_key="stripe", state="present", api_key=undefined("key"), tags=undefined("tags"))
    assert for_removal([item, {"id": 7, "state": "absent"}]) == [
        {"id": None, "name": "a", "element_key": "stripe", "state": "absent"},
        {"id": 7, "name": None, "element_key": None, "state": "absent"},
    ]
