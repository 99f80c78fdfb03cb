# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """Document the options of modules for many element instances. Each module says itself what it does with them."""

    DOCUMENTATION = r"""
options:
  instances:
    type: list
    elements: dict
    suboptions:
      name:
        description: The name. Together with the element key, it identifies the instance. Required if C(id) is not set.
        type: str
      element_key:
        description: The key of the element. Required to create an instance.
        type: str
      id:
        description:
          - The id of an existing instance. If set, it alone identifies the instance. It may be null in check mode.
        type: int
      api_key:
        description: The API key of the provider. Never shown.
        type: str
      tags:
        description:
          - The complete set of tags. An empty list removes all tags. By default, the tags are left alone.
        type: list
        elements: str
      configuration:
        description: Configuration that is not secret, by the element's own keys. Only what differs is sent.
        type: dict
      secret_configuration:
        description: Configuration that is secret, by the element's own keys. Never shown.
        type: dict
      plain_keys:
        description: Configuration keys of this instance that hold no secret, in addition to C(plain_keys).
        type: list
        elements: str
        default: []
      provider_data:
        description: The data that the provider handed over for this one authentication, such as an OAuth code.
        type: dict
      reauthenticate:
        description: Whether to authenticate an existing instance again with C(provider_data).
        type: bool
        default: false
      external_authentication:
        description: With V(initial), an OAuth element authenticates with tokens that were obtained elsewhere.
        type: str
        choices: [initial]
      enabled:
        description: Whether the instance is enabled. By default, an existing instance is left alone.
        type: bool
      update_secrets:
        description:
          - When to send secrets to an existing instance. By default never, with one warning for all instances.
        type: str
        choices: [on_create, on_change, always]
      verify:
        description: Whether to ask the platform if the connection works.
        type: bool
        default: false
      verify_wait:
        description: Whether to keep asking until the deadline while the platform or the provider has problems.
        type: bool
        default: false
      state:
        description: Whether the instance exists.
        type: str
        choices: [present, absent]
        default: present
  concurrency:
    description:
      - The number of requests in flight at the same time, and so the number of open connections. From 1 to 64.
      - If the platform asks one request to wait because of a rate limit, all requests wait.
    type: int
    default: 8
  prune_tags:
    description:
      - The tags that mark an instance as yours to remove. An instance must carry all of them to be pruned.
      - Required if O(prune=true).
    type: list
    elements: str
  prune_limit:
    description:
      - The maximum number of instances to prune. If more would be pruned, the task fails before it writes anything.
    type: int
    default: 10
  expected_plan:
    description:
      - The checksum of the plan that was reviewed, from RV(plan.checksum) of a run in check mode.
      - If the plan is another one now, the task fails with V(plan_changed) before it writes anything.
      - The checksum covers the platform, the account, and what is shown of each change. It does not cover the values of
        secrets.
    type: str
  deadline:
    description:
      - The maximum duration of the whole task in seconds, with all retries and waits.
      - By default, there is no limit, but the task fails if the platform asks for a wait of more than an hour.
      - If not set, the variable C(cloud_elements_deadline) is used, then the environment variable
        E(CLOUD_ELEMENTS_DEADLINE).
    type: float
"""
