# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog, hubs, OAuth, and calls to the element itself."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import SFDC, STRIPE
from ansible_collections.cloud_elements.platform.tests.emulator import catalog

OAUTH = {"apiKey": "app+1", "apiSecret": "s/s", "callbackUrl": "https://example.com/back"}
NO_CODE = "You must provide an OAuth code in order to create an instance of this element"


def test_every_element_is_readable_by_key_and_by_id(api):
    keys = api.get("/elements/keys").json()
    assert {"stripe", "sfdc", "jira", "closeio", "sftp", "quickbooks", "plaid", "FreshBooks Classic"} <= set(keys)
    for key in keys:
        element = api.get(f"/elements/{key}").json()
        assert element["key"] == key
        assert element["configuration"]
        assert api.get(f"/elements/{element['id']}").json() == element
        assert set(api.get(f"/elements/{key}/configuration").json()) == {"configuration", "providerData"}
    assert api.get("/elements/nope").status_code == 404
    assert api.get(f"/elements/{10**40}").status_code == 404


def test_what_an_element_says_it_requires_is_enough_to_create_it(api):
    for key in api.get("/elements/keys").json():
        definition = api.get(f"/elements/{key}/configuration").json()
        configuration = {e["key"]: "x" for e in definition["configuration"] if e["required"]}
        provider_data = {e["key"]: f"{key}-{e['key']}" for e in definition["providerData"]}
        body = {"element": {"key": key}, "name": key, "configuration": configuration}
        if provider_data:
            refused = api.post("/instances", body)
            assert (refused.status_code, refused.json()["message"]) == (400, NO_CODE), key
            body["providerData"] = provider_data
        assert api.post("/instances", body).status_code == 200, key


def test_the_common_configuration_is_known_on_every_element(api):
    for element in api.get("/elements").json():
        assert set(catalog.COMMON) <= {entry["key"] for entry in element["configuration"]}


def test_listings_of_elements(api):
    everything = api.get("/elements").json()
    assert len(everything) == len(api.get("/elements/keys").json())
    assert "configuration" not in api.get("/elements?abridged=true").json()[0]
    where = "key in ('sfdc','stripe') AND abridged='true'"
    assert {e["key"] for e in api.get("/elements", params={"where": where}).json()} == {"sfdc", "stripe"}
    assert api.get("/elements", params={"where": "private='true'"}).json() == []
    page = api.get("/elements/keys?pageSize=10")
    assert page.headers["Elements-Returned-Count"] == "10"
    following = api.get("/elements/keys", params={"pageSize": 10, "nextPage": page.headers["Elements-Next-Page-Token"]})
    assert not set(page.json()) & set(following.json())


@pytest.mark.parametrize(
    "path",
    ["metadata", "docs", "authentication-types", "export", "resources", "parameters", "hooks", "objects"],
)
def test_what_else_can_be_read_of_an_element(api, path):
    assert api.get(f"/elements/stripe/{path}").status_code == 200
    assert api.get(f"/elements/nope/{path}").status_code == 404


def test_authentication_types(api):
    path = "/elements/stripe/authentication-types"
    kind = api.get(path).json()["defaultValue"]
    assert api.get(f"{path}/{kind}/configurations").status_code == 200
    assert api.get(f"{path}/other/configurations").status_code == 404


def test_metadata_of_one_and_of_all(api):
    """TEST elements/metadata.js; SWG for the description."""
    one = api.get("/elements/closeio/metadata").json()
    assert one["description"]
    assert one["events"] == {"supported": True, "methods": ["polling", "webhook"]}
    assert one in api.get("/elements/metadata").json()
    page = api.get("/elements/metadata?pageSize=3")
    assert (len(page.json()), "Elements-Next-Page-Token" in page.headers) == (3, True)
    expanded = api.get("/elements/closeio/metadata?expand=true").json()
    assert {each["key"] for each in expanded["configuration"]} >= {"username", "password"}
    assert {**one, **{key: expanded[key] for key in ("configuration", "objects")}} == expanded


