# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides are followed, section by section: their files are written, their commands run, as they stand.

What a reader would do in between is played here: visiting a provider, typing a secret, editing a vault.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import typing as t
import urllib.parse
from collections.abc import Callable, Mapping

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._fingerprint import PREFIX, Seal
from ansible_collections.cloud_elements.platform.tests.cli.pages import Block, guide, guides, page
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

# Blocks that no test runs, by guide and caption or first line, each with the reason.
NOT_RUN: dict[tuple[str, str], str] = {}

STRIPE_KEY = "sk_test_made-up-for-the-guide"
NEW_STRIPE_KEY = "sk_test_made-up-and-rotated"
SFDC = {"SFDC_CLIENT_ID": "made-up-sfdc-client", "SFDC_CLIENT_SECRET": "made-up-sfdc-client-secret"}
TWITTER = {"TWITTER_API_KEY": "made-up-twitter-key", "TWITTER_API_SECRET": "made-up-twitter-secret"}
CALLBACK = "https://www.example.com/callback"


class Reader:
    """Somebody who follows one section of a guide, and skips none of its blocks."""

    def __init__(self, name: str, section: str, ansible: t.Any, emulator: t.Any) -> None:
        self.ansible = ansible
        self.emulator = emulator
        self._blocks = guide(name)
        own = [block for block in self._blocks if block.section == section]
        self._commands = iter([block for block in own if block.language == "console"])
        self.left = {block for block in own if (name, caption(block)) not in NOT_RUN}

    def write(self, name: str, exchanged: Mapping[str, str] | None = None) -> None:
        """Write a file of the guide, of whatever section, with what a reader exchanges in it."""
        (block,) = (block for block in self._blocks if block.caption == name)
        text = block.text
        for shown, real in (exchanged or {}).items():
            assert shown in text
            text = text.replace(shown, real)
        (self.ansible.home / name).write_text(text)
        self.left.discard(block)

    def next(self, environment: Mapping[str, str] | None = None, *typed: str, rc: int = 0):
        """Run the next command of the section in an environment, with the lines that the reader types."""
        block = next(self._commands)
        self.left.discard(block)
        self._last = block.text
        return self.again(environment, *typed, rc=rc)

    def again(self, environment: Mapping[str, str] | None = None, *typed: str, rc: int = 0):
        """Run the last command once more."""
        run = self.ansible.command("bash", "-c", self._last, stdin="\n".join([*typed, ""]), **(environment or {}))
        assert run.rc == rc, run.output
        return run

    def sent(self) -> list[tuple[str, t.Any]]:
        """Return the writes since this was last asked: method and body."""
        seen = [(request.method, request.body) for request in self.emulator.requests if is_write(request)]
        self.emulator.clear()
        return seen

    @property
    def stored(self) -> dict[str, t.Any]:
        """The one instance that there is."""
        (instance,) = self.emulator.instances
        return t.cast("dict[str, t.Any]", instance)


def is_write(request):
    return request.method != "GET" and request.path.startswith("/instances")


def caption(block: Block) -> str:
    return block.caption or block.text.partition("\n")[0]


def changed(run):
    return not re.search(r"changed=0", run.output)


def editor(reader: Reader, old: str, new: str) -> dict[str, str]:
    """Return the environment in which the reader's editor exchanges a text."""
    script = reader.ansible.home / "editor"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        f"assert {old!r} in text\npath.write_text(text.replace({old!r}, {new!r}))\n"
    )
    script.chmod(0o700)
    return {"EDITOR": str(script)}


def visit(run, answer):
    """Visit the URL in the output, grant access, and return what is in the URL that the browser ends at, decoded."""
    asked = urllib.parse.urlsplit(re.search(r"Visit (https://[^\s\"]+)", run.output)[1])
    query = dict(urllib.parse.parse_qsl(asked.query))
    kept = {name: query[name] for name in ("state", "oauth_token") if name in query}
    assert CALLBACK in (query.get("redirect_uri"), query.get("oauth_callback"))
    end = f"{CALLBACK}?{urllib.parse.urlencode({**answer, **kept})}"
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))


SCRIPTS: dict[tuple[str, str], Callable[[Reader], None]] = {}


def section(name: str, title: str):
    """Say that a function follows a section of a guide."""

    def keep(follow: Callable[[Reader], None]) -> Callable[[Reader], None]:
        SCRIPTS[name, title] = follow
        return follow

    return keep


