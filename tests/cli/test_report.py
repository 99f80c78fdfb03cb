# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that draws a page: its numbers are those of the account, and what others wrote is only text."""

from __future__ import annotations

import base64
import collections
import hashlib
import pathlib
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._version import collection_version
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.report import example, page

TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "playbooks" / "templates"


@pytest.fixture
def draw(ansible):
    """Return what runs the playbook with variables, and returns the run and the page."""

    def run(*options, **variables):
        path = ansible.home / "variables.yml"
        path.write_text(yaml.safe_dump({"report_dest": "page.html", **variables}), encoding="utf-8")
        run = ansible.playbook("cloud_elements.platform.report", f"-e@{path}", *options)
        assert run.rc == 0 and "Secrets were given" not in run.output, run.output
        return run, page.read((ansible.home / "page.html").read_text(encoding="utf-8"))

    return run


def test_the_page_tells_what_is_there_and_what_a_fleet_file_would_change(ansible, emulator, draw):
    example.populate(emulator)
    # An empty value is an error, unless its key is named as plain.
    given = {"username": "integration", "servicenow.subdomain": "acme", "sort.key": ""}
    desk = {"name": "it desk", "element_key": "servicenow", "configuration": given}
    desk["secret_configuration"] = {"password": "{{ secret_desk }}"}
    fleet = [*example.fleet(), {"name": "typo", "element_key": "strpe"}, desk]
    run, drawn = draw("-vvv", "--diff", fleet_instances=fleet, plain_keys=["sort.key"])
    stored = emulator.instances
    assert {seen.method for seen in emulator.requests} == {"GET"}

    assert page.figures(drawn) == {
        "Instances": len(stored),
        "Hubs": 6,
        "Elements": len({row["element"]["key"] for row in stored}),
        "Disabled": sum(row["disabled"] for row in stored),
        "Invalid": sum(not row["valid"] for row in stored),
        "Drift": 10,
    }
    by_element = collections.Counter(row["element"]["name"] for row in stored)
    chart = page.section(drawn, "hubs").one("table", "chart")
    drawn_rows = [(row.classes[0], row.all("th")[0].text, row.all("td")[0].text) for row in chart.all("tr")[1:]]
    assert {name: int(total) for kind, name, total in drawn_rows if kind == "element"} == by_element
    assert [(name, total) for kind, name, total in drawn_rows if kind == "hub"] == [
        ("crm", "14"), ("payment", "9"), ("helpdesk", "7"), ("finance", "5"), ("messaging", "4"), ("documents", "3")
    ]  # fmt: skip
    attention = page.rows(page.section(drawn, "attention").one("table"))
    assert [(row[0].split(" ansible")[0], row[3]) for row in attention] == [
        ("partner portal", "Invalid"),
        ("ledger ca", "Invalid"),
        ("migration 2025", "Disabled"),
        ("trial", "Disabled"),
        ("field offices", "Disabled"),
    ]
    drift = page.section(drawn, "drift")
    assert page.legend(drift) == {
        "as in the file": len(stored) - 6,
        "to create": 3,
        "to change": 2,
        "to enable": 1,
        "to disable": 1,
        "not in the file": 2,
        "would fail": 1,
    }
    ids = {row["name"]: row["id"] for row in stored}
    changes, unnamed = drift.all("table")
    failed, *others = page.rows(changes)
    assert failed[0] == "typostrpe" and "no element with the key 'strpe'" in failed[1]
    assert others == [
        ["gift cardsstripe", "Create"],
        ["courier textstwilio", "Create"],
        ["it deskservicenow", "Create"],
        [f"subscriptions testchargebee {ids['subscriptions test']}", "Disable"],
        [f"trialpipedrive {ids['trial']}", "Enable"],
        [f"shop ukstripe {ids['shop uk']}", "Change set tags to ansible, uk"],
        [f"support b2bzendesk {ids['support b2b']}", "Change configuration subdomain"],
    ]
    assert [row[0].split()[0] for row in page.rows(unnamed)] == ["sandbox", "facilities"]
    listed = [row for table in page.section(drawn, "instances").all("table") for row in page.rows(table)]
    assert sorted(int(row[2]) for row in listed) == sorted(ids.values())

    shows = f"shows {len(stored)} instances at {emulator.url}, and a drift of 10 from the fleet file."
    assert run.said["Say what was drawn"] == f"{ansible.home / 'page.html'} {shows}"
    header = drawn.one("header").text
    assert emulator.url in header and re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", header)
    assert f"platform {collection_version()}" in drawn.one("footer").text
    text = (ansible.home / "page.html").read_text(encoding="utf-8")
    hidden = [emulator.user_secret, emulator.organization_secret, example.CANARY, *(row["token"] for row in stored)]
    for secret in hidden:
        assert secret not in text and secret not in run.output


