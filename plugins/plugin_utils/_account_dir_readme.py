# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Write the page that explains the directory of an account. Pure; `_account_dir_tree` calls this."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import plain

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|!&~]")

_PAGE = """\
<!-- This page was {marker}. The next export overwrites it. -->
# An account of the Cloud Elements platform

This directory makes the same resources in this account or in another one. To apply it, fill in `secrets.yml`, encrypt
it, look at what would change, and let it happen:

```console
ansible-vault encrypt secrets.yml
ansible-playbook cloud_elements.platform.provision -e account_dir=. --ask-vault-pass --check --diff
ansible-playbook cloud_elements.platform.provision -e account_dir=. --ask-vault-pass
```

- `fleet.yml` holds the element instances, `formula_instances.yml` the formula instances. Common resources and formulas
  have a file each.
- A text that is exactly `{{{{ NAME }}}}` stands for the variable `NAME` of `secrets.yml`. No other text is a template.
- `secrets.missing.yml` is there if an export needs variables that `secrets.yml` lacks. Move them there by hand.
- A resource whose file is removed stays in the account.

## What cannot be moved

- Ids and element tokens. The platform gives new ones, so every application needs its new token.
- Codes that OAuth instances were made with: they are spent. Tokens that the platform renews: obtain new ones.
- Subscriptions for events at the provider, and events that wait. They are made anew where events are enabled. As long
  as both accounts have them enabled, both call the callback URL.
- Elements of your own: they must be in the other account already, with the same keys.
- What the platform makes by itself: session ids, times, and the fingerprints for `update_secrets: on_change`.

## What to know about single resources

{notes}
"""


def readme(notes: Iterable[Mapping[str, t.Any]], marker: str) -> str:
    """Return the page.

    Args:
        notes: What the module `cloud_elements_account_info` notes.
        marker: What says that an export wrote it.
    """
    lines = [f"- {_called(note)}: {_escaped(note.get('note'))}" for note in notes]
    return _PAGE.format(marker=marker, notes="\n".join(lines) or "Nothing.")


def _called(note: Mapping[str, t.Any]) -> str:
    kind = str(note.get("kind", "")).replace("_", " ").removesuffix("s").capitalize()
    owners = (f"{word} {_escaped(note[key])}" for key, word in _OWNERS.items() if note.get(key))
    return ", ".join([f"{kind} **{_escaped(note.get('name'))}**", *owners])


_OWNERS = {"element_key": "element", "formula": "formula"}


def _escaped(text: t.Any) -> str:
    """Return a text of others on one line, without any markup."""
    return _MARKDOWN.sub(r"\\\g<0>", plain(str(text), 2000))
