# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.create_once import (
    Created,
    doubt_about,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.creation import (
    InstanceCreation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import Baseline
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired

BODY = {"element": {"key": "stripe"}, "name": "payments", "tags": ["a"], "configuration": {"site": 5}}
MADE = Instance(
    7,
    "payments",
    "stripe",
    tags=frozenset("a"),
    configuration={"site": "5"},
    created_date="2026-01-01T00:00:10Z",
)
AT = 1767225610.9  # 2026-01-01T00:00:10.9Z


def created(body, sent_at, known_ids=()):
    creation = InstanceCreation(desired(), body, Baseline(frozenset(known_ids)))
    return Created(MADE, creation, lost=False, own=True, sent_at=sent_at)


@pytest.mark.parametrize("at", [AT, AT - 0.9, AT - 3600])
def test_what_was_made_after_it_was_asked_for_is_certainly_ours(at):
    assert doubt_about(created(BODY, at, [6]), MADE) is None


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (created(BODY, AT, [7]), "before"),
        (created({**BODY, "tags": []}, AT), "not what was sent"),
        (created(BODY, None), "its own time"),
        (created(BODY, AT + 0.2), "before this run asked"),
    ],
)
def test_anything_else_is_a_doubt(made, reason):
    assert reason in (doubt_about(made, MADE) or "")
