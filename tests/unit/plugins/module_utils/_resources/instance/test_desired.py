# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import (
    DesiredInstance,
    describe,
)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (("shop", "stripe", 7), "instance 'shop' of element 'stripe' with id 7"),
        (("shop", "stripe", None), "instance 'shop' of element 'stripe'"),
        (("shop", None, None), "instance 'shop'"),
        ((None, None, 7), "instance with id 7"),
        ((None, "stripe", 7), "instance of element 'stripe' with id 7"),
        (("", None, 7), "instance '' with id 7"),
        (("a\x1b[2Jb\n", "stripe", 7), r"instance 'a\x1b[2Jb\n' of element 'stripe' with id 7"),
    ],
)
def test_an_instance_is_described_by_what_is_known_and_plays_no_tricks_on_a_terminal(known, words):
    assert describe(*known) == words
    name, element_key, instance_id = known
    assert str(DesiredInstance(name, element_key, id=instance_id)) == words
