# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about accounts."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .._core.errors import CloudElementsError, ErrorKind
from .caller import PAGE_SIZE, Caller
from .models import OddRow, id_in, object_from, rows_from
from .seen import OwnAccount

_NOT_TOLD = (ErrorKind.UNAUTHORIZED, ErrorKind.FORBIDDEN, ErrorKind.NOT_FOUND)


@dataclass(frozen=True)
class Account:
    """An account, as far as it matters which one is the own one."""

    id: int
    is_default: bool


class AccountCalls:
    """Reads accounts.

    Args:
        caller: Makes the calls.
        own: The account of the user, as far as the run knows it.
    """

    def __init__(self, caller: Caller, own: OwnAccount) -> None:
        self._caller = caller
        self._own = own

    def own_id(self) -> int | None:
        """Return the id of the account of the user, or None if the platform does not tell. A run asks for it once.

        ASSUMED: it is the only account that is listed, or the only default one. Only administrators may list accounts
        (vendor documentation, account management).

        Raises:
            CloudElementsError: It cannot be found out now. That is never taken for not being told.
        """
        return self._own.known(self._find_own)[0]

    def own_is_certain(self) -> bool:
        """Tell whether the own account is the only one that is listed. Another default one may not be the own one.

        Raises:
            CloudElementsError: It cannot be found out now.
        """
        return self._own.known(self._find_own)[1]

    def learn_own(self, number: int | None) -> None:
        """Keep which account is the own one, as the answer to a create tells it. None if it does not tell."""
        if number is not None:
            self._own.learn(number)

    def _find_own(self) -> tuple[int | None, bool]:
        query = [("pageSize", str(PAGE_SIZE))]
        what = "Listing the accounts"
        try:
            pages = self._caller.pages(what, "/accounts", query, _accounts_from, lambda row: row.id)
        except CloudElementsError as error:
            if error.kind in _NOT_TOLD:
                return None, False
            raise
        if pages.odd or not pages.complete:
            message = f"{what} failed: some of them cannot be read. So it is not known which is the own one. Run again."
            raise CloudElementsError(ErrorKind.INVALID_RESPONSE, message)
        chosen = pages.rows if len(pages.rows) == 1 else [row for row in pages.rows if row.is_default]
        return (chosen[0].id if len(chosen) == 1 else None), len(pages.rows) == 1


def _accounts_from(body: t.Any) -> tuple[Account | OddRow, ...]:
    return rows_from(body, _account_from, "the account")


def _account_from(body: t.Any) -> Account:
    row: Mapping[str, t.Any] = object_from(body, "the account")
    return Account(id_in(row.get("id"), "the account's id"), row.get("defaultAccount") is True)
