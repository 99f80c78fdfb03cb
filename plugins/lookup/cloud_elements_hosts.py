# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_hosts
short_description: Return a host pattern for a play, or fail if it matches no host
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Ansible skips a play without an error if its pattern matches no host, or if C(--limit) excludes all its hosts.
  - With this lookup in C(hosts), such a play fails. The playbooks of the collection use it.
options:
  _terms:
    description: One pattern, or one list of patterns. Must not be empty.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Check that there is a host to work on
  ansible.builtin.assert:
    that: query('cloud_elements.platform.cloud_elements_hosts', 'localhost') == ['localhost']

# As the hosts of a play:
# - hosts: "{{ lookup('cloud_elements.platform.cloud_elements_hosts', cloud_elements_hosts | default('localhost')) }}"
"""

RETURN = r"""
_raw:
  description: The pattern, unchanged.
  type: list
"""

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.loader import lookup_loader
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """Return a host pattern that matches a host of the inventory which `--limit` leaves."""

    def run(self, terms: list[t.Any], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        """Return the pattern that is the only term.

        Raises:
            AnsibleError: The pattern is empty, or matches no host.
        """
        if len(terms) != 1 or kwargs:
            raise AnsibleError("The lookup takes one pattern, which may be a list, and no options.")
        patterns = terms[0] if isinstance(terms[0], list) else [terms[0]]
        if not patterns or not all(isinstance(pattern, str) and pattern.strip() for pattern in patterns):
            raise AnsibleError(
                "cloud_elements_hosts must be a pattern of hosts, or a list of patterns. None may be empty."
            )
        given = variables or {}
        hosts = self._matching(patterns, given)
        limit = given.get("ansible_limit")
        if limit is not None:
            # Before the play has its hosts, these are all hosts that the limit leaves, except an implicit localhost.
            hosts &= {*given["ansible_play_hosts_all"], *self._matching([limit], given)}
        if not hosts:
            left = "" if limit is None else f" that --limit {limit} leaves"
            raise AnsibleError(
                f"cloud_elements_hosts is {','.join(patterns)}, which matches no host of the inventory{left}. Give a "
                "pattern that does, with -e cloud_elements_hosts=PATTERN. The default is localhost."
            )
        return terms

    def _matching(self, patterns: list[str], variables: dict[str, t.Any]) -> set[str]:
        """Return the names of the hosts of the inventory that patterns match, whatever the limit."""
        lookup = lookup_loader.get("ansible.builtin.inventory_hostnames", loader=self._loader, templar=self._templar)
        return set(lookup.run(patterns, variables=variables))