def test_parts_of_an_element(api):
    element = api.get("/elements/closeio").json()
    resources = api.get("/elements/closeio/resources?where=x='y'").json()
    assert element["resources"] == resources
    assert ("/hubs/crm/contacts", "GET") in [(each["path"], each["method"]) for each in resources]
    assert len({each["id"] for each in resources}) == len(resources)
    assert [each["name"] for each in api.get("/elements/closeio/objects").json()] == [
        "accounts",
        "contacts",
        "incidents",
    ]
    # A system element has nothing that is the account's own.
    assert api.get("/elements/closeio/resources?accountOnly=true").json() == []
    assert api.get("/elements/closeio/objects?accountOnly=true").json() == []
    clone = api.post("/elements/closeio/clone").json()["key"]
    assert api.get(f"/elements/{clone}/resources?accountOnly=true").json()


SWITCHABLE = ["campaignmonitor", "docusign", "dynamicscrmadfs", "hubspot", "hubspotcrm", "netsuiteerpv2", "quickbooks"]


@pytest.mark.parametrize("key", [*SWITCHABLE, "zuorav2"])
def test_a_switchable_element_answers_for_each_type_and_an_instance_says_which_it_has(api, key):
    types = api.get(f"/elements/{key}/authentication-types").json()
    kinds = [option["value"] for option in types["options"]]
    assert len(kinds) > 1
    assert types["defaultValue"] == kinds[0] == api.get(f"/elements/{key}").json()["authentication"]["type"]
    oauth = set()
    for kind in kinds:
        entries = api.get(f"/elements/{key}/authentication-types/{kind}/configurations").json()
        url = api.get(f"/elements/{key}/oauth/url", params={**OAUTH, "authentication.type": kind}).status_code
        oauth |= {kind} if url == 200 else set()
        assert url in (200, 400)
        body = {
            "element": {"key": key},
            "name": kind,
            "configuration": {each["key"]: "x" for each in entries if each["required"]},
        }
        body["configuration"]["authentication.type"] = kind
        if kind in oauth:
            assert api.post("/instances", body).json()["message"] == NO_CODE
            body["providerData"] = {"code": kind} if kind == "oauth2" else {"oauth_token": "t", "oauth_verifier": "v"}
        made = api.post("/instances", body).json()
        assert made["element"]["authentication"]["type"] == kind
        assert made["configuration"]["authentication.type"] == kind
    assert oauth == {kind for kind in kinds if kind.startswith("oauth")}


def test_one_type_does_not_ask_for_what_another_needs(api):
    path = "/elements/dynamicscrmadfs/authentication-types/{}/configurations"
    required = {
        kind: {each["key"] for each in api.get(path.format(kind)).json() if each["required"]}
        for kind in ("custom", "oauth2")
    }
    assert required["custom"] == {"user.username", "user.password"}
    assert required["oauth2"] == {"oauth.api.key", "oauth.api.secret"}
    assert "user.password" not in {each["key"] for each in api.get(path.format("oauth2")).json()}
    refused = api.post("/instances", {"element": {"key": "dynamicscrmadfs"}, "name": "x"})
    assert refused.status_code == 400
    assert "user.password" in refused.json()["message"]


def test_the_oauth_1_of_quickbooks(api):
    """DOC quickbooksonline/authenticate: both versions of OAuth, chosen by authentication.type."""
    assert api.get("/elements/quickbooks/oauth/token", params=OAUTH).status_code == 200
    kind = {**OAUTH, "authentication.type": "oauth1", "use_sandbox": "true", "subdomain": "s"}
    assert set(api.get("/elements/quickbooks/oauth/token", params=kind).json()) == {"token", "secret"}
    url = api.get("/elements/quickbooks/oauth/url", params={**kind, "requestToken": "rt"}).json()["oauthUrl"]
    assert "oauth_token=rt" in url
    assert (
        api.get("/elements/quickbooks/oauth/token", params={**kind, "authentication.type": "oauth2"}).status_code == 400
    )
    configuration = {"oauth.api.key": "a", "oauth.api.secret": "b", "authentication.type": "oauth1"}
    instance = api.create(
        "quickbooks", configuration=configuration, providerData={"oauth_token": "t", "oauth_verifier": "v"}
    )
    assert instance["configuration"]["oauth.user.token.secret"]
    again = {"providerData": {"oauth_token": "t2", "oauth_verifier": "v"}}
    after = api.patch(f"/instances/{instance['id']}", again).json()["configuration"]
    assert after["oauth.user.token.secret"] != instance["configuration"]["oauth.user.token.secret"]
    assert "oauth.user.refresh_token" not in after


