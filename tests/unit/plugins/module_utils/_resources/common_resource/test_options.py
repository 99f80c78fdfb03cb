# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
import urllib.parse

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.caller import segment
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.options import name_of
from hypothesis import example, given
from hypothesis import strategies as st

pieces = st.lists(st.sampled_from([".", "..", "/", "\\", ";", "%2e", "%2F", "%25", "a", " ", "é"]), max_size=8)


@given(pieces.map("".join) | st.text(max_size=12))
@example("%25252e%25252e")
def test_no_name_is_another_path_however_often_it_is_decoded(text):
    try:
        name = name_of(text)
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        return
    assert name == text and "/" not in segment(name)
    spelled = segment(name)
    for _layer in range(4):
        parts = [part.split(";")[0] for part in re.split(r"[/\\]", spelled)]
        assert not {"", ".", ".."} & set(parts), spelled
        spelled = urllib.parse.unquote(spelled)


@pytest.mark.parametrize("name", ["contacts", "F&O", "a/b", "v1.0", "...", "50%"])
def test_usual_names_are_taken(name):
    assert name_of(name) == name
