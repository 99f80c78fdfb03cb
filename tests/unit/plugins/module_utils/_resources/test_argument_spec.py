# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import (
    CONNECTION,
    CONNECTION_SECRETS,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.argument_spec import Options, secrets_in

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}


def test_the_secrets_of_a_task_are_all_that_no_message_may_show():
    params = {
        **dict.fromkeys(CONNECTION.spec),
        **NOTHING,
        "user_secret": "u",
        "organization_secret": "o",
        "name": "n",
        "api_key": "k",
        "configuration": {"password": "p", "site": "s"},
        "secret_configuration": {"x": "y"},
        "provider_data": {"code": "c"},
    }
    found = [value for value in secrets_in(params, CONNECTION + INSTANCE) if value is not None]
    assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, ["u", "o", "k", "p", {"x": "y"}, {"code": "c"}]))


def test_the_connection_secrets_are_secret_options():
    assert set(CONNECTION_SECRETS) == set(CONNECTION.secret)


def test_every_connection_option_can_come_from_the_environment():
    assert {name: f"CLOUD_ELEMENTS_{name.upper()}" for name in CONNECTION.spec} == CONNECTION.fallbacks


def test_tables_of_options_merge():
    left = Options({"a": {"no_log": True}}, (("a", "b"),), (), {"a": "A"})
    right = Options({"b": {}, "c": {"no_log": True}}, (), (("b", "c"),), {"c": "C"})
    assert left + right == Options(
        {"a": {"no_log": True}, "b": {}, "c": {"no_log": True}}, (("a", "b"),), (("b", "c"),), {"a": "A", "c": "C"}
    )
    assert (left + right).secret == ("a", "c")
