# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole module against the emulator over a real socket, in one process: all but Ansible's own transport of it."""

from __future__ import annotations

import importlib
import json
import time
import typing as t
from collections.abc import Iterator

import pytest
from ansible.module_utils import _internal
from ansible.module_utils._internal._json import _profiles
from ansible.module_utils.common import warnings
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.module_utils.testing import patch_module_args
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire

PLUGINS = "ansible_collections.cloud_elements.platform.plugins"


class Modules:
    """Runs modules, and keeps all that they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.output = ""

    def run(
        self, arguments: dict[str, t.Any], *, module: str = "instance", check: bool = False, verbosity: int = 0
    ) -> dict[str, t.Any]:
        """Run a module once and return its result."""
        self._monkeypatch.setattr(warnings, "_global_warnings", {})
        # Tests of plugins import parts of the controller. A module would then take this process for one: it would warn
        # the display and not in its result, and would check texts that only the controller checks.
        self._monkeypatch.setattr(_internal, "is_controller", False)
        self._monkeypatch.setattr(_profiles, "_string_encoding_check_enabled", lambda: False)
        internal = {
            "_ansible_check_mode": check,
            "_ansible_diff": True,
            "_ansible_verbosity": verbosity,
            **({"_ansible_inject_invocation": True} if verbosity >= 3 and "inject_invocation" in PASS_VARS else {}),
        }
        main = importlib.import_module(f"{PLUGINS}.modules.cloud_elements_{module}").main
        with patch_module_args({**arguments, **internal}), pytest.raises(SystemExit):
            main()
        printed = self._capsys.readouterr()
        self.output += printed.out + printed.err
        result: dict[str, t.Any] = json.loads(printed.out)
        return {**result, "warnings": list(warnings.get_warning_messages())}

    def printed(self) -> dict[str, t.Any]:
        """Return the result that was printed since the last run."""
        printed = self._capsys.readouterr()
        self.output += printed.out + printed.err
        result: dict[str, t.Any] = json.loads(printed.out)
        return result

    def tasks(self, *arguments: dict[str, t.Any], check: bool = False) -> list[dict[str, t.Any]]:
        """Run the module for one instance for each set of arguments and return the results."""
        return [self.run(given, check=check) for given in arguments]

    def task(self, **arguments: t.Any) -> dict[str, t.Any]:
        """Run the module for one instance and return its result."""
        return self.run(arguments)


@pytest.fixture(autouse=True)
def waits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten all waits of the modules, by the factor `PACE` of the file, if it has one. Nothing depends on them."""
    pace = getattr(request.module, "PACE", 0.02)
    defaults = t.cast("t.Any", RetryBudget.__init__).__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", lambda seconds: time.sleep(pace * seconds))


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that refuses what the contract does not allow, and the environment that leads to it."""
    with Emulator(strict=True) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running
        assert running.violations == []


@pytest.fixture
def ansible(emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Modules:
    """What runs the modules."""
    return Modules(capsys, monkeypatch)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """A wire to a strict emulator, over which all runs of engines go. A test resets it for each of its examples."""
    at_the_end = Emulator(strict=True, user_secret="user-canary", organization_secret="organization-canary")
    with at_the_end as emulator, pytest.MonkeyPatch.context() as environment:
        for name, value in emulator.environment.items():
            environment.setenv(name, value)
        new = Wire(emulator)
        with new.runs():
            yield new