@section("secrets", "From the environment")
def environment(reader: Reader) -> None:
    secrets = [reader.emulator.user_secret, reader.emulator.organization_secret]
    reader.write("payments.yml")
    empty = dict.fromkeys(("CLOUD_ELEMENTS_USER_SECRET", "CLOUD_ELEMENTS_ORGANIZATION_SECRET"), "")
    first = reader.next(empty, *secrets, STRIPE_KEY)
    before = reader.stored
    assert changed(first) and before["configuration"]["password"] == STRIPE_KEY
    assert [method for method, _body in reader.sent()] == ["POST"]
    assert not changed(reader.next(None, NEW_STRIPE_KEY)) and reader.sent() == []
    told = reader.next({"STRIPE_API_KEY": NEW_STRIPE_KEY})
    assert changed(told) and reader.sent() == [("PATCH", {"configuration": {"api.key": NEW_STRIPE_KEY}})]
    after = reader.stored
    assert (after["id"], after["token"]) == (before["id"], before["token"])
    assert after["configuration"]["password"] == NEW_STRIPE_KEY
    for secret in (*secrets, STRIPE_KEY, NEW_STRIPE_KEY, before["token"]):
        assert secret not in first.output + told.output


@section("secrets", "From ansible-vault")
def vault(reader: Reader) -> None:
    user, organization = reader.emulator.user_secret, reader.emulator.organization_secret
    for name in ("CLOUD_ELEMENTS_USER_SECRET", "CLOUD_ELEMENTS_ORGANIZATION_SECRET"):
        del reader.ansible.environment[name]
    (reader.ansible.home / "vault-password").write_text("made-up")
    reader.write("secrets.yml", {"the-user-secret": user, "the-organization-secret": organization})
    reader.next()
    assert (reader.ansible.home / "secrets.yml").read_text().startswith("$ANSIBLE_VAULT")
    reader.write("tickets.yml")
    assert changed(reader.next())
    before = reader.stored
    ((method, _body),) = reader.sent()
    assert method == "POST"
    assert changed(reader.next(editor(reader, "the-first-password", "the-second-password")))
    ((method, body),) = reader.sent()
    assert method == "PATCH" and body["configuration"] == {"password": "the-second-password"}
    after = reader.stored
    assert (after["id"], after["token"]) == (before["id"], before["token"])
    assert after["configuration"]["password"] == "the-second-password"
    third = reader.ansible.playbook("tickets.yml", "--vault-password-file", "vault-password")
    assert third.rc == 0 and not changed(third) and reader.sent() == []


@section("secrets", "From a lookup")
def lookup(reader: Reader) -> None:
    folder = reader.ansible.home / "credentials"
    folder.mkdir()
    (folder / "servicenow-password").write_text("the-first-password\n")
    reader.write("nightly.yml")
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["POST"]
    (folder / "servicenow-password").write_text("the-second-password\n")
    second = [("PATCH", {"configuration": {"password": "the-second-password"}})]
    assert changed(reader.again()) and reader.sent() == second
    reader.emulator.switches.provider_status = 401
    refused = reader.again(rc=2)
    assert "The provider refuses the credentials" in refused.output
    assert "the-second-password" not in refused.output
    assert reader.sent() == second, "whether it is a new one or not"
    assert reader.stored["configuration"]["password"] == "the-second-password"


@section("secrets", "What Ansible prints")
def printed(reader: Reader) -> None:
    reader.emulator.switches.set("privileges", "-createElementInstances")
    assert STRIPE_KEY not in reader.next({"STRIPE_API_KEY": STRIPE_KEY}, rc=2).output
    call = reader.ansible.adhoc(f"api_key={STRIPE_KEY} name=payments element_key=stripe", ANSIBLE_NO_LOG="true")
    play = reader.ansible.playbook(WRITTEN_IN_THE_PLAYBOOK)
    # What the guide warns of is so: these two wrote the secret, and it is shown.
    assert call.rc == play.rc == 2
    assert STRIPE_KEY in call.output and STRIPE_KEY in play.output
    reader.emulator.switches.set("privileges", "createElementInstances,viewElements")
    created = reader.again({"STRIPE_API_KEY": STRIPE_KEY})
    assert STRIPE_KEY not in created.output and reader.stored["token"] not in created.output


WRITTEN_IN_THE_PLAYBOOK = f"""\
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Provision Stripe
      cloud_elements.platform.cloud_elements_instance:
        name: payments
        element_key: stripe
        api_key: {STRIPE_KEY}
        tags: "{{{{ nowhere }}}}"
      no_log: true
"""


