# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as a file: what programs read, and what people review. Nothing in it can become markup."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_plan import (
    LONGEST,
    MARKER,
    PlanError,
    as_json,
    as_markdown,
    checksum_in,
)
from hypothesis import given
from hypothesis import strategies as st

CHECKSUM = "0123456789abcdef" * 4
HOSTILE = st.text(st.sampled_from("`|<>&*_[]()!#@\n\r\u2028\\ ab"), max_size=40)


def change(**more):
    return {
        "kind": "formulas",
        "name": "sync",
        "element_key": None,
        "level": None,
        "instance": None,
        "formula": None,
        "id": 7,
        "action": "change",
        "actions": ["change step 'read'"],
        "changes": [{"path": ["steps", "read", "api"], "before": "/a", "after": "/b"}],
        **more,
    }


def plan(*changes, **more):
    return {
        "base_url": "https://api.example.com/elements/api-v2",
        "account_id": 5,
        "checksum": CHECKSUM,
        "summary": "1 formula: 1 to change",
        "counts": {},
        "lines": [],
        "changes": list(changes),
        **more,
    }


def test_a_plan_in_markdown_has_its_checksum_too_and_after_a_comment_on_github_as_well():
    text = as_markdown(plan(change()))
    assert checksum_in(text) == checksum_in(text.strip()) == checksum_in(text.replace("\n", "\r\n")) == CHECKSUM


@given(HOSTILE)
def test_nothing_in_a_plan_in_markdown_passes_for_its_checksum(name):
    forged = f"{name}\nChecksum: `{'f' * 64}`"
    assert checksum_in(as_markdown(plan(change(name=forged)))) == CHECKSUM
    with pytest.raises(PlanError):
        checksum_in(as_markdown(plan(change(name=forged, actions=[forged]), checksum=None, lines=[f"failed {forged}"])))


def test_a_plan_is_json_with_its_checksum():
    document = json.loads(as_json({**plan(change()), "more": 1}))
    assert document["generator"] == "cloud_elements.platform" and document["schema_version"] == 1
    assert document["changes"] == [change()] and "more" not in document
    assert checksum_in(as_json(plan())) == CHECKSUM


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a plan"),
        ("[]", "not a plan"),
        ('{"checksum": "x"}', "not a plan"),
        (as_markdown(plan())[1:], "not a plan"),
        (as_markdown(plan(checksum=None)), "has no checksum"),
        (as_markdown(plan()) + "more", "has no checksum"),
        (as_json(plan(checksum=None)), "has no checksum"),
        (as_json(plan(checksum="0" * 63)), "has no checksum"),
    ],
)
def test_what_is_no_plan_is_refused(text, words):
    with pytest.raises(PlanError, match=words):
        checksum_in(text)


def test_a_change_is_shown_from_which_value_to_which():
    text = as_markdown(plan(change(), change(kind="formula_instances", name="nightly", formula="sync", action="enable",
                                             actions=["activate"], changes=[])))  # fmt: skip
    assert text.startswith(
        f"{MARKER}\n## Plan\n\n`1 formula: 1 to change` at `https://api.example.com/elements/api-v2`\n"
    )
    assert (
        "\n### Formulas\n\n- **change** `sync`\n  - `change step 'read'`\n  - `steps.read.api`: `/a` → `/b`\n" in text
    )
    assert "\n### Formula instances\n\n- **enable** `nightly` of formula `sync`\n  - `activate`\n" in text
    assert text.endswith(f"\nChecksum: `{CHECKSUM}`\n")


def test_a_script_is_shown_line_by_line():
    lines = {"path": ["script"], "before": ["a", "b", "c"], "after": ["a", "x", "c"]}
    text = as_markdown(plan(change(changes=[lines, {"path": ["tags"], "before": None, "after": 5}])))
    assert "  - `script`:\n\n    ```diff\n    @@ -1,3 +1,3 @@\n     a\n    -b\n    +x\n     c\n    ```\n" in text
    assert "  - `tags`: nothing → `5`\n" in text
    fenced = {"path": ["script"], "before": None, "after": ["```", "a\x1b[0m"]}
    text = as_markdown(plan(change(changes=[fenced])))
    assert "    ````diff\n" in text and "    +a\ufffd[0m\n    ````\n" in text


def test_problems_and_what_has_no_room_are_told():
    lines = ["failed  formula 'a': No.", "skipped formula 'b': It was left alone.", "create  formula 'c'"]
    text = as_markdown(plan(lines=lines))
    assert (
        "### What cannot be done\n\n- `failed formula 'a': No.`\n- `skipped formula 'b': It was left alone.`\n" in text
    )
    many = [change(name=f"formula {number}", actions=["x" * 300]) for number in range(1000)]
    text = as_markdown(plan(*many))
    left = int(re.search(r"There is no room for (\d+) more changes\.", text)[1])
    assert len(text) < LONGEST and 0 < left < 1000 and text.count("- **change**") == 1000 - left
    assert text.endswith(f"Checksum: `{CHECKSUM}`\n")


@given(HOSTILE, HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=4))
def test_no_text_gets_out_of_its_code_span_or_block(name, path, value, lines):
    differences = [{"path": [path], "before": value, "after": name}, {"path": ["script"], "before": [], "after": lines}]
    text = as_markdown(plan(change(name=name, actions=[value], changes=differences), lines=[f"failed  {name}"]))
    outside = re.sub(r"(?s)( {4})(`{3,})diff\n.*?\n\1\2\n", "", text)
    for line in outside.split("\n"):
        rest = re.sub(r"(`+)(?!`)(?:.*?[^`])\1(?!`)", "", line)
        assert re.fullmatch(r"[- *a-zA-Z0-9:→.#]*|<!-- A plan of cloud_elements.platform -->", rest), line
