# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result shows of the texts that the platform is free to choose."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import diff
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.result import (
    project,
    project_foreign,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK

ECHOING = Instance(
    7,
    "tickets",
    "servicenow",
    "token",
    tags=frozenset(["a", "x-Canary-Secret", "x%2Dcanary%2Dsecret"]),
    configuration={"canary-secret": "x"},
    created_date="canary-secret",
)
WANTED = DesiredInstance("tickets", "servicenow", secrets={"password": "canary-secret"})


def test_a_secret_that_the_platform_repeats_is_not_shown():
    for shown in (project(ECHOING, WANTED), *project_foreign([ECHOING], ["canary-secret"], ())):
        assert shown["tags"] == [MASK, MASK, "a"]
        assert shown["configuration"] == {MASK: MASK} and shown["created_date"] == MASK


def test_a_difference_does_not_show_it_either():
    assert diff(WANTED, ECHOING, None, [])["before"]["tags"] == [MASK, MASK, "a"]


def test_labels_are_whole_if_a_secret_is_short():
    desired = DesiredInstance("tickets", "servicenow", secrets={"password": "a"})
    named = Instance(
        7, "tickets", "servicenow", "token", tags=frozenset(["a", "ab"]), created_date="2026-01-01T00:00:00Z"
    )
    assert project(named, desired)["tags"] == ["a", "ab"]
    assert project(named, desired)["created_date"] == "2026-01-01T00:00:00Z"
