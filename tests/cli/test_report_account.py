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
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    TEMPLATE,
    fill_account,
)

DIR = "accounts/prod"
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


def report(ansible, *options, **variables):
    given = {"account_dir": DIR, "report_data_dest": "drift.json", "report_time": "", **variables}
    run = ansible.playbook("cloud_elements.platform.report", "-e", json.dumps(given), *options)
    data = ansible.home / "drift.json"
    return run, json.loads(data.read_text("utf-8")) if data.exists() else None


def validated(path, schema):
    document = json.loads(path.read_text("utf-8"))
    jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8")))
    return document


def told(run):
    return " ".join(run.output.split())


def test_an_account_is_in_sync_then_drifts_and_the_gate_says_so(ansible, emulator, described):
    run, data = report(ansible, report_fail_on_drift=True)
    assert run.rc == 0 and data["status"] == "in_sync" and data["drift"] == [], run.output
    assert data["summary"]["formulas"] == {
        "described": 2, "in_sync": 2, "drifted": 0, "failed": 0, "not_described": 0,
    }  # fmt: skip
    store = next(iter(emulator.accounts.values())).store
    notify = next(each for each in store.formulas.templates.values() if each.name == "notify")
    notify.steps[0]["properties"]["body"] = f"// {TEMPLATE} <b>bold</b>\ndone({{other: true}});\n"
    next(each for each in store.formulas.instances.values() if each.name == "nightly").configuration["cron"] = "changed"
    emulator.create("stripe", "click & 'together'", {"username": "u", "password": f"{CANARY}-new"})
    run, data = report(ansible, "-vvv", report_fail_on_drift=True)
    page = (ansible.home / "report.html").read_text("utf-8")
    assert run.rc == 2 and "3 resources differ" in told(run), run.output
    assert data["status"] == "drift" and {(row["kind"], row["name"], row["action"]) for row in data["drift"]} == {
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
    run, data = report(ansible)
    assert run.rc == 0 and data["status"] == "drift", run.output


def test_what_cannot_be_compared_is_an_error(ansible, emulator, described):
    run, data = report(ansible, cloud_elements_base_url="http://127.0.0.1:9", cloud_elements_retries=0)
    assert run.rc == 2 and data["status"] == "error" and data["summary"] == {} and data["errors"], run.output
    (ansible.home / "mine.json").write_text("{}", "utf-8")
    run, _data = report(ansible, report_data_dest="mine.json")
    assert run.rc == 2 and "is not the data of a report, so it is not overwritten" in told(run)


def test_accounts_that_fail_do_so_alone_and_what_others_wrote_is_only_text(ansible, emulator, described):
    home = ansible.home
    names = ["<script>alert(1)</script>", "\N{RIGHT-TO-LEFT OVERRIDE}evil", 'a "b" & {{ 7 * 7 }} {% raw %}']
    for name in names:
        emulator.seed.definition(name, [{"path": "a", "type": "string"}])
    shutil.copytree(described, home / "copy")
    (home / "broken").mkdir()
    (home / "broken" / "fleet.yml").write_text("fleet_instances: [{nmae: a}]\n", "utf-8")
    hosts = {
        "alive": {"account_dir": DIR},
        "dead": {"account_dir": "copy", "cloud_elements_base_url": "http://127.0.0.1:9"},
        "broken": {"account_dir": "broken"},
    }
    places = {name: {"report_dest": f"{name}: 1.html", "report_data_dest": f"{name}.json"} for name in hosts}
    inventory = {"all": {"hosts": {name: {**hosts[name], **places[name]} for name in hosts}}}
    (home / "hosts.yml").write_text(yaml.safe_dump(inventory), "utf-8")
    (home / "all").mkdir()
    given = {"cloud_elements_hosts": "all", "cloud_elements_retries": 0, "report_fail_on_drift": True}
    given |= {"report_index_dest": "all/index.html", "report_summary_dest": "all/summary.json"}
    run = ansible.playbook("cloud_elements.platform.report", "-i", "hosts.yml", "-e", json.dumps(given), "-vvv")
    page = (home / "alive: 1.html").read_text("utf-8")
    assert run.rc == 2 and {path.name for path in home.glob("*.html")} == {"alive: 1.html"}, run.output
    failed = f"3 resources differ (3 common resources). {home}/alive: 1.html shows all."
    for words in (failed, "nothing answers there", "broken/fleet.yml:1: fleet_instances[0].nmae"):
        assert words in told(run), run.output
    data = {path.stem: validated(path, "report") for path in home.glob("*.json")}
    assert {name: document["status"] for name, document in data.items()} == {"alive": "drift", "dead": "error"}
    assert {(row["name"], row["action"]) for row in data["alive"]["drift"]} == {
        (name, "not_described") for name in names
    }
    shown = [cell.all("bdi")[0].text for cell in page_of(page).one("table", "differs").all("th")[2:]]
    assert sorted(shown) == sorted(names) and "<script>alert" not in page
    assert not list(home.rglob("executed"))
    accounts = validated(home / "all" / "summary.json", "report_summary")["accounts"]
    alive = {**data["alive"], "report": "../alive: 1.html", "error": None}
    assert accounts["alive"] == {name: alive[name] for name in ("status", "base_url", "summary", "report", "error")}
    assert [(accounts[name]["status"], accounts[name]["report"]) for name in ("dead", "broken")] == [
        ("error", None)
    ] * 2
    assert "nothing answers there" in accounts["dead"]["error"]
    assert "broken/fleet.yml:1: fleet_instances[0].nmae" in accounts["broken"]["error"]
    index = page_of((home / "all" / "index.html").read_text("utf-8"))
    rows = index.one("table", "accounts").all("tr")[1:]
    assert [row.all("bdi")[0].text for row in rows] == ["broken", "dead", "alive"]
    assert [link.attributes["href"] for link in index.one("table").all("a")] == ["../alive%3A%201.html"]
    assert [figure.text for figure in index.all("dd")] == ["3", "0", "1", "2"]
    texts = [page, json.dumps(data), run.output, *(path.read_text("utf-8") for path in (home / "all").iterdir())]
    for secret in (CANARY, emulator.user_secret, emulator.organization_secret):
        assert not any(secret in text for text in texts)


def test_the_index_is_written_if_no_account_can_be_reached(ansible, emulator, described):
    home = ansible.home
    (home / "connections").mkdir()
    (home / "connections" / "gone.py").write_text(UNREACHABLE, "utf-8")
    shutil.copytree(described, home / "copy")
    hosts = {name: {"account_dir": path, "report_dest": f"{name}.html"} for name, path in (("a", DIR), ("b", "copy"))}
    (home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), "utf-8")
    given = {"cloud_elements_hosts": "all", "cloud_elements_connection": "gone"}
    given |= {"report_index_dest": "index.html", "report_summary_dest": "summary.json"}
    plugins = {"ANSIBLE_CONNECTION_PLUGINS": str(home / "connections")}
    options = ("-i", "hosts.yml", "-e", json.dumps(given))
    run = ansible.playbook("cloud_elements.platform.report", *options, **plugins)
    accounts = validated(home / "summary.json", "report_summary")["accounts"]
    assert run.rc == 2 and emulator.requests == [], run.output
    assert [(row["status"], row["report"]) for row in accounts.values()] == [("error", None)] * 2
    assert "No route to <b>host</b>" in accounts["a"]["error"]
    index = (home / "index.html").read_text("utf-8")
    assert "No route to &lt;b&gt;host&lt;/b&gt;" in index and "<b>host" not in index
    (home / "index.html").write_text("mine", "utf-8")
    refused = ansible.playbook("cloud_elements.platform.report", *options, **plugins)
    assert refused.rc == 2 and "is not a report, so it is not overwritten" in told(refused)
