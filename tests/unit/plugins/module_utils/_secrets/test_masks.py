# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which text stands in place of a value, in both directions."""

from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.masks import holds_mask, is_mask
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK

MASKS = [
    *(
        MASK,
        f"{MASK} (sent anew)",
        "****",
        "***",
        "ab****yz",
        "sk_live_****1234",
        "**** **** **** 1234",
        "••••••",
        "●●●●ab",
        "········",
        "····1234",
        "•••1234",
        "•••",
        "***1234",
        "▒▒▒▒",
    ),
    *(
        "xxxxxxxx",
        "XXXX",
        "xxxx1234",
        "abxxxxyz",
        "[REDACTED]",
        "<hidden>",
        "(sensitive value)",
        "[ Masked ]",
        "__removed__",
        "[REDACTED BY PROXY]",
        "REDACTED",
        "j***@example.com",
    ),
    *("$encrypted$", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "a VALUE_SPECIFIED_IN_NO_LOG_PARAMETER b", "%filtered%"),
]
VALUES = [
    *(
        "",
        " ",
        "x",
        "xx",
        "xxx",
        "x-large",
        "XXL",
        "xxx-xxx-1234",
        "*",
        "**",
        "a*b",
        "* * * * *",
        "確認中・・・です",
        "done 🎉🎉🎉",
        "Notes•••",
        "hidden",
        "secret",
        "[a]",
        "/protected/",
        "/Removed Items/",
        '"removed"',
        "{secret}",
    ),
    *(
        "redacted",
        "<site>",
        "{{ a }}",
        "p4$$w0rd***",
        "aXxXxbcdefghi",
        "....",
        "----",
        "####.##",
        "not hidden",
        "(a b c)",
    ),
]


@pytest.mark.parametrize("text", MASKS)
def test_a_mask_is_recognized(text):
    assert is_mask(text)


@pytest.mark.parametrize("text", VALUES)
def test_an_ordinary_value_is_not_a_mask(text):
    assert not is_mask(text)


@pytest.mark.parametrize("mask", [MASK, "[REDACTED]", "ab****yz"])
def test_a_mask_is_found_in_lists_objects_and_json(mask):
    for value in (mask, [mask], {"a": {"b": [1, mask]}}, json.dumps({"a": [mask]}), [json.dumps([mask])]):
        assert holds_mask(value)
    for value in (None, 1, True, "a", ["a"], {mask: "a"}, json.dumps({"a": "b"}), "[" * 100_000 + "]" * 100_000):
        assert not holds_mask(value)
