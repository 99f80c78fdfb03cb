# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Project formula instances to what results and diffs show: redacted, and always with the same keys. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable

from ..._reconcile.phases import Applied, Planned
from ..._secrets.disclosure import names_secret
from ..._secrets.redaction import MASK, Redactor
from .desired import DesiredFormulaInstance, InstanceReference
from .plan import Change, Observed, known


def result_of(item: Applied[DesiredFormulaInstance, Observed]) -> dict[str, t.Any]:
    """Return the return values of a task about one formula instance."""
    desired = item.planned.desired
    after, before = known(item.observed), known(item.planned.observed)
    there = after.instance or before.instance
    return {
        "changed": bool(item.steps),
        "actions": [step.action for step in item.steps],
        "id": there.id if there else None,
        "formula_instance": None if after.instance is None else _projected(desired, after),
        "diff": diff(item.planned),
    }


def diff(planned: Planned[DesiredFormulaInstance, Observed]) -> dict[str, t.Any]:
    """Return a formula instance before and after what is planned, as a diff shows it."""
    sent = frozenset(key for step in planned.steps if isinstance(step, Change) for key in step.secrets)
    return {
        "before": _view(planned.desired, known(planned.observed)),
        "after": _view(planned.desired, known(planned.predicted), sent),
    }


def _projected(desired: DesiredFormulaInstance, observed: Observed) -> dict[str, t.Any]:
    there = observed.instance
    if there is None:
        return {}
    return {
        "id": there.id,
        "formula": there.formula or (observed.formula.name if observed.formula else None),
        "formula_id": there.formula_id,
        "created_date": there.created_date,
        **_view(desired, observed),
    }


def _view(desired: DesiredFormulaInstance, observed: Observed, sent: Iterable[str] = ()) -> dict[str, t.Any]:
    """Return what a diff shows of a formula instance. Element instances that the task names are shown as it does."""
    there = observed.instance
    if there is None:
        return {}
    variables = observed.formula.variables if observed.formula else ()
    secret = {variable.key for variable in variables if names_secret(variable.name)} - desired.plain_keys
    ids = {variable.key for variable in variables if variable.is_instance}
    redactor = Redactor(desired.secrets.values(), desired.plain_keys | ids)
    hidden = {*desired.secrets, *secret - ids}
    plain = {variable.key for variable in variables} - hidden
    configuration = redactor.configuration(there.configuration, {*desired.configuration, *plain}, hidden)
    named = {
        key: {"element_key": value.element_key, "name": value.name}
        for key, value in desired.configuration.items()
        if isinstance(value, InstanceReference) and str(there.configuration.get(key)) == str(observed.ids.get(value))
    }
    return {
        "name": there.name,
        "active": there.active,
        "configuration": {**configuration, **named, **dict.fromkeys(sent, f"{MASK} (sent anew)")},
        "settings": redactor.configuration(there.settings, {*there.settings, *desired.settings}),
    }