KNOWN = """netsuiteerp constantcontact sharepoint smartrecruiters taleobusiness autotaskcrm connectwisehd sapc4ccrm
    servicecloud sugarcrmv2 freshdesk"""


def test_the_keys_that_clients_use_are_there(api):
    assert set(KNOWN.split()) <= set(api.get("/elements/keys").json())
    closeio = api.post("/instances", {"element": {"key": "closeio"}, "name": "x", "configuration": {"username": "key"}})
    assert closeio.status_code == 200
    keys = {each["key"] for each in api.get("/elements/intacct").json()["configuration"]}
    assert {"intacct.user.id", "intacct.user.password", "intacct.user.company.id"} <= keys


def test_a_clone_can_be_made_used_and_deleted(api):
    clone = api.post("/elements/closeio/clone", {"key": "mine", "name": "Mine"}).json()
    assert (clone["key"], clone["private"]) == ("mine", True)
    assert api.post("/elements/closeio/clone", {"key": "mine"}).status_code == 400
    assert api.put("/elements/mine/active").status_code == 200
    assert api.delete("/elements/mine/active").status_code == 200
    assert api.get("/elements/mine").json()["active"] is False
    number = api.create("mine")["id"]
    assert api.delete("/elements/mine").status_code == 409
    api.delete(f"/instances/{number}")
    assert api.delete("/elements/mine").status_code == 200
    assert api.get("/elements/mine").status_code == 404


def test_hubs(api):
    keys = api.get("/hubs/keys").json()
    assert {"crm", "payment", "helpdesk", "db"} <= set(keys)
    assert [hub["key"] for hub in api.get("/hubs").json()] == keys
    assert api.get("/hubs/crm").json() == {
        "id": 11,
        "key": "crm",
        "name": "CRM",
        "description": "CRM Element Hub",
        "active": True,
    }
    assert {element["hub"] for element in api.get("/elements").json()} <= set(keys)
    assert "resources" not in api.get("/hubs?hydrate=false").json()[0]
    hydrated = {hub["key"]: hub for hub in api.get("/hubs?hydrate=true").json()}
    assert "/hubs/crm/contacts" in [resource["path"] for resource in hydrated["crm"]["resources"]]
    assert api.get("/hubs/nope").status_code == 404
    assert "sfdc" in [element["key"] for element in api.get("/hubs/crm/elements").json()]


def test_hub_calls_answer_and_the_name_of_the_hub_is_ignored(api):
    """TEST elements/instances.js."""
    token = api.create("closeio")["token"]
    auth = api.header(token=token, organization=False)
    for path in ("/hubs/crm/accounts", "/hubs/whatever/accounts", "/accounts"):
        rows = api.get(path, auth=auth, params={"where": "a='b'", "pageSize": "1"}).json()
        assert rows[0]["id"] == "1"
    for path in ("/ping", "/hubs/crm/ping", "/hubs/whatever/ping"):
        assert api.get(path, auth=auth).json()["valid"] is True
    assert api.get("/objects", auth=auth).json()


def test_objects_of_the_element(api):
    auth = api.header(token=api.create("closeio")["token"])
    made = api.post("/hubs/crm/accounts", {"name": "n"}, auth=auth).json()
    path = f"/hubs/crm/accounts/{made['id']}"
    assert api.patch(path, {"name": "m"}, auth=auth).json() == {"id": made["id"], "name": "m"}
    assert api.get(path.removeprefix("/hubs/crm"), auth=auth).json()["name"] == "m"
    assert api.delete(path, auth=auth).status_code == 200
    assert api.get(path, auth=auth).status_code == 404


