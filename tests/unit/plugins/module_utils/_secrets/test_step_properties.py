# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.step_properties import is_credential


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "amqps://user:secret@mq.example.com/vhost"),
        ("url", "amqps://user:se/cr et@mq.example.com"),
        ("url", "amqps://user:secret@${config.host}/vhost"),
        ("password", "secret"),
        ("headers", '{"Authorization": "Bearer abcdefghijkl"}'),
        ("api.token", "x${config.a}"),
    ],
)
def test_what_looks_like_a_credential_is_not_shown(key, value):
    assert is_credential(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("body", "let password = 'x';"),
        ("password", "${config.password}"),
        ("headers", '{"Accept": "application/json"}'),
        ("url", "${config.url}"),
        ("api", "/contacts"),
        ("method", "GET"),
        ("retry", None),
    ],
)
def test_a_script_a_reference_and_anything_else_are_shown(key, value):
    assert not is_credential(key, value)
