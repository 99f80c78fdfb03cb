# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides say of modules without showing it is so. What they show is followed on the command line."""

from __future__ import annotations

import os
import re

from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX, Seal
from ansible_collections.cloud_elements.platform.tests.cli.pages import page
from ansible_collections.cloud_elements.platform.tests.emulator import Fault


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
    results = ansible.tasks(*first, *({**wanted, "name": name} for name in tags))
    assert [result["changed"] for result in results] == [False, True, True, True, False, False, False, False]
    assert all(result["instance"]["tags"] == ["own"] for result in results)
    assert PREFIX not in ansible.output
    assert len([seen for seen in emulator.requests if seen.method != "GET"]) == 3
    for instance in emulator.instances:
        (kept,) = [tag for tag in instance["tags"] if tag != "own"]
        assert [len(part) for part in kept.split(":")] == [len(part) for part in shown.split(":")]
        assert mine.fits(kept, secrets) and not Seal("another", b"").fits(kept, secrets)


CALLBACK = "https://www.example.com/callback"
CRM = {
    "element_key": "sfdc",
    "configuration": {"oauth.callback.url": CALLBACK},
    "secret_configuration": {"oauth.api.key": "k", "oauth.api.secret": "made-up-secret"},
}
OAUTH = {
    "no code": {"name": "no code"},
    "first": {"name": "first", "provider_data": {"code": "once-is-enough"}},
    "spent": {"name": "spent", "provider_data": {"code": "once-is-enough"}},
    "spent again": {"name": "first", "provider_data": {"code": "once-is-enough"}, "reauthenticate": True},
    "lost before": {"name": "lost before", "provider_data": {"code": "lost-before"}},
    "lost after": {"name": "lost after", "provider_data": {"code": "lost-after"}},
    "lost again": {"name": "first", "provider_data": {"code": "lost-again"}, "reauthenticate": True},
}


def test_oauth_fails_as_the_guide_says(ansible, emulator):
    creates = {"method": "POST", "path": "/instances$"}
    # Each fault counts the requests that no fault before it took: no code, first, spent; then lost before.
    emulator.inject(Fault("reset", when="before", skip=3, **creates))
    emulator.inject(Fault("reset", when="after", skip=3, **creates))
    # The first one is of spent again.
    emulator.inject(Fault("reset", when="after", method="PATCH", skip=1))
    results = dict(zip(OAUTH, ansible.tasks(*({**CRM, **given} for given in OAUTH.values())), strict=True))
    kinds = {name: result["error"]["kind"] for name, result in results.items() if result.get("failed")}
    assert kinds == {
        "no code": "refused",
        "spent": "refused",
        "spent again": "refused",
        "lost before": "unknown_outcome",
        "lost again": "unknown_outcome",
    }
    assert "You must provide an OAuth code" in results["no code"]["msg"]
    assert "invalid_grant" in results["spent"]["error"]["provider_message"]
    assert "used before" in results["spent again"]["msg"] and "once-is-enough" not in ansible.output
    assert "get a new one" in results["lost before"]["msg"] and "get a new one" in results["lost again"]["msg"]
    assert results["lost after"]["changed"] and results["lost after"]["warnings"]
    assert sorted(instance["name"] for instance in emulator.instances) == ["first", "lost after"]
    codes = [seen.body["providerData"]["code"] for seen in emulator.requests if (seen.body or {}).get("providerData")]
    assert codes == [*["once-is-enough"] * 3, "lost-before", "lost-after", "lost-again"]
