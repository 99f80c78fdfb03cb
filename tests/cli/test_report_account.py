# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook report compares a whole account with its directory, without secrets, and can be a gate."""

from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    TEMPLATE,
    fill_account,
)

DIR = "accounts/prod"


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
    assert run.rc == 2 and "is no data of a report, so it is not overwritten" in told(run)