@section("secrets", "The token is a result")
def token(reader: Reader) -> None:
    reader.emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    reader.write("token.yml")
    run = reader.next()
    path = reader.ansible.home / "payments.token"
    assert path.read_text() == reader.stored["token"] and reader.stored["token"] not in run.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@section("oauth", "OAuth 2 with a browser")
def oauth2(reader: Reader) -> None:
    reader.write("ask.yml")
    end = visit(reader.next(SFDC), {"code": "aPrx.made_up/code=="})
    assert end["state"] == "crm"
    reader.write("code.yml", {"the-code-from-the-callback-url==": end["code"]})
    reader.write("crm.yml")
    reader.sent()
    first = reader.next(SFDC)
    assert changed(first)
    ((method, body),) = reader.sent()
    assert (method, body["providerData"]) == ("POST", {"code": "aPrx.made_up/code=="})
    assert (reader.ansible.home / "crm.token").read_text() == reader.stored["token"]
    for secret in (reader.stored["token"], SFDC["SFDC_CLIENT_SECRET"], end["code"]):
        assert secret not in first.output
    assert not changed(reader.next(SFDC)) and reader.sent() == []
    given = reader.ansible.playbook("crm.yml", "-e", "@code.yml", "--check", **SFDC)
    assert given.rc == 0 and not changed(given)


@section("oauth", "OAuth 1")
def oauth1(reader: Reader) -> None:
    reader.write("ask-twitter.yml")
    asked = reader.next(TWITTER)
    request = json.loads((reader.ansible.home / "request.json").read_text())
    end = visit(asked, {"oauth_verifier": "made-up-verifier"})
    assert end["oauth_token"] == request["request_token"]
    assert request["request_secret"] not in asked.output
    reader.write("verifier.yml", {"the-verifier-from-the-callback-url": end["oauth_verifier"]})
    reader.write("twitter.yml")
    reader.sent()
    run = reader.next(TWITTER)
    ((method, body),) = reader.sent()
    assert changed(run) and method == "POST"
    assert body["providerData"] == {
        "oauth_token": request["request_token"],
        "oauth_verifier": "made-up-verifier",
        "secret": request["request_secret"],
    }
    assert reader.stored["token"] not in run.output and TWITTER["TWITTER_API_SECRET"] not in run.output


@section("oauth", "Without a browser")
def headless(reader: Reader) -> None:
    refresh_token = {"SFDC_REFRESH_TOKEN": "made-up-refresh-token"}
    reader.write("headless.yml")
    assert changed(reader.next({**SFDC, **refresh_token}))
    ((method, body),) = reader.sent()
    assert (method, body["externalAuthentication"]) == ("POST", "initial")
    assert body["configuration"]["oauth.user.refresh_token"] == "made-up-refresh-token"
    renewed = reader.stored["configuration"]["oauth.user.refresh_token"]
    assert renewed != "made-up-refresh-token"
    assert not changed(reader.again({**SFDC, **refresh_token})) and reader.sent() == []
    assert reader.stored["configuration"]["oauth.user.refresh_token"] == renewed


@section("oauth", "Authenticating again")
def again(reader: Reader) -> None:
    reader.emulator.switches.token_on_reauthentication = "new"
    reader.emulator.create(
        "sfdc", "crm", {"oauth.callback.url": CALLBACK, "oauth.api.key": "k", "oauth.api.secret": "s"}
    )
    before = reader.stored
    reader.write("crm.yml")
    reader.write("code.yml", {"the-code-from-the-callback-url==": "a-new-code"})
    assert changed(reader.next(SFDC))
    assert reader.sent() == [("PATCH", {"name": "crm", "providerData": {"code": "a-new-code"}})]
    after = reader.stored
    assert after["id"] == before["id"] and after["token"] != before["token"]
    assert (reader.ansible.home / "crm.token").read_text() == after["token"]
    spent = reader.again(SFDC, rc=2)
    assert "used before" in spent.output and "a-new-code" not in spent.output


def sections() -> list[tuple[str, str]]:
    """Return the sections of the guides that have code blocks."""
    return list(dict.fromkeys((name, block.section) for name in guides() for block in guide(name)))


@pytest.mark.parametrize(("name", "title"), sections())
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, name, title):
    reader = Reader(name, title, ansible, emulator)
    SCRIPTS[name, title](reader)
    assert not reader.left, "neither run nor named in NOT_RUN with a reason"


