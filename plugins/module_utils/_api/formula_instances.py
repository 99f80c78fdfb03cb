# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about formula instances."""

from __future__ import annotations

from .caller import Caller
from .http_messages import Request
from .instances import InstanceCalls
from .models import FormulaInstance, formula_instances_from
from .retry_policy import Effect


class FormulaInstanceCalls:
    """Reads formula instances."""

    def __init__(self, caller: Caller, instances: InstanceCalls) -> None:
        self._caller = caller
        self._instances = instances

    def using(self, instance_id: int) -> tuple[FormulaInstance, ...]:
        """Return the formula instances that use an element instance (vendor swagger; an empty list is 200 here).

        One that is not active counts too: it would fail as soon as somebody activates it.
        """
        query = (("elementInstanceId", str(instance_id)), ("includeInactive", "true"))
        request = Request("GET", "/formulas/instances", query=query)
        what = f"Listing the formula instances that use the instance with id {instance_id}"
        redactor = self._instances.redactor_for(instance_id)
        return self._caller.call(what, Effect.READ, request, formula_instances_from, missing=(), redactor=redactor)
