# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README of the emulator claims what is so."""

from __future__ import annotations

import re

from ansible_collections.cloud_elements.platform.tests.emulator import contract, documentation
from ansible_collections.cloud_elements.platform.tests.emulator.__main__ import _parser
from ansible_collections.cloud_elements.platform.tests.emulator.catalog import Catalog
from ansible_collections.cloud_elements.platform.tests.emulator.control import PREFIX
from ansible_collections.cloud_elements.platform.tests.emulator.faults import KINDS
from ansible_collections.cloud_elements.platform.tests.emulator.server import Emulator
from ansible_collections.cloud_elements.platform.tests.emulator.switches import PRIVILEGES

README = documentation.README.read_text(encoding="utf-8")


def test_the_tables_of_endpoints_and_switches_are_up_to_date():
    """`python -m tests.emulator.documentation` writes them."""
    assert documentation.with_tables(README) == README
    assert README.count("\n| `/") == len({path for _method, path in contract.load()})


def test_every_endpoint_has_a_source():
    assert [line for line in documentation.endpoints() if "()" in line] == []


def test_the_command_line_options_are_documented():
    options = {option for action in _parser()._actions for option in action.option_strings if option.startswith("--")}
    table = README.partition("| Option | Meaning |")[2].partition("\n\n")[0]
    assert set(re.findall(r"--[a-z][a-z-]+", table)) == options - {"--help"}


def test_the_control_calls_are_documented():
    served = {
        (route.method, route.resource.canonical)
        for route in Emulator()._app.web.router.routes()
        if route.resource.canonical.startswith(PREFIX) and "{account}" not in route.resource.canonical
    }
    rows = re.findall(rf"^\| (`[A-Z`, ]+{PREFIX}/\w+)`", README, re.MULTILINE)
    documented = {
        (method, row.rpartition(" ")[2]) for row in rows for method in re.findall("[A-Z]+", row.partition("/")[0])
    }
    assert documented == {(method, path) for method, path in served if method != "HEAD"}


def test_faults_and_privileges_and_elements_that_are_named_exist():
    table = README.partition("| Kind | What happens |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(KINDS)
    named = README.partition("taken from all\n(")[2].partition(")")[0]
    assert set(re.findall(r"`(\w+)`", named)) == set(PRIVILEGES)
    (without_ping,) = re.findall(r"Elements without ping: databases, ([\w, ]+)\.", README)
    known = {element.key for element in Catalog() if not element.ping and element.hub != "db"}
    assert set(without_ping.split(", ")) == known
