# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the network or the platform fails: one instance with the right token, or a clear message and none."""

from __future__ import annotations

import pytest
import trustme
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault, Tls

STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "tags": ["a"]}
OAUTH = {
    "name": "crm",
    "element_key": "sfdc",
    "secret_configuration": {"oauth.api.key": "client", "oauth.api.secret": "client-secret"},
    "configuration": {"oauth.callback.url": "https://www.example.com/callback"},
    "provider_data": {"code": "single-use-code"},
}


def posts(emulator):
    return [seen for seen in emulator.requests if seen.method == "POST"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset", when="after", method="POST"),
        Fault("status", when="after", method="POST", status=500),
        Fault("html", when="after", method="POST", status=502),
        Fault("truncate", when="after", method="POST"),
        Fault("garbage", when="after", method="POST"),
        Fault("body", when="after", method="POST", body=["not", "an", "instance"]),
        Fault("empty", when="after", method="POST"),
        Fault("hang", when="after", method="POST", seconds=30),
    ],
    ids=lambda fault: fault.kind,
)
def test_an_instance_whose_answer_was_lost_is_adopted(ansible, emulator, fault):
    emulator.inject(fault)
    result = ansible.task(**STRIPE, timeout=3)
    (stored,) = emulator.instances
    assert (result["id"], result["token"]) == (stored["id"], stored["token"])
    assert len(posts(emulator)) == 1
    assert any("there all the same" in warning for warning in result["warnings"])


def test_a_create_without_effect_is_sent_once_more_after_two_empty_listings(ansible, emulator):
    emulator.inject(Fault("reset", when="before", method="POST"))
    result = ansible.task(**STRIPE)
    (stored,) = emulator.instances
    assert result["token"] == stored["token"]
    assert [seen.method for seen in emulator.requests] == ["GET", "GET", "POST", "GET", "GET", "POST", "GET"]


def test_a_create_that_is_lost_twice_fails_with_an_unknown_outcome(ansible, emulator):
    emulator.inject(Fault("reset", when="before", method="POST", times=2))
    result = ansible.task(**STRIPE)
    assert result["error"]["kind"] == "unknown_outcome"
    assert len(posts(emulator)) == 2 and emulator.instances == []


def test_a_code_is_never_sent_twice(ansible, emulator):
    emulator.inject(Fault("reset", when="before", method="POST"))
    result = ansible.task(**OAUTH)
    assert result["error"]["kind"] == "unknown_outcome" and "provider_data" in result["msg"]
    assert len(posts(emulator)) == 1
    assert "single-use-code" not in str(result)
    # What the lost answer alone would call for is not what is to be done here.
    assert "Run again." not in result["msg"]


def test_what_is_sent_again_at_once_is_not_left_to_the_user(ansible, emulator):
    emulator.inject(Fault("reset", method="GET"))
    (warning,) = ansible.task(**STRIPE)["warnings"]
    assert "Sending it again in" in warning and "Run again" not in warning


@pytest.mark.parametrize("kind", ["garbage", "html", "body", "empty"])
def test_a_listing_that_can_not_be_read_is_never_an_empty_one(ansible, emulator, kind):
    emulator.create(element_key="stripe", name="payments")
    status = {"status": 404} if kind == "html" else {}
    emulator.inject(Fault(kind, path="^/instances$", method="GET", times=None, body={"not": "a list"}, **status))
    result = ansible.task(**STRIPE, retries=1)
    assert result["error"]["kind"] == "invalid_response"
    assert posts(emulator) == []


@pytest.mark.parametrize("module", ["instance", "instances"])
def test_what_is_listed_is_never_made_again_though_a_read_of_it_lags(ansible, emulator, module):
    there = emulator.create(element_key="stripe", name="payments", tags=["a"])
    rows = [{key: value for key, value in row.items() if key != "configuration"} for row in emulator.instances]
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=rows, times=None))
    lagging = {"status": 404, "message": "No element instance found"}
    emulator.inject(Fault("status", method="GET", path="^/instances/[0-9]+$", times=2, **lagging))
    result = ansible.run(STRIPE if module == "instance" else {"instances": [STRIPE]}, module=module)
    assert not result.get("failed"), result
    (row,) = result["instances"] if module == "instances" else [result]
    assert (row["id"], row["token"]) == (there["id"], there["token"])
    assert posts(emulator) == []


def test_a_redirect_is_not_followed(ansible, emulator):
    emulator.inject(Fault("redirect", method="GET", location="http://127.0.0.1:9/elsewhere", times=None))
    result = ansible.task(**STRIPE)
    assert result["error"]["kind"] == "redirect"
    assert len(emulator.requests) == 1


def test_messages_of_the_platform_never_hold_the_secrets_that_they_echo(ansible, emulator):
    emulator.switches.echo_secrets = True
    secret = "canary+/= 'quoted' \"ünïcödé\""
    emulator.switches.catalog_auth = "forbidden"
    result = ansible.task(name="x", element_key="servicenow", secret_configuration={"password": secret})
    assert result["error"]["kind"] == "refused" and result["error"]["status"] == 400
    assert "canary" not in ansible.output


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority, tmp_path):
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    with Emulator(strict=True, tls=Tls(str(tmp_path / "server.pem"), str(tmp_path / "server.pem"))) as running:
        yield running


def test_tls_is_checked_unless_told_otherwise(ansible, secure, tmp_path):
    given = {**STRIPE, "base_url": secure.url}
    refused, trusted, unchecked = ansible.tasks(
        given, {**given, "ca_path": str(tmp_path / "authority.pem")}, {**given, "validate_certs": False}
    )
    assert refused["error"]["kind"] == "tls" and "ca_path" in refused["msg"]
    assert trusted["changed"] and not unchecked["changed"]
    assert len(secure.instances) == 1