def test_an_oauth_element_needs_a_code_good_for_one_use(api):
    body = {"element": {"key": "sfdc"}, "name": "x", "configuration": SFDC}
    refused = api.post("/instances", body)
    assert (refused.status_code, refused.json()["message"]) == (400, NO_CODE)
    body["providerData"] = {"code": "once", "state": "s"}
    assert api.post("/instances", body).status_code == 200
    again = api.post("/instances", body)
    assert again.status_code == 400
    assert again.json()["providerMessage"]


def test_oauth_1_needs_token_and_verifier(api):
    configuration = {"oauth.api.key": "a", "oauth.api.secret": "b"}
    body = {"element": {"key": "twitter"}, "name": "x", "configuration": configuration}
    assert api.post("/instances", {**body, "providerData": {"oauth_token": "t"}}).status_code == 400
    given = {"oauth_token": "t", "oauth_verifier": "v", "secret": "s"}
    made = api.post("/instances", {**body, "providerData": given})
    assert made.json()["configuration"]["oauth.user.token.secret"]


def test_headless_oauth(api):
    """DOC provisioning-instance-existing-refresh-token."""
    fields = {"externalAuthentication": "initial"}
    body = {"element": {"key": "sfdc"}, "name": "x", "configuration": SFDC, **fields}
    assert api.post("/instances", body).status_code == 400
    given = {**SFDC, "oauth.user.refresh_token": "given"}
    made = api.create("sfdc", configuration=given, **fields)
    assert made["externalAuthentication"] == "initial"
    assert made["configuration"]["oauth.user.token"]
    assert made["configuration"]["oauth.user.refresh_token"] != "given"
    kept = api.create("sfdc", configuration={**SFDC, "oauth.user.token": "t"}, **fields)
    assert kept["configuration"]["oauth.user.token"] == "t"
    assert api.create()["externalAuthentication"] == "none"


def test_an_element_with_another_way_to_authenticate_needs_no_code(api):
    configuration = {"authentication.type": "apiKey", "hubspot.authorization.apikey": "k"}
    assert api.create("hubspot", configuration=configuration)["id"]
    marketo = {"oauth.api.key": "a", "oauth.api.secret": "b"}
    assert api.create("marketo", configuration=marketo, providerData={"code": ""})["id"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_oauth_url_both_ways(api, method):
    def ask(element, given):
        options = {"params": given} if method == "GET" else {"body": given}
        return api.call(method, f"/elements/{element}/oauth/url", **options)

    answer = ask("sfdc", {**OAUTH, "scope": "all", "state": "st"}).json()
    assert answer["element"] == "sfdc"
    query = parse_qs(urlsplit(answer["oauthUrl"]).query)
    assert query["client_id"] == ["app+1"]
    assert query["redirect_uri"] == [OAUTH["callbackUrl"]]
    assert (query["scope"], query["state"]) == (["all"], ["st"])
    assert "s%2Fs" not in answer["oauthUrl"]
    assert "oauth_token=rt" in ask("twitter", {**OAUTH, "requestToken": "rt"}).json()["oauthUrl"]
    assert ask("stripe", OAUTH).status_code == 400
    assert ask("nope", OAUTH).status_code == 404
    assert ask("sfdc", {"apiKey": "a"}).status_code == 400


def test_oauth_1_request_token(api):
    assert set(api.get("/elements/twitter/oauth/token", params=OAUTH).json()) == {"token", "secret"}
    assert api.get("/elements/sfdc/oauth/token", params=OAUTH).status_code == 400
    for key in ("sfdc", "twitter"):
        default = api.get(f"/elements/{key}/oauth/url/default?subdomain=s").json()
        assert default["oauthUrl"]
        assert default["configuration"]["secret"]
    assert "oauth_token=&" not in default["oauthUrl"]


def test_ping_is_not_there_on_every_element(api):
    configuration = {"hostname": "h", "port": 22, **STRIPE}
    response = api.ping(api.create("sftp", configuration=configuration)["token"])
    assert response.status_code == 400
    assert response.json()["message"] == "This API is not currently supported for this element"
