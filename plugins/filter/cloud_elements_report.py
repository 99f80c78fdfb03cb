# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_report
short_description: Count what an account holds and how far it is from a fleet
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns the figures that the playbook C(cloud_elements.platform.report) draws, from what the modules returned.
positional: catalog
options:
  _input:
    description: The return value RV(cloud_elements.platform.cloud_elements_instance_info#module:instances).
    type: list
    elements: dict
    required: true
  catalog:
    description:
      - The return value RV(cloud_elements.platform.cloud_elements_element_info#module:elements), which tells the hubs.
    type: list
    elements: dict
    default: []
  fleet:
    description: The fleet to compare with, of which only the tags are read. V(none) compares with nothing.
    type: list
    elements: dict
  compared:
    description:
      - The return value RV(cloud_elements.platform.cloud_elements_instances#module:instances) for this fleet, in check
        mode.
    type: list
    elements: dict
    default: []
  element_key:
    description: The key of the element that the instances were filtered by, if any.
    type: str
  name:
    description: The name that the instances were filtered by, if any.
    type: str
  tags:
    description: The tags that the instances were filtered by, if any.
    type: list
    elements: str
  account:
    description:
      - How far the account is from its directory, as P(cloud_elements.platform.cloud_elements_account_drift#filter)
        returns it, if there is one.
    type: dict
seealso:
  - plugin: cloud_elements.platform.cloud_elements_fleet_for
    plugin_type: filter
"""

EXAMPLES = r"""
- name: List the instances
  cloud_elements.platform.cloud_elements_instance_info:
  register: found

- name: Say how many there are
  ansible.builtin.debug:
    msg: "{{ (found.instances | cloud_elements.platform.cloud_elements_report).figures }}"
"""

RETURN = r"""
_value:
  description: The figures, and the instances behind them.
  type: dict
  contains:
    figures:
      description:
        - How many C(instances), C(hubs) and C(elements) there are, how many instances are C(disabled), C(invalid) and
          C(both), and, if there is a fleet, the C(drift).
      type: dict
    hubs:
      description: The hubs with their elements and instances, the largest first.
      type: list
      elements: dict
    scale:
      description: The number of instances of the largest hub.
      type: int
    attention:
      description: The instances that are invalid or disabled.
      type: list
      elements: dict
    drift:
      description:
        - What the fleet would change (C(entries)), the instances that it does not name (C(extra)), and the counts
          (C(legend), C(parts), C(total)). V(none) without a fleet.
      type: dict
    account:
      description: The drift from a directory, by kind, as the page shows it. Empty without one.
      type: list
      elements: dict
    account_counts:
      description: The number of resources by kind that are not as the directory describes them, in words.
      type: str
    script_hash:
      description: The SHA-256 hash of the script of the page in base64, by which the page allows it.
      type: str
    filtered:
      description: Whether the figures are about a part of the account.
      type: bool
    tags:
      description: The tags that make it so.
      type: list
      elements: str
    version:
      description: The version of the collection.
      type: str
"""

import typing as t
from collections.abc import Callable, Sequence

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._report import Filters, Row, report


def count(
    found: Sequence[Row],
    catalog: Sequence[Row] = (),
    *,
    fleet: Sequence[Row] | None = None,
    compared: Sequence[Row] = (),
    element_key: str | None = None,
    name: str | None = None,
    tags: Sequence[str] | str | None = None,
    account: Row | None = None,
) -> dict[str, t.Any]:
    """Return the figures of an account."""
    if isinstance(tags, str):
        tags = [tag.strip() for tag in tags.split(",")]
    filters = Filters(element_key, name, None if tags is None else tuple(tags))
    return report(found, catalog, filters, fleet, compared, account)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_report": count}
