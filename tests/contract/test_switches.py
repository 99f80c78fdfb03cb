# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each switch, on and off."""

from __future__ import annotations

import dataclasses
import time
import urllib.parse
from pathlib import Path

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import SFDC, STRIPE
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault, Switches

MASK = "********"


@pytest.fixture
def switch(emulator):
    def set_one(name, value):
        emulator.switches.set(name, value)

    return set_one


def test_latency(api, switch):
    switch("latency", "0.2")
    started = time.monotonic()
    api.get("/hubs/keys")
    assert time.monotonic() - started >= 0.2


def test_mask(api, switch):
    number = api.create()["id"]
    switch("mask", "none")
    assert api.get(f"/instances/{number}").json()["configuration"]["password"] == STRIPE["password"]
    switch("mask", "all")
    values = api.get(f"/instances/{number}").json()["configuration"].values()
    assert set(values) == {MASK, None}


def test_tags_form(api, switch):
    number = api.create(tags=["t"])["id"]
    switch("tags_form", "objects")
    api.unchecked = True
    given = api.get(f"/instances/{number}").json()["tags"]
    assert given == [{"id": 12, "name": "t"}]
    api.emulator.strict = False
    assert api.put(f"/instances/{number}", {"tags": given}).json()["tags"] == given


def test_tags_order(api, switch):
    switch("tags_order", "kept")
    assert api.create(tags=["b", "c", "a"])["tags"] == ["b", "c", "a"]


def test_id_form(api, switch):
    switch("id_form", "string")
    api.unchecked = True
    instance = api.create()
    assert isinstance(instance["id"], str)
    assert api.get(f"/instances/{instance['id']}").json()["id"] == instance["id"]


def test_field_naming(api, switch):
    switch("field_naming", "swagger")
    entry = api.get("/elements/stripe").json()["configuration"][0]
    assert {"mandatory", "configDataType"} <= set(entry)
    assert not {"required", "type"} & set(entry)


def test_echo_secrets(api, switch, emulator):
    switch("echo_secrets", "true")
    body = {"element": {"key": "stripe"}, "name": "x", "configuration": {"username": 'p+/="q'}}
    answer = api.post("/instances", body).json()
    for form in ('p+/="q', "p%2B%2F%3D%22q", "cCsvPSJx", '"p+/=\\"q"', emulator.user_secret):
        assert form in answer["message"]
        assert form in answer["providerMessage"]
    instance = api.create(configuration={"username": "kept-secret", "password": "other"})
    emulator.switches.provider_status = 401
    assert "kept-secret" in api.ping(instance["token"]).json()["providerMessage"]
    emulator.hold(instance["id"])
    refused = api.delete(f"/instances/{instance['id']}")
    assert all(instance["token"] in refused.json()[part] for part in ("message", "providerMessage"))
    assert instance["token"] in refused.headers["Elements-Error"]


def test_echo_secrets_in_injected_faults(api, switch, emulator):
    switch("echo_secrets", "true")
    api.unchecked = True
    for kind in ("status", "html", "redirect", "garbage"):
        emulator.inject(Fault(kind))
        answer = api.get("/instances")
        assert emulator.user_secret in answer.headers["Elements-Error"]
        shown = {"redirect": answer.headers.get("Location"), "garbage": emulator.user_secret}.get(kind, answer.text)
        assert emulator.user_secret in urllib.parse.unquote(shown)


def test_echo_secrets_begins_with_another_one_each_time(api, switch):
    switch("echo_secrets", "true")
    first, second = (api.get("/instances/1").json()["message"].split()[-1] for _turn in range(2))
    assert first != second


def test_provider_data_echoed(api, switch):
    switch("provider_data_echoed", True)
    assert api.create("sfdc", providerData={"code": "c"})["providerData"] == {"code": "c"}


def test_catalog_auth(api, switch):
    assert api.get("/elements/keys", auth="").status_code == 401
    switch("catalog_auth", "open")
    assert api.get("/elements/keys", auth="").status_code == 200
    assert api.get("/hubs", auth="User wrong, Organization wrong").status_code == 401
    switch("catalog_auth", "forbidden")
    assert api.get("/elements/stripe").status_code == 403
    assert api.get("/instances").status_code == 404


def test_privileges(emulator, switch):
    switch("privileges", "viewElements")
    assert emulator.switches.privileges == {"viewElements"}
    assert len(Switches(privileges=["-viewElements"]).privileges) == len(Switches().privileges) - 1
    with pytest.raises(ValueError, match="nope"):
        Switches(privileges="nope")


def test_stale_token(api, switch):
    stale = api.create()
    api.delete(f"/instances/{stale['id']}")
    auth = api.header(token=stale["token"])
    assert api.get("/instances/count", auth=auth).status_code == 200
    switch("stale_token", "everywhere")
    assert api.get("/instances/count", auth=auth).status_code == 401


def test_colon_after_scheme(lenient, switch):
    auth = lenient.header().replace("User ", "User: ")
    assert lenient.get("/instances/count", auth=auth).status_code == 200
    switch("colon_after_scheme", "refused")
    assert lenient.get("/instances/count", auth=auth).status_code == 401