def test_nothing_escapes_the_test_above():
    assert SCRIPTS.keys() == set(sections())
    known = {(name, caption(block)) for name in guides() for block in guide(name)}
    assert NOT_RUN.keys() <= known and all(NOT_RUN.values())
    for name in guides():
        text = page(f"docs/docsite/rst/{name}.rst")
        assert len(guide(name)) == text.count("code-block::")
        # Nor is there a block of another kind.
        assert set(re.findall(r"^ *\.\. ([a-z-]+)::", text, re.MULTILINE)) <= {"code-block", "contents"}
        assert not re.search(r"^(?! *\.\. ).*::$", text, re.MULTILINE)


def test_fingerprints_are_as_the_guide_says(ansible, emulator):
    (shown,) = re.findall(rf"``({PREFIX}\S+)``", page("docs/docsite/rst/secrets.rst"))
    secrets = {"password": "made-up-password"}
    mine = Seal(emulator.organization_secret, os.urandom(12))
    tags = {
        "kept": [mine.fingerprint(secrets)],
        "deleted": [],
        "edited": [mine.fingerprint(secrets)[:-1]],
        "organization secret changed": [Seal("another", os.urandom(12)).fingerprint(secrets)],
    }
    configuration = {"username": "u", "servicenow.subdomain": "s", **secrets}
    for name, given in tags.items():
        emulator.create("servicenow", name, configuration, [*given, "own"])
    wanted = {"element_key": "servicenow", "secret_configuration": secrets, "update_secrets": "on_change"}
    first = [{**wanted, "name": name, "tags": ["own"]} for name in tags]
    results = ansible.tasks(*first, *({**wanted, "name": name} for name in tags), options=("--diff",)).results
    assert [result["changed"] for result in results] == [False, True, True, True, False, False, False, False]
    assert all(result["instance"]["tags"] == ["own"] for result in results)
    assert PREFIX not in str(results)
    patches = [seen for seen in emulator.requests if seen.method != "GET"]
    assert len(patches) == 3
    for instance in emulator.instances:
        (kept,) = [tag for tag in instance["tags"] if tag != "own"]
        assert [len(part) for part in kept.split(":")] == [len(part) for part in shown.split(":")]
        assert mine.fits(kept, secrets) and not Seal("another", b"").fits(kept, secrets)


def oauth_failures():
    base = {
        "element_key": "sfdc",
        "configuration": {"oauth.callback.url": CALLBACK},
        "secret_configuration": {"oauth.api.key": "k", "oauth.api.secret": "made-up-secret"},
    }
    return {
        "no code": {**base, "name": "no code"},
        "first": {**base, "name": "first", "provider_data": {"code": "once"}},
        "spent": {**base, "name": "spent", "provider_data": {"code": "once"}},
        "lost before": {**base, "name": "lost before", "provider_data": {"code": "lost-before"}},
        "lost after": {**base, "name": "lost after", "provider_data": {"code": "lost-after"}},
        "lost again": {**base, "name": "first", "provider_data": {"code": "lost-again"}, "reauthenticate": True},
    }


def test_oauth_fails_as_the_guide_says(ansible, emulator):
    cases = oauth_failures()
    creates = {"method": "POST", "path": "/instances$"}
    # Each fault counts the requests that no fault before it took: no code, first, spent; then lost before.
    emulator.inject(Fault("reset", when="before", skip=3, **creates))
    emulator.inject(Fault("reset", when="after", skip=3, **creates))
    emulator.inject(Fault("reset", when="after", method="PATCH"))
    run = ansible.tasks(*cases.values())
    results = dict(zip(cases, run.results, strict=True))
    kinds = {name: result["error"]["kind"] for name, result in results.items() if result.get("failed")}
    assert kinds == {
        "no code": "refused",
        "spent": "refused",
        "lost before": "unknown_outcome",
        "lost again": "unknown_outcome",
    }
    assert "You must provide an OAuth code" in results["no code"]["msg"]
    assert "invalid_grant" in results["spent"]["error"]["provider_message"]
    assert "get a new one" in results["lost before"]["msg"] and "get a new one" in results["lost again"]["msg"]
    assert results["lost after"]["changed"] and results["lost after"]["warnings"]
    assert sorted(instance["name"] for instance in emulator.instances) == ["first", "lost after"]
    codes = [seen.body["providerData"]["code"] for seen in emulator.requests if (seen.body or {}).get("providerData")]
    assert codes == ["once", "once", "lost-before", "lost-after", "lost-again"]
