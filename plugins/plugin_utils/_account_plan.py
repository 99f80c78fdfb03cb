# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Write the plan of an account as a file: JSON for programs, Markdown for people who review it. Pure.

The filter `cloud_elements_plan` and the action plugin `cloud_elements_account_provision` call this. Names and values
come from the platform and from users. In Markdown they only stand in code spans and fenced blocks that they cannot end.
"""

from __future__ import annotations

import difflib
import json
import re
import typing as t
from collections.abc import Iterator, Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import counted, plain
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import CALLED

from ._account_changes import GENERATOR, document, done, owners

MARKER = f"<!-- A plan of {GENERATOR} -->"
"""The first line of a plan in Markdown."""
LONGEST = 60_000
"""Characters of a plan in Markdown. A comment on GitHub takes 65,536."""

_LONGEST_VALUE = 400
_LONGEST_BLOCK = 8_000
_LAST_LINE = re.compile(r"^Checksum: `([0-9a-f]{64})`\s*\Z", re.MULTILINE)
"""What ends a plan in Markdown. A comment on GitHub comes back without the line break at its end."""
_KEYS = ("base_url", "account_id", "checksum", "summary", "counts", "lines", "changes")

PlanResult: t.TypeAlias = Mapping[str, t.Any]


class PlanError(ValueError):
    """Something is not a plan. The message says what to do."""


def as_json(plan: PlanResult) -> str:
    """Return a plan as JSON.

    Args:
        plan: The return value `plan` of `cloud_elements_account` or `cloud_elements_instances`.
    """
    return json.dumps(document({key: plan[key] for key in _KEYS}), indent=2) + "\n"


def checksum_in(text: str) -> str:
    """Return the checksum in a plan as JSON or Markdown.

    Raises:
        PlanError: It is no such plan, or has no checksum.
    """
    if text.startswith(MARKER):
        checksum = _LAST_LINE.search(text)
        if not checksum:
            raise PlanError("The plan has no checksum. Write it with --check.")
        return checksum[1]
    try:
        plan = json.loads(text)
    except ValueError:
        plan = None
    if not isinstance(plan, dict) or plan.get("generator") != GENERATOR:
        raise PlanError("It is not a plan that the playbook provision wrote.")
    checksum = plan.get("checksum")
    if not isinstance(checksum, str) or not re.fullmatch("[0-9a-f]{64}", checksum):
        raise PlanError("The plan has no checksum. Write it with --check.")
    return checksum


def as_markdown(plan: PlanResult) -> str:
    """Return a plan as Markdown, with what it changes from which value to which.

    Args:
        plan: The return value `plan` of `cloud_elements_account` or `cloud_elements_instances`.
    """
    parts = [f"{MARKER}\n## Plan\n\n{_span(plan['summary'])} at {_span(plan['base_url'])}\n"]
    room = LONGEST - len(parts[0]) - 1000  # What stands at the end always has room.
    left_out = 0
    kind = ""
    for change in plan["changes"]:
        head = "" if change["kind"] == kind else f"\n### {CALLED[change['kind']].capitalize()}s\n\n"
        text = head + _change(change)
        if left_out or len(text) > room:
            left_out += 1
            continue
        kind, room = change["kind"], room - len(text)
        parts.append(text)
    if left_out:
        parts.append(f"\nThere is no room for {counted(left_out, 'more change')}. The plan in JSON has all of them.\n")
    problems = [line for line in plan["lines"] if line.startswith(("failed", "skipped"))]
    if problems:
        parts.append("\n### What cannot be done\n\n")
        parts += [f"- {_span(line)}\n" for line in problems[:20]]
        parts += [f"- and {len(problems) - 20} more\n"] if len(problems) > 20 else []
    if plan["checksum"]:
        parts.append(f"\nChecksum: `{plan['checksum']}`\n")
    return "".join(parts)


def _change(change: Mapping[str, t.Any]) -> str:
    named = " ".join(f"{words} {_span(owner)}" for words, owner in owners(change))
    called = f"{_span(change['name'])}{f' {named}' if named else ''}"
    lines = [f"- **{change['action']}** {called}\n"]
    lines += [f"  - {_span(action)}\n" for action in done(change["action"], change["actions"])]
    for difference in change["changes"]:
        lines += _difference(difference)
    return "".join(lines)


def _difference(difference: Mapping[str, t.Any]) -> Iterator[str]:
    path = _span(".".join(difference["path"]))
    before, after = difference["before"], difference["after"]
    if _is_text(before) and _is_text(after):
        yield f"  - {path}:\n\n{_block(before or [], after or [])}\n"
    else:
        yield f"  - {path}: {_value(before)} → {_value(after)}\n"


def _is_text(value: t.Any) -> bool:
    """Tell whether a value is a text line by line, or nothing where there is one."""
    return value is None or (isinstance(value, list) and all(isinstance(line, str) for line in value))


def _block(before: list[str], after: list[str]) -> str:
    """Return the difference of two texts as a fenced block, indented as a part of a list."""
    differing = [line.rstrip("\r\n") for line in difflib.unified_diff(before, after, lineterm="", n=2)][2:]
    text = "\n".join(
        "".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in line) for line in differing
    )
    if len(text) > _LONGEST_BLOCK:
        text = f"{text[:_LONGEST_BLOCK]}\n…"
    fence = "`" * max(3, 1 + _longest_run(text))
    return "\n".join(f"    {line}" for line in [f"{fence}diff", *text.split("\n"), fence])


def _value(value: t.Any) -> str:
    if value is None:
        return "nothing"
    return _span(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _span(text: str) -> str:
    """Return a text as a code span on one line, which nothing in it can end."""
    line = plain(text, _LONGEST_VALUE) or " "
    ticks = "`" * (1 + _longest_run(line))
    padding = " " if line.startswith("`") or line.endswith("`") or len(ticks) > 1 else ""
    return f"{ticks}{padding}{line}{padding}{ticks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