def test_what_others_wrote_is_only_text(emulator, draw):
    emulator.create()
    (row,) = emulator.instances
    names = [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(1)>",
        "</style></title></table>",
        "&lt;b&gt; {{ 7 * 7 }} {% raw %}",
        "\N{RIGHT-TO-LEFT OVERRIDE}evil \u05e9\u05dc\u05d5\u05dd",
        "\N{FAMILY}\N{ZERO WIDTH JOINER} \x00\x1b[31m",
        "w" * 10_000,
        " ",
    ]
    element = {**row["element"], "key": "<i>key</i>"}
    listing = [{**row, "id": number, "name": name, "tags": [name]} for number, name in enumerate(names, 1)]
    tags = [*names, "&lt;tag&gt;"]
    listing += [{**other, "id": other["id"] + 100, "element": element, "tags": tags} for other in listing]
    listing[0]["tags"] = tags
    catalog = [{"key": "<i>key</i>", "name": "<b>name</b>", "hub": "<s>hub</s>", "configuration": []}]
    emulator.inject(Fault("body", path="/instances$", body=listing))
    emulator.inject(Fault("body", path="/elements$", body=catalog))
    # The tag is on one instance of an element that the catalog lacks, and on all of the other element.
    _run, drawn = draw(report_title="<u>Title</u>", report_time="<u>now</u>", report_tags=["&lt;tag&gt;"])
    for tag in ("img", "i", "b", "s", "u"):
        assert drawn.all(tag) == []
    (script,) = drawn.all("script")
    assert "".join(script.children) == (TEMPLATES / "report" / "page.js").read_text("utf-8").strip()
    digest = base64.b64encode(hashlib.sha256("".join(script.children).encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in drawn.all("meta")[1].attributes["content"]
    assert len(drawn.all("style")) == len(drawn.all("title")) == 1
    assert drawn.one("h1").text == drawn.one("title").text == "<u>Title</u>"
    header = drawn.one("header").text
    assert "<u>now</u>" in header and "Only instances tagged &lt;tag&gt;" in header
    chart = page.section(drawn, "hubs").one("table", "chart")
    assert ["<s>hub</s>", "8"] in [row[:2] for row in page.rows(chart)]
    assert ["<b>name</b>", "8"] in [row[:2] for row in page.rows(chart)]
    assert ["hub not known", "1"] in [row[:2] for row in page.rows(chart)]
    listed = [row for table in page.section(drawn, "instances").all("table") for row in table.all("th")[4:]]
    shown = [row.all("bdi")[0].text for row in listed[: len(names) - 1]]
    assert shown[:5] == [" ".join(name.split()) for name in names[:5]]
    assert shown[6] == "w" * 160 + "…" and "(10,000 characters)" in listed[6].text
    assert listed[7].text.startswith("(empty)")


def test_every_value_that_a_template_puts_out_is_escaped():
    sources = {source: source.read_text(encoding="utf-8") for source in sorted(TEMPLATES.rglob("*.html.j2"))}
    macros = {name for text in sources.values() for name in re.findall(r"\{%-? macro (\w+)\(", text)}
    assert len(sources) == 11 and len(macros) > 10
    for source, text in sources.items():
        for put_out in re.findall(r"\{\{(.+?)\}\}", text, re.DOTALL):
            call = re.match(r"\s*(?:ui\.)?(\w+)\(", put_out)
            escaped = put_out.rstrip(" -").endswith("| e")
            assert escaped or (call and call[1] in macros), f"{source.name}: {put_out}"
