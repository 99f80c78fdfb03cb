# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as done to a resource."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.convergence import converge
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import StepResult


class Executor:
    """Says of each step whether it had an effect."""

    def __init__(self, *effects):
        self._effects = iter(effects)

    def execute(self, step, observed):
        return StepResult((observed or "") + step, had_effect=next(self._effects))


@pytest.mark.parametrize(
    ("effects", "done"), [((True, True), ("a", "b")), ((False, True), ("b",)), ((True, False), ("a",))]
)
def test_a_step_without_an_effect_is_not_among_what_was_done(effects, done):
    plans = iter([("a", "b"), (), ()])
    result = converge(lambda _observed, _sent: next(plans, ()), None, Executor(*effects))
    assert (result.steps, result.observed, result.error) == (done, "ab", None)
