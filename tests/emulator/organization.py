# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The caller's organization and its accounts."""

from __future__ import annotations

from typing import Any

from . import where
from .call import Answer, Call, Route, page_answer
from .errors import ApiError
from .paging import cut


def read(call: Call) -> Answer:
    return Answer(
        {
            "id": call.store.owner.organization_id,
            "name": call.store.owner.name,
            "accountId": call.store.owner.account_id,
            "vdrVersion": call.switches.vdr_version,
        }
    )


def list_accounts(call: Call) -> Answer:
    """List the accounts (DOC: only the organization's admin may, else 401)."""
    if call.switches.accounts_listed == "refused":
        raise ApiError(401, "Only an administrator of the organization can see its accounts")
    own = call.store.owner.account_id
    numbers = [own] if call.switches.accounts_listed == "own" else [own, *sorted(call.store.subaccounts)]
    default = {"no_default": None, "other_default": next(iter(numbers[1:]), None)}.get(
        call.switches.accounts_listed, own
    )
    rows = [_account(call, number, number == default) for number in sorted(numbers)]
    rows = where.chosen(call.asked("where"), rows, lambda row, field: row.get(field))
    offset = call.asked("offset")
    if offset and not (offset.isdecimal() and len(offset) < 10):
        raise ApiError(400, f"offset is not a number: {offset}")
    rows = rows[int(offset or 0) :]
    page = cut(rows, lambda row: int(row["id"]), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, page.rows)


def check(call: Call, text: str) -> int:
    """Return the id of an account of the organization, or raise ApiError 404 (DOC error-codes: the wording)."""
    number = int(text) if text.isdecimal() and len(text) < 19 else -1
    if number != call.store.owner.account_id and number not in call.store.subaccounts:
        raise ApiError(404, f"No account found with ID {text}")
    return number


def _account(call: Call, number: int, default: bool) -> dict[str, Any]:
    return {
        "id": number,
        "name": call.store.subaccounts.get(number, call.store.owner.name),
        "externalId": f"account-{number}",
        "active": True,
        "companyId": call.store.owner.organization_id,
        "createdDate": "2017-08-07T18:46:38Z",
        "defaultAccount": default,
        "type": "Default" if default else "CompanyAccount",
    }


ROUTES: list[Route] = [
    ("GET", "/organizations/me", read),
    ("GET", "/accounts", list_accounts),
]