def test_token_on_delete(api, switch):
    switch("token_on_delete", "misrouted")
    configuration = {"db.host": "h:1", "db.name": "d", **STRIPE}
    instance = api.create("mysql", configuration=configuration)
    path = f"/instances/{instance['id']}"
    response = api.delete(path, auth=api.header(token=instance["token"]))
    assert response.status_code == 400
    assert "Primary keys" in response.json()["providerMessage"]
    assert api.delete(path).status_code == 200


def test_create_seconds_passes_even_if_the_client_went_away(api, switch, emulator):
    switch("create_seconds", 0.4)
    with pytest.raises(IOError):
        api.post("/instances", {"element": {"key": "stripe"}, "configuration": STRIPE, "name": "x"}, timeout=0.1)
    assert emulator.instances == []
    deadline = time.monotonic() + 5
    while not emulator.instances and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(emulator.instances) == 1


def test_name_missing(lenient, switch):
    body = {"element": {"key": "stripe"}, "configuration": STRIPE}
    for name in ({}, {"name": ""}, {"name": None}, {"name": "<b></b>"}):
        assert lenient.post("/instances", {**body, **name}).status_code == 400
    switch("name_missing", "element_key")
    assert lenient.post("/instances", body).json()["name"] == "stripe"


@pytest.mark.parametrize(
    ("how", "name", "stored"),
    [
        ("suffixed", "x", "x (1)"),
        ("lower", "KÖLN", "köln"),
        ("composed", "Ko\u0308ln", "Köln"),
        ("cut", "x" * 50, "x" * 40),
    ],
)
def test_name_stored(api, switch, emulator, how, name, stored):
    switch("name_stored", how)
    instance = api.create(name=name)
    assert instance["name"] == stored
    for given in (stored, name):
        assert api.patch(f"/instances/{instance['id']}", {"name": given}).json()["name"] == stored
    assert emulator.create(name=name)["name"] == name


def test_name_taken(api, switch, emulator):
    first = api.create(name="Payments", tags=["a"])
    assert api.create(name="Payments")["id"] != first["id"]
    switch("name_taken", "existing")
    assert api.create(name="PAYMENTS", tags=["b"]) == first
    assert api.create("sfdc", name="Payments", providerData={"code": "c"})["id"] != first["id"]
    assert len(emulator.instances) == 3


def test_empty_tags_on_create(api, switch):
    switch("empty_tags_on_create", "empty")
    assert api.create(tags=[])["tags"] == []


def test_unknown_element(api, switch):
    switch("unknown_element", "400")
    assert api.post("/instances", {"element": {"key": "nope"}, "name": "x"}).status_code == 400
    assert api.get("/elements/nope").status_code == 404


def test_unknown_configuration(api, switch):
    given = {**STRIPE, "made.up": "x"}
    assert api.create(configuration=given)["configuration"]["made.up"] == "x"
    switch("unknown_configuration", "drop")
    assert "made.up" not in api.create(configuration=given)["configuration"]
    switch("unknown_configuration", "refuse")
    body = {"element": {"key": "stripe"}, "name": "x", "configuration": given}
    assert api.post("/instances", body).status_code == 400


def test_stripe(api, switch):
    body = {"element": {"key": "stripe"}, "name": "x", "configuration": {"api.key": "k"}}
    switch("stripe", "keys")
    assert api.post("/instances", body).status_code == 400
    switch("stripe", "api_key")
    assert api.post("/instances", body).json()["configuration"]["api.key"] == "k"
    required = [e["key"] for e in api.get("/elements/stripe").json()["configuration"] if e["required"]]
    assert required == ["api.key"]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_mask_written(api, switch, emulator, method):
    number = api.create()["id"]

    def kept():
        return emulator.instances[0]["configuration"]["password"]

    switch("mask_written", "ignored")
    api.call(method, f"/instances/{number}", {"configuration": {"password": MASK}})
    assert kept() == STRIPE["password"]
    entry = next(e for e in api.get(f"/instances/{number}/configuration").json() if e["key"] == "password")
    api.patch(f"/instances/{number}/configuration/{entry['id']}", {"propertyValue": MASK})
    assert kept() == STRIPE["password"]
    switch("mask_written", "literal")
    api.call(method, f"/instances/{number}", {"configuration": {"password": MASK}})
    assert kept() == MASK


def test_put(api, switch):
    instance = api.create(configuration={**STRIPE, "event.objects": "a"}, tags=["t"])
    switch("put", "replace")
    after = api.put(f"/instances/{instance['id']}", {"name": "n", "configuration": {"username": "u"}}).json()
    assert "event.objects" not in after["configuration"]
    assert after["configuration"]["password"] is None
    assert after["configuration"]["pagination.max"] == "100"
    assert after["tags"] == ["n"]


