# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook report compares a whole account with its directory, without secrets, and can be a gate."""

from __future__ import annotations

import json
import pathlib
import shutil

import jsonschema
import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.report.page import read as page_of
from ansible_collections.cloud_elements.platform.tests.report.page import section
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    TEMPLATE,
    fill_account,
)

DIR = "accounts/prod"
# What each account of a run has for itself: the name of its host, and this.
OWN = {"account_dir": "", "report_dest": ": 1.html", "report_data_dest": ".json"}
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "playbooks" / "files" / "schemas"
UNREACHABLE = '''
DOCUMENTATION = """
name: gone
short_description: A connection to nowhere
description: A connection to nowhere.
author: Nobody
options: {}
"""

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as Local


class Connection(Local):
    transport = "gone"

    def _connect(self):
        raise AnsibleConnectionFailure("No route to <b>host</b>.")
'''


@pytest.fixture
def described(ansible, emulator):
    """The directory of an account. The secrets are encrypted with a password that nobody knows."""
    fill_account(emulator)
    write_account(ansible.home / DIR, fill_account, ("servicenow.subdomain", "username"))
    (ansible.home / DIR / "secrets.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "utf-8")
    return ansible.home / DIR


def validated(path, schema):
    document = json.loads(path.read_text("utf-8"))
    jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8")))
    return document


def told(run):
    return " ".join(run.output.split())


def test_what_drifts_is_told_and_fails_no_run_unless_that_is_asked_for(ansible, emulator, described):
    store = next(iter(emulator.accounts.values())).store
    notify = next(each for each in store.formulas.templates.values() if each.name == "notify")
    notify.steps[0]["properties"]["body"] = f"// {TEMPLATE} <b>bold</b>\ndone({{other: true}});\n"
    next(each for each in store.formulas.instances.values() if each.name == "nightly").configuration["cron"] = "changed"
    emulator.create("stripe", "click & 'together'", {"username": "u", "password": f"{CANARY}-new"})
    given = {"account_dir": DIR, "report_data_dest": "drift.json", "report_time": ""}
    run = ansible.playbook("cloud_elements.platform.report", "-e", json.dumps(given), "-vvv")
    data = validated(ansible.home / "drift.json", "report")
    page = (ansible.home / "report.html").read_text("utf-8")
    assert run.rc == 0 and data["status"] == "drift", run.output
    # All that was not touched is as the directory describes it.
    assert {kind: list(counts.values()) for kind, counts in data["summary"].items()} == {
        "instances": [2, 2, 0, 0, 1],
        "common_resources": [4, 4, 0, 0, 0],
        "formulas": [2, 1, 1, 0, 0],
        "formula_instances": [2, 1, 1, 0, 0],
    }
    assert {(row["kind"], row["name"], row["action"]) for row in data["drift"]} == {
        ("instances", "click & 'together'", "not_described"),
        ("formulas", "notify", "change"),
        ("formula_instances", "nightly", "change"),
    }
    (nightly,) = (row for row in data["drift"] if row["name"] == "nightly")
    assert nightly["changes"] == [{"path": ["configuration", "cron"], "before": "changed", "after": TEMPLATE}]
    assert "click &amp; &#39;together&#39;" in page and "&lt;b&gt;bold&lt;/b&gt;" in page and "<b>bold" not in page
    assert '<span class="dropped">-done({other: true});</span>' in page
    for text in (page, json.dumps(data), run.output):
        assert CANARY not in text


def test_accounts_that_fail_do_so_alone_and_what_others_wrote_is_only_text(ansible, emulator, described):
    home = ansible.home
    names = ["<script>alert(1)</script>", "\N{RIGHT-TO-LEFT OVERRIDE}evil", 'a "b" & {{ 7 * 7 }} {% raw %}']
    for name in names:
        emulator.seed.definition(name, [{"path": "a", "type": "string"}])
    emulator.switches.set("privileges", "-viewElements")
    for copy in ("gone", "dead", "foreign"):
        shutil.copytree(described, home / copy)
    (home / "connections").mkdir()
    (home / "connections" / "gone.py").write_text(UNREACHABLE, "utf-8")
    (home / "broken").mkdir()
    (home / "broken" / "fleet.yml").write_text("fleet_instances: [{nmae: a}]\n", "utf-8")
    (home / "notes").write_text("{}", "utf-8")
    hosts = {
        # The first one runs what a run does once.
        "gone": {"cloud_elements_connection": "gone"},
        "alive": {"account_dir": DIR},
        "dead": {"cloud_elements_base_url": "http://127.0.0.1:9"},
        "broken": {},
        "foreign": {"report_data_dest": "notes"},
    }
    own = {name: "{{ inventory_hostname }}" + end for name, end in OWN.items()}
    inventory = {"all": {"hosts": {name: {**own, **hosts[name]} for name in hosts}}}
    (home / "hosts.yml").write_text(yaml.safe_dump(inventory), "utf-8")
    (home / "all").mkdir()
    given = {"cloud_elements_hosts": "all", "cloud_elements_retries": 0, "report_fail_on_drift": True}
    given |= {"report_index_dest": "all/index.html", "report_summary_dest": "all/summary.json"}
    plugins = {"ANSIBLE_CONNECTION_PLUGINS": str(home / "connections"), "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    options = ("-i", "hosts.yml", "-e", json.dumps(given), "-vvv")
    run = ansible.playbook("cloud_elements.platform.report", *options, **plugins)
    page = (home / "alive: 1.html").read_text("utf-8")
    assert run.rc == 2 and {path.name for path in home.glob("*.html")} == {"alive: 1.html"}, run.output
    failed = f"3 resources differ (3 common resources). {home}/alive: 1.html shows all."
    errors = {
        "gone": "No route to <b>host</b>",
        "dead": "nothing answers there",
        "broken": "broken/fleet.yml:1: fleet_instances[0].nmae",
        "foreign": "notes is there and is not the data of a report, so it is not overwritten",
    }
    for words in (failed, *errors.values()):
        assert words in told(run), run.output
    data = {path.stem: validated(path, "report") for path in home.glob("*.json")}
    assert {name: document["status"] for name, document in data.items()} == {
        "alive": "drift",
        "dead": "error",
        "gone": "error",
    }
    assert data["dead"]["summary"] == {} and data["dead"]["errors"]
    assert {(row["name"], row["action"]) for row in data["alive"]["drift"]} == {
        (name, "not_described") for name in names
    }
    drawn = page_of(page)
    shown = [cell.all("bdi")[0].text for cell in drawn.one("table", "differs").all("th")[2:]]
    assert sorted(shown) == sorted(names) and "<script>alert" not in page
    assert "could not be read" in section(drawn, "hubs").text and "hub not known" in drawn.text
    assert not list(home.rglob("executed"))
    accounts = validated(home / "all" / "summary.json", "report_summary")["accounts"]
    alive = {**data["alive"], "report": "../alive: 1.html", "error": None}
    assert accounts["alive"] == {name: alive[name] for name in ("status", "base_url", "summary", "report", "error")}
    for name, words in errors.items():
        assert (accounts[name]["status"], accounts[name]["report"]) == ("error", None)
        assert words in accounts[name]["error"]
    figures = json.loads(run.output.partition("RUN: ")[2].partition("\n")[0])["cloud_elements_accounts"]
    assert figures["alive"] == {name: alive[name] for name in ("status", "base_url", "summary")}
    text = (home / "all" / "index.html").read_text("utf-8")
    index = page_of(text)
    assert "No route to &lt;b&gt;host&lt;/b&gt;" in text and "<b>host" not in text
    rows = index.one("table", "accounts").all("tr")[1:]
    assert [row.all("bdi")[0].text for row in rows] == ["broken", "dead", "foreign", "gone", "alive"]
    assert [link.attributes["href"] for link in index.one("table").all("a")] == ["../alive%3A%201.html"]
    assert [figure.text for figure in index.all("dd")] == ["5", "0", "1", "4"]
    texts = [page, json.dumps(data), run.output, *(path.read_text("utf-8") for path in (home / "all").iterdir())]
    for secret in (CANARY, emulator.user_secret, emulator.organization_secret):
        assert not any(secret in text for text in texts)


def test_what_is_not_an_index_is_not_overwritten(ansible, emulator):
    (ansible.home / "index.html").write_text("mine", "utf-8")
    given = {"account_dir": DIR, "report_index_dest": "index.html"}
    refused = ansible.playbook("cloud_elements.platform.report", "-e", json.dumps(given))
    assert refused.rc == 2 and "is not a report, so it is not overwritten" in told(refused), refused.output
    assert emulator.requests == [] and (ansible.home / "index.html").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("report_fail_on_drift=yess", "report_fail_on_drift is 'yess': it has to be true or false."),
        ("report_dest=", "report_dest is empty. If it comes from a variable, that one is empty."),
    ],
)
def test_what_is_unclear_is_refused_before_anything_is_asked(ansible, emulator, given, words):
    run = ansible.playbook("cloud_elements.platform.report", "-e", "account_dir=account", "-e", given)
    assert run.rc != 0 and words in run.output, run.output
    assert emulator.requests == []
