# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Common resources in conversations that state every request and every wait."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.common_resource_models import (
    Definition,
    Field,
    Place,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import InterruptedStepError
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.desired import (
    DesiredCommonResource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.executor import (
    CommonResourceExecutor,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.plan import (
    Observed,
    WriteDefinition,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    LOST,
    OVERDUE,
    Pause,
    Stage,
    Turn,
    answered,
    refused,
)

PATH = "/accounts/objects/contacts/definitions"
GET = Request("GET", PATH)
POST = Request("POST", PATH, body={"fields": [{"path": "a", "type": "string"}]})
STORED = {"id": 3, "objectName": "contacts", "fields": [{"path": "a", "type": "string", "level": "account"}]}
NONE = refused(404, "No object definition found with name contacts")
CREATE = WriteDefinition(Definition("contacts", (Field("a", "string"),)))
NOTHING = Observed(Place("account"))
DESIRED = DesiredCommonResource("contacts", fields=(Field("a", "string"),))


def create(stage):
    return CommonResourceExecutor(DESIRED, stage.client).execute(CREATE, NOTHING)


def ignoring(body):
    return dataclasses.replace(answered(body), headers={"elements-error": "Fields of the level account were ignored"})


def test_a_create_is_read_back():
    with Stage(Turn(POST, answered(STORED)), Turn(GET, answered(STORED))) as stage:
        result = create(stage)
    assert result.observed.definition.fields == (Field("a", "string", ""),) and not result.adopted and result.had_effect


def test_a_lost_create_is_looked_for_twice_and_sent_once_more():
    script = [Turn(POST, LOST), Pause(0.5), Turn(GET, NONE), Pause(2.0), Turn(GET, NONE)]
    with Stage(*script, Turn(POST, answered(STORED)), Turn(GET, answered(STORED))) as stage:
        assert not create(stage).adopted


def test_a_lost_create_that_arrived_is_adopted():
    with Stage(Turn(POST, LOST), Pause(0.5), Turn(GET, answered(STORED)), Turn(GET, answered(STORED))) as stage:
        assert create(stage).adopted


def test_a_create_that_timed_out_is_never_sent_again():
    looks = [turn for wait in (1.0, 2.0, 4.0, 8.0, 15.0) for turn in (Pause(wait), Turn(GET, NONE))]
    with (
        Stage(Turn(POST, OVERDUE), Turn(GET, NONE), *looks) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        create(stage)
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME


def test_a_create_that_is_taken_did_nothing_itself():
    theirs = {**STORED, "fields": []}
    with Stage(Turn(POST, refused(409, "There is one")), Turn(GET, answered(theirs))) as stage:
        result = create(stage)
    assert result.adopted and not result.had_effect and stage.warnings
    with (
        Stage(Turn(POST, refused(409, "There is one")), Turn(GET, NONE)) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        create(stage)
    assert caught.value.kind is ErrorKind.REFUSED


def test_a_success_that_ignored_everything_had_no_effect():
    with (
        Stage(Turn(POST, ignoring({"fields": []})), Turn(GET, NONE)) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        create(stage)
    assert caught.value.kind is ErrorKind.PARTLY_IGNORED and "were ignored" in caught.value.message


@pytest.mark.parametrize("answer", [ignoring({}), answered({**STORED, "fields": []})])
def test_a_success_that_ignored_a_part_is_interrupted(answer):
    with (
        Stage(Turn(POST, answer), Turn(GET, answered({**STORED, "fields": []}))) as stage,
        pytest.raises(InterruptedStepError) as caught,
    ):
        create(stage)
    assert caught.value.error.kind is ErrorKind.PARTLY_IGNORED and "field 'a'" in caught.value.error.message
    assert caught.value.result.observed.definition.fields == ()


def test_an_answer_about_another_one_is_looked_behind():
    other = {**STORED, "objectName": "others"}
    script = [Turn(POST, answered(other)), Pause(0.5), Turn(GET, answered(STORED)), Turn(GET, answered(STORED))]
    with Stage(*script) as stage:
        assert create(stage).adopted
