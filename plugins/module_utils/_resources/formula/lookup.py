# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the formula that is meant. Names are not unique, and the list may hold formulas of other accounts."""

from __future__ import annotations

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import Formula
from ..._core.errors import CloudElementsError, ErrorKind
from ..._reconcile.races import alone
from .desired import describe


def find_formula(name: str, client: Client, *, strict: bool = False) -> Formula | None:
    """Return the formula of the own account with exactly this name, or None if there is none. It may lack its steps.

    Args:
        name: The name.
        client: Reads.
        strict: As `own_matches` takes it.

    Raises:
        CloudElementsError: `ambiguous`, with the ids, if there is more than one in the own account, or if the own
            account cannot be known, and that stays so. `invalid_response` if the listing may lack it.
    """

    def look(client: Client) -> tuple[Formula, ...]:
        return own_matches(name, client.formulas.list(), client, strict=strict)

    return alone(look, describe(name), client)


def own_matches(name: str, pages: Pages[Formula], client: Client, *, strict: bool = True) -> tuple[Formula, ...]:
    """Return the formulas of the own account with exactly this name, the oldest first.

    Args:
        name: The name.
        pages: All formulas.
        client: Finds out which account is the own one.
        strict: Whether one of another account does not count even if it is the only one: it, or what belongs to it,
            may be written.

    Raises:
        CloudElementsError: `invalid_response` if the listing may lack one.
    """
    what = describe(name)
    for row in pages.odd:
        if row.name in (None, name):
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {what} may be the one with id {row.id}, which cannot be read: {row.why}. Nothing was changed.",
            )
    matches = sorted((formula for formula in pages.rows if formula.name == name), key=lambda formula: formula.id)
    if len(matches) > 1 or (matches and strict):
        own = client.accounts.own_id()
        matches = matches if own is None else [formula for formula in matches if formula.account_id in (None, own)]
    if not matches and not pages.complete:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"The {what} is not in the listing, but the platform counts more formulas than it lists. Run again.",
        )
    return tuple(matches)
