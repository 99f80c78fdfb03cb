# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/usage: which calls to elements there were. The query is asserted (TEST usage), the form of the rows is ASSUMED."""

from __future__ import annotations

import datetime
from typing import Any

from .call import Answer, Call, Route, page_answer
from .errors import ApiError
from .paging import cut
from .state import Usage, timestamp


def list_usage(call: Call) -> Answer:
    """List the calls that the query asks for; a range in the future is 404 (TEST)."""
    since, until = (_moment(call, name) for name in ("from", "to"))
    if since and since > datetime.datetime.now(datetime.timezone.utc):
        raise ApiError(404, "No usage found")
    offset = call.asked("pageOffset")
    if offset and not (offset.isdecimal() and len(offset) < 10):
        raise ApiError(400, f"pageOffset is not a number: {offset}")
    keys, tags = (set(call.query.get(name, ())) for name in ("keys[]", "tags[]"))
    found = [
        each
        for each in call.store.usage.values()
        if (since is None or each.created >= since)
        and (until is None or each.created <= until)
        and call.asked("hub") in ("", each.hub)
        and call.asked("status") in ("", str(each.status))
        and (not keys or each.element_key in keys)
        and (not tags or not tags.isdisjoint(each.tags))
    ]
    page = cut(found[int(offset or 0) :], lambda each: int(each.id), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, [_row(each) for each in page.rows])


def read(call: Call) -> Answer:
    number = call.parameters["usageId"]
    kept = call.store.usage.get(int(number)) if len(number) < 19 else None
    if kept is None:
        raise ApiError(404, f"No usage found with ID {number}")
    return Answer(_row(kept))


def _moment(call: Call, name: str) -> datetime.datetime | None:
    text = call.asked(name)
    if not text:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
    except (ValueError, OverflowError) as error:
        raise ApiError(400, f"{name} is not a date: {text}") from error


def _row(kept: Usage) -> dict[str, Any]:
    return {
        "id": kept.id,
        "createdDate": timestamp(kept.created),
        "elementKey": kept.element_key,
        "hub": kept.hub,
        "elementInstanceId": kept.instance_id,
        "method": kept.method,
        "path": kept.path,
        "status": kept.status,
    }


ROUTES: list[Route] = [
    ("GET", "/usage", list_usage),
    ("GET", "/usage/{usageId}", read),
]