def test_reauthenticate_default(api, switch):
    number = api.create("sfdc", providerData={"code": "c"})["id"]
    switch("reauthenticate_default", True)
    assert api.put(f"/instances/{number}", {"name": "n"}).status_code == 400
    assert api.put(f"/instances/{number}?reAuthenticate=false", {"name": "n"}).status_code == 200


def test_token_on_reauthentication(api, switch):
    instance = api.create("sfdc", providerData={"code": "c"})
    path = f"/instances/{instance['id']}"
    assert api.patch(path, {"providerData": {"code": "d"}}).json()["token"] == instance["token"]
    switch("token_on_reauthentication", "new")
    renewed = api.patch(path, {"providerData": {"code": "e"}}).json()["token"]
    assert renewed != instance["token"]
    assert api.ping(instance["token"]).status_code == 401
    assert api.ping(renewed).status_code == 200


def test_reused_code(api, switch):
    switch("reused_code", "accepted")
    for _dummy in range(2):
        api.create("sfdc", providerData={"code": "c"})


def test_rotate_tokens(api, switch):
    switch("rotate_tokens", "false")
    given = {**SFDC, "oauth.user.refresh_token": "given"}
    made = api.create("sfdc", configuration=given, externalAuthentication="initial")
    assert made["configuration"]["oauth.user.refresh_token"] == "given"


def test_disabled_in_patch(lenient, switch):
    path = f"/instances/{lenient.create()['id']}"
    assert lenient.patch(path, {"disabled": True}).json()["disabled"] is False
    switch("disabled_in_patch", "applied")
    assert lenient.patch(path, {"disabled": True}).json()["disabled"] is True


def test_disable_twice(api, switch):
    path = f"/instances/{api.create()['id']}/enabled"
    switch("disable_twice", 409)
    assert [api.delete(path).status_code for _dummy in range(2)] == [200, 409]
    assert [api.put(path).status_code for _dummy in range(2)] == [200, 409]


def test_hydrate_default(api, switch):
    api.create()
    switch("hydrate_default", False)
    for path in ("/instances", "/elements/stripe/instances", "/accounts/instances"):
        assert "configuration" not in api.get(path).json()[0]
    assert "configuration" in api.get("/instances?hydrate=true").json()[0]


def test_search_case(api, switch):
    api.create(name="ABC")
    assert api.get("/instances?searchText=abc").status_code == 200
    switch("search_case", "sensitive")
    assert api.get("/instances?searchText=abc").status_code == 404
    assert api.get("/instances?searchText=AB").status_code == 200


def test_tags_match(api, switch):
    api.create(tags=["a"])
    assert api.get("/instances?tags[]=a&tags[]=b").status_code == 404
    switch("tags_match", "any")
    assert api.get("/instances?tags[]=a&tags[]=b").status_code == 200


def test_trailing_page(api, switch):
    api.create()
    switch("trailing_page", "empty_404")
    token = api.get("/instances").headers["Elements-Next-Page-Token"]
    assert api.get("/instances", params={"nextPage": token}).status_code == 404


def test_listing_lag(api, switch):
    switch("listing_lag", 0.3)
    number = api.create()["id"]
    assert api.get("/instances").status_code == 404
    assert api.get("/elements/stripe/instances").status_code == 404
    assert api.get(f"/instances/{number}").status_code == 200
    time.sleep(0.35)
    assert api.get("/instances").json()[0]["id"] == number


def test_provider_status(api, switch, emulator):
    one, two = api.create(), api.create()
    switch("provider_status", 502)
    assert api.ping(one["token"]).status_code == 502
    switch("provider_status", f'{{"{one["id"]}": 403}}')
    assert api.ping(one["token"]).status_code == 403
    assert api.ping(two["token"]).status_code == 200
    switch("provider_status", {two["id"]: 401})
    response = api.get("/hubs/payment/charges", auth=api.header(token=two["token"]))
    assert response.status_code == 401
    assert response.json()["providerMessage"]


def test_ping_unsupported(api, switch):
    switch("ping_unsupported", 404)
    token = api.create("mixpanel", configuration={"username": "u"})["token"]
    assert api.ping(token).status_code == 404


def test_oauth_url_post(api, switch):
    switch("oauth_url_post", "405")
    body = {"apiKey": "a", "apiSecret": "b", "callbackUrl": "c"}
    assert api.post("/elements/sfdc/oauth/url", body).status_code == 405
    assert api.get("/elements/sfdc/oauth/url", params=body).status_code == 200


def test_every_switch_has_a_test():
    names = {field.name for field in dataclasses.fields(Switches)}
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_switches*.py"))
    assert [name for name in names if f"def test_{name}" not in tests] == []


def test_a_wrong_switch_is_refused():
    for name, value in (("nope", 1), ("mask", "some"), ("echo_secrets", "perhaps"), ("latency", "long")):
        with pytest.raises(ValueError, match=name):
            Switches().set(name, value)
    with pytest.raises(ValueError, match="mask"):
        Switches(mask="some")


def test_switches_are_given_at_the_start():
    with Emulator(switches=Switches(mask="none")) as running:
        assert running.create(configuration=STRIPE)["configuration"]["password"] == STRIPE["password"]
