# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import (
    find_token,
    list_instances,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    Stage,
    light,
    listed,
    read,
    read_missing,
    row,
)

EVERYTHING: dict[str, t.Any] = {
    "id": None,
    "name": None,
    "element_key": None,
    "tags": None,
    "include_token": False,
    "plain_keys": [],
}


def task_of(stage: Stage) -> t.Any:
    return types.SimpleNamespace(client=stage.client, known_secrets=("user-secret", "organization-secret"))


def test_an_instance_that_is_removed_between_the_listing_and_the_read_is_left_out():
    with Stage(listed(light(7), light(8), search=None), read_missing(7), read(row(8))) as stage:
        result = list_instances(EVERYTHING, task_of(stage))
    assert [instance["id"] for instance in result["instances"]] == [8]


def test_what_is_listed_again_and_still_not_all_is_an_error_and_no_answer():
    with Stage(*[listed(row(7), search=None, total="2")] * 2) as stage, pytest.raises(CloudElementsError) as caught:
        list_instances(EVERYTHING, task_of(stage))
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE and "more instances than it lists" in caught.value.message


def test_the_token_of_the_one_instance_of_a_name_is_found():
    with Stage(listed(row(7), row(8, name="payments eu"))) as stage:
        assert find_token("payments", None, task_of(stage)) == "token-of-7"


def test_an_element_key_tells_two_instances_of_a_name_apart():
    with Stage(listed(row(7), row(8, element_key="sfdc"))) as stage:
        assert find_token("payments", "sfdc", task_of(stage)) == "token-of-8"


@pytest.mark.parametrize("there", [[], [row(8, name="Payments")], [{**row(7), "token": None}]])
def test_no_instance_of_the_name_or_none_with_a_token_is_not_found(there):
    looks = [listed(*there)] + [read(found) for found in there if found["name"] == "payments"]
    with Stage(*looks) as stage, pytest.raises(CloudElementsError) as caught:
        find_token("payments", "stripe", task_of(stage))
    assert caught.value.kind is ErrorKind.NOT_FOUND
    assert "The instance 'payments' of element 'stripe'" in caught.value.message


@pytest.mark.parametrize(("name", "word"), [(5, "not of type int"), (["payments"], "not of type list"), ("", "empty")])
def test_what_can_be_no_name_is_refused_before_any_request(name, word):
    with Stage() as stage, pytest.raises(CloudElementsError) as caught:
        find_token(name, None, task_of(stage))
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    assert word in caught.value.message
