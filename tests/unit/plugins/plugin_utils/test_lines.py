# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines about instances in words of the caller's own."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._lines import lines


def test_only_actions_with_a_word_get_a_line_with_the_instance_and_the_reason():
    rows = [
        {"name": "shop", "element_key": "stripe", "id": 7, "action": "remove", "error": None},
        {"name": None, "element_key": None, "id": 8, "action": "failed", "error": {"message": "It is\nin use."}},
        {"name": "same", "element_key": "stripe", "id": 9, "action": "unchanged", "error": None},
        {"name": "a\x1b[2J", "element_key": "stripe", "id": None, "action": "remove", "error": None},
    ]
    assert lines(rows, {"remove": "removed", "failed": "stays"}) == [
        "removed instance 'shop' of element 'stripe' with id 7",
        "stays   instance with id 8: It is in use.",
        r"removed instance 'a\x1b[2J' of element 'stripe'",
    ]
