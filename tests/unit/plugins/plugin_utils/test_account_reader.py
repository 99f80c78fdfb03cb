# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a variable of the host that cannot be resolved."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_reader import (
    AccountReader,
    UnusableAccountError,
)

FLEET = "fleet_instances:\n  - {name: one, element_key: stripe, api_key: '{{ secret_one }}'}\n"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (AnsibleUndefinedVariable("'nowhere' is undefined"), "cannot be resolved: 'nowhere' is undefined"),
        (AnsibleError("https://vault.example.com/?token=canary: Connection refused"), "shows why."),
    ],
)
def test_no_message_shows_what_a_template_holds(tmp_path, error, shown):
    (tmp_path / "fleet.yml").write_text(FLEET)

    def template(_value):
        raise error

    reader = AccountReader({"secret_one": "canary"}, template, lambda _path: "", lambda _text: None)
    with pytest.raises(UnusableAccountError, match="The variable secret_one cannot be resolved") as raised:
        reader.read(str(tmp_path))
    assert shown in str(raised.value) and "canary" not in str(raised.value)
