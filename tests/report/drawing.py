# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of several accounts, drawn by the playbook."""

from __future__ import annotations

import pathlib
import typing as t

import yaml
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.emulator.catalog import Catalog
from ansible_collections.cloud_elements.platform.tests.report import example
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import fill_account

NOON = "2026-11-22 12:00 UTC"


def draw(folder: pathlib.Path, emulator: Emulator, **variables: t.Any) -> pathlib.Path:
    """Run the playbook with variables, and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    given = folder / "variables.yml"
    given.write_text(yaml.safe_dump({"report_time": NOON, **variables}), encoding="utf-8")
    run = Ansible(folder, emulator.environment).playbook("cloud_elements.platform.report", f"-e@{given}")
    assert run.rc == 0, run.output
    return folder / "report.html"


def draw_example(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of the example, with its fleet file."""
    example.populate(emulator)
    return draw(folder, emulator, fleet_instances=example.fleet())


def draw_many(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of 2,000 instances of many elements, of which a fleet file names and changes a few."""
    catalog = [element.key for element in Catalog()][:67]
    for number in range(2000):
        key = catalog[min(number % 67, number % 53, number % 61)]
        emulator.create(key, f"number {number}", {}, ["all"], disabled=number % 17 == 0, valid=number % 29 != 0)
    fleet = [
        {"name": row["name"], "element_key": row["element"]["key"], "tags": ["moved"]}
        for row in emulator.instances[:60]
    ]
    return draw(folder, emulator, fleet_instances=fleet)


def draw_hostile(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of names that want to be more than text, or wider than the page."""
    emulator.create(disabled=True)
    (row,) = emulator.instances
    names = [
        "<script>document.title = 'taken'</script>",
        "<img src='http://127.0.0.1:1/seen' onerror='document.title = 1'>",
        "</style><style>body { display: none }</style>",
        "\N{RIGHT-TO-LEFT OVERRIDE}evil \u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN} " * 40,
        "w" * 10_000,
        " ",
    ]
    element = {**row["element"], "key": "k" * 300}
    listing = [{**row, "id": 10**9 + number, "name": name, "tags": names * 3} for number, name in enumerate(names)]
    listing += [{**other, "id": 10 * other["id"], "element": element} for other in listing]
    catalog = [{"key": "k" * 300, "name": "w" * 300, "hub": "<b>" + "h" * 300, "configuration": []}]
    emulator.inject(Fault("body", path="/instances$", body=listing, times=None))
    emulator.inject(Fault("body", path="/elements$", body=catalog, times=None))
    fleet = [
        {"name": "w" * 9_000, "element_key": "k" * 300},
        {"name": "w" * 10_000, "element_key": "stripe", "tags": ["t" * 5_000]},
    ]
    return draw(folder, emulator, fleet_instances=fleet, report_title="T" * 400)


def draw_one(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of one instance."""
    emulator.create(name="payments")
    return draw(folder, emulator)


def draw_filtered(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of one instance out of two, of which a fleet file names a third one too."""
    emulator.create(name="payments")
    emulator.create(name="shop")
    fleet = [{"name": name, "element_key": "stripe"} for name in ("payments", "blog")]
    return draw(folder, emulator, fleet_instances=fleet, report_name="payments")


def draw_account(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of an account that was changed by hand after its directory was written."""
    folder.mkdir(parents=True, exist_ok=True)
    fill_account(emulator)
    for key, name in (("stripe", "shop eu"), ("sfdc", "crm"), ("hubspot", "marketing"), ("shopify", "store")):
        emulator.create(key, name, {"username": "u", "password": "p"}, ["prod"])
    formulas = next(iter(emulator.accounts.values())).store.formulas
    step = next(each for each in formulas.templates.values() if each.name == "notify").steps[0]["properties"]
    configuration = next(each for each in formulas.instances.values() if each.name == "nightly").configuration
    step["body"] = "let rows = steps.read.response.body;\ndone({rows: rows, ok: true});\n"
    configuration["cron"] = "0 0 5 * * ?"
    given = folder / "export.yml"
    given.write_text(yaml.safe_dump({"account_dir": "accounts/prod"}), encoding="utf-8")
    run = Ansible(folder, emulator.environment).playbook("cloud_elements.platform.export", f"-e@{given}")
    assert run.rc == 0, run.output
    step["body"] = "let rows = steps.read.response.body;\ndone({rows: rows, ok: rows.length > 0});\n"
    configuration["cron"] = "0 0 6 * * ?"
    emulator.seed.definition("clicked together", [{"path": "a", "type": "string"}])
    emulator.create("zendesk", "by hand", {"username": "u", "password": "p"}, ["prod"], disabled=True)
    return draw(folder, emulator, account_dir="accounts/prod", report_title="Production")


def draw_hostile_account(folder: pathlib.Path, emulator: Emulator) -> pathlib.Path:
    """Return the page of an account whose names and scripts want to be more than text, or wider than the page."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["<script>document.title = 'taken'</script>", "\N{RIGHT-TO-LEFT OVERRIDE}evil", "w" * 3_000, "{{ 7 * 7 }}"]
    for name in names:
        emulator.seed.definition(name, [{"path": "p" * 300, "type": "string"}])
    fields = [{"path": f"{'p' * 300}.{number}", "type": "t" * 300} for number in range(3)]
    emulator.seed.definition("contacts", fields[:1])
    emulator.seed.transformation("contacts", "stripe", {"vendorName": "v", "script": {"body": "s" * 2_000}})
    mapping = {"element_key": "stripe", "vendor_name": "v" * 300, "script": "x" * 2_000 + "\n" + "y\n" * 200}
    document = {"name": "contacts", "fields": fields, "transformations": [mapping]}
    (folder / "hostile" / "common_resources").mkdir(parents=True)
    (folder / "hostile" / "common_resources" / "contacts.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return draw(folder, emulator, account_dir="hostile")


PAGES = {
    "account": draw_account,
    "hostile_account": draw_hostile_account,
    "none": draw,
    "one": draw_one,
    "example": draw_example,
    "many": draw_many,
    "hostile": draw_hostile,
    "filtered": draw_filtered,
}
