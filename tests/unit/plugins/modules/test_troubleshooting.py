# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on troubleshooting shows what modules really say: each error and warning in it is brought about here.

What it tells to do, as commands and playbooks, is followed with the other guides.
"""

from __future__ import annotations

import dataclasses
import pathlib
import platform
import re
import sys
import typing as t
from collections.abc import Callable, Mapping

import pytest
import trustme
from ansible_collections.cloud_elements.platform.plugins.module_utils import _module
from ansible_collections.cloud_elements.platform.plugins.module_utils._core import python as python_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile import create_once
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile import single as single_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance import lookup as lookup_module
from ansible_collections.cloud_elements.platform.tests.cli.pages import guide, page
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault, Tls

STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "sk_test_made-up"}
STRIPE_THERE = ("stripe", "payments", {"username": "u", "password": "p"})
TICKETS = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "integration", "servicenow.subdomain": "example"},
    "secret_configuration": {"password": "made-up-password"},
}

INCOMPLETE = {**TICKETS, "configuration": {"username": "integration"}, "secret_configuration": {}}


@dataclasses.dataclass(frozen=True)
class Scene:
    """What it takes to bring something about: what runs modules, the emulator, what can be exchanged, and a folder."""

    ansible: t.Any
    emulator: Emulator
    monkeypatch: pytest.MonkeyPatch
    folder: pathlib.Path

    def stripe(self, **more: t.Any) -> dict[str, t.Any]:
        """Run the task that the guide has, with no resends, so that failing does not take long."""
        return t.cast("dict[str, t.Any]", self.ansible.task(**{**STRIPE, "retries": 0, **more}))

    def fail(self, *faults: Fault, **more: t.Any) -> dict[str, t.Any]:
        """Run it with faults."""
        for fault in faults:
            self.emulator.inject(fault)
        return self.stripe(**more)


Way = Callable[[Scene], Mapping[str, t.Any]]
ERRORS: dict[str, Way] = {}
WARNINGS: dict[str, Way] = {}
# What is otherwise on the page than here: a word for it and a pattern that fits it, by the title of the section.
EXCHANGED: dict[str, tuple[str, str]] = {}


def error(kind: ErrorKind, exchanged: tuple[str, str] | None = None):
    """Say that a function fails with a kind of error."""

    def keep(way: Way) -> Way:
        ERRORS[kind.value] = way
        if exchanged:
            EXCHANGED[kind.value] = exchanged
        return way

    return keep


def warning(title: str):
    """Say that a function brings the warning of a section about."""

    def keep(way: Way) -> Way:
        WARNINGS[title] = way
        return way

    return keep


error(ErrorKind.INVALID_OPTIONS)(lambda scene: scene.stripe(api_key=""))
error(ErrorKind.UNREACHABLE)(lambda scene: scene.stripe(base_url="http://127.0.0.1:9"))
error(ErrorKind.REDIRECT)(lambda scene: scene.fail(Fault("redirect", location="https://login.example.com/")))
error(ErrorKind.TIMEOUT, ("60 seconds", r"0\.3 seconds"))(lambda scene: scene.fail(Fault("hang"), timeout=0.3))
error(ErrorKind.CONNECTION_LOST)(lambda scene: scene.fail(Fault("reset")))
error(ErrorKind.INVALID_RESPONSE)(lambda scene: scene.fail(Fault("html", status=200)))
error(ErrorKind.UNAUTHORIZED)(lambda scene: scene.stripe(user_secret="of-another-region"))
error(ErrorKind.NOT_FOUND)(lambda scene: scene.stripe(element_key="stripee"))
error(ErrorKind.REFUSED)(lambda scene: scene.ansible.task(**INCOMPLETE))
error(ErrorKind.RATE_LIMITED)(lambda scene: scene.fail(Fault("status", status=429, message="Too many requests.")))
error(ErrorKind.SERVER_ERROR)(lambda scene: scene.fail(Fault("status", status=502, message="Bad gateway.")))


@error(
    ErrorKind.UNSUPPORTED_PYTHON,
    ("/usr/bin/python3 is Python 3.9.18", re.escape(f"{sys.executable} is Python 3.9.18")),
)
def unsupported_python(scene):
    scene.monkeypatch.setattr(python_module.sys, "version_info", (3, 9, 18, "final", 0))
    with pytest.raises(SystemExit):
        python_module.require_python()
    return scene.ansible.printed()


@error(
    ErrorKind.MISSING_LIBRARY,
    ("web1's Python /usr/bin/python3", re.escape(f"{platform.node()}'s Python {sys.executable}")),
)
def missing_library(scene):
    scene.monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "a traceback")
    return scene.stripe()


@error(ErrorKind.TLS)
def tls(scene):
    pem = scene.folder / "server.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with Emulator(strict=True, tls=Tls(str(pem), str(pem))) as secure:
        return scene.stripe(base_url=secure.url)


@error(ErrorKind.FORBIDDEN)
def forbidden(scene):
    scene.emulator.switches.set("privileges", "-createElementInstances")
    return scene.stripe()


@error(ErrorKind.IN_USE)
def in_use(scene):
    scene.emulator.hold(scene.emulator.create(*STRIPE_THERE)["id"], "nightly sync")
    return scene.stripe(state="absent")


@error(ErrorKind.AMBIGUOUS)
def ambiguous(scene):
    scene.monkeypatch.setattr(lookup_module, "RELIST_AFTER", (0.0,))
    for _dummy in range(2):
        scene.emulator.create(*STRIPE_THERE)
    return scene.stripe()


@error(ErrorKind.NAME_CHANGED)
def name_changed(scene):
    scene.emulator.switches.name_stored = "suffixed"
    return scene.stripe()


@error(ErrorKind.PARTLY_IGNORED)
def partly_ignored(scene):
    scene.emulator.switches.set("role", "user")
    options = {"name": "contacts", "level": "account", "fields": [{"path": "email"}]}
    return t.cast("dict[str, t.Any]", scene.ansible.run(options, module="common_resource"))


@error(ErrorKind.CREDENTIALS_REFUSED)
def credentials_refused(scene):
    scene.emulator.switches.provider_status = 401
    return scene.ansible.task(**TICKETS, verify=True)


@error(
    ErrorKind.PLAN_CHANGED,
    ("5d1c0a6f8e0b4d9c7f1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f", "(?!0{64})[0-9a-f]{64}"),
)
def plan_changed(scene):
    options = {"instances": [STRIPE], "expected_plan": "0" * 64}
    return t.cast("dict[str, t.Any]", scene.ansible.run(options, module="account"))


@error(ErrorKind.SKIPPED)
def skipped(scene):
    twice = [{"key": "key", "type": "value"}] * 2
    calling = {"name": "call", "type": "formula", "properties": {"formulaName": "a"}}
    formulas = [
        {"definition": {"name": "a", "configuration": twice}},
        {"definition": {"name": "b", "steps": [calling]}},
    ]
    result = scene.ansible.run({"formulas": formulas}, module="account")
    first, *others = result["msg"].splitlines()
    shown = "\n".join([first, *others[:2]])
    return {**result, "msg": shown, "error": result["formulas"][1]["error"]}


@error(ErrorKind.UNKNOWN_OUTCOME)
def unknown_outcome(scene):
    scene.monkeypatch.setattr(create_once, "LOOK_AGAIN_AFTER", 0.0)
    return scene.fail(Fault("reset", when="before", method="POST", times=2))


@error(ErrorKind.DEADLINE, ("600 seconds", "2 seconds"))
def deadline(scene):
    return scene.fail(Fault("hang", path="^/instances$"), deadline=2)


@error(ErrorKind.INTERNAL, ("plan.py, line 123", r"test_troubleshooting\.py, line \d+"))
def internal(scene):
    scene.monkeypatch.setattr(single_module, "make_plan", lambda *_arguments: {}["name"])
    return scene.stripe()


@warning("Unknown outcome of a create")
def adopted(scene):
    return scene.fail(Fault("reset", when="after", method="POST"))


@warning("A changed secret is not sent")
def masked(scene):
    scene.emulator.switches.mask = "all"
    scene.ansible.task(**TICKETS)
    return scene.ansible.task(**TICKETS)


@warning("A configuration key that the element does not have")
def misspelled(scene):
    scene.ansible.task(**TICKETS)
    configuration = {"username": "integration", "servicenow.subdomian": "example"}
    return scene.ansible.task(**{**TICKETS, "configuration": configuration})


@warning("A change does not settle")
def unsettled(scene):
    there = scene.emulator.create(*STRIPE_THERE, ["test"])
    return scene.fail(Fault("body", method="PATCH", times=2, body=there), tags=["prod"])


BLOCKS = guide("troubleshooting")


def shown(title: str) -> str:
    """Return the one message that a section shows, on one line."""
    (block,) = (block for block in BLOCKS if block.section == title)
    assert block.language == "text"
    return " ".join(block.text.split())


def as_shown(title: str, message: str) -> str:
    """Return a real message as the page shows it, on one line."""
    for here, there in (
        (r"127\.0\.0\.1:\d+", "api.cloud-elements.com"),
        (r"\b[0-9a-f]{24}\b", "58b46b1be4b0e5a9b7d19c49"),
        *([(EXCHANGED[title][1], EXCHANGED[title][0])] if title in EXCHANGED else []),
    ):
        message = re.sub(here, there, message)
    return " ".join(message.split())


@pytest.fixture
def scene(ansible, emulator, monkeypatch, tmp_path):
    return Scene(ansible, emulator, monkeypatch, tmp_path)


def test_every_kind_of_error_is_on_the_page_once_and_no_other():
    titles = [kind.value for kind in ErrorKind]
    text = page("docs/docsite/rst/troubleshooting.rst")
    assert re.findall(r"^(\S+)\n~+$", text, re.MULTILINE) == titles
    assert sorted(ERRORS) == sorted(titles)


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_is_as_the_page_shows_it(scene, kind):
    result = ERRORS[kind](scene)
    assert result["error"]["kind"] == kind
    assert as_shown(kind, result["msg"]) == shown(kind)


@pytest.mark.parametrize("title", WARNINGS)
def test_a_warning_is_as_the_page_shows_it(scene, title):
    result = WARNINGS[title](scene)
    assert not result.get("failed")
    assert shown(title) in [as_shown(title, warning) for warning in result["warnings"]]


def test_no_message_on_the_page_is_left_out():
    followed = {block.section for block in BLOCKS if block.language != "text"}
    assert {block.section for block in BLOCKS} - followed == {*ERRORS, *WARNINGS}
