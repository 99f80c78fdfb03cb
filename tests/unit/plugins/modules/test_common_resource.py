# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for common resources against the emulator."""

from __future__ import annotations

import collections
import copy
import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.engine import apply, make_plan
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import Entry, Parsed
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.workers import Workers
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource import (
    desired,
    resource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.executor import (
    CommonResourceExecutor,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import connection

SCRIPT = "let a = 'it''s \"x\"';\n// {{ template }} {% raw %}\n/********* banner *********/\ndone({a: a, b: `\\t`});\n"
FIELDS = [{"path": "email", "type": "string"}, {"path": "address.city"}, {"path": "phones[*].number", "type": "number"}]
STRIPE = {
    "element_key": "stripe",
    "vendor_name": "customers",
    "fields": [
        {"path": "email", "vendor_path": "email"},
        {
            "path": "address.city",
            "vendor_path": "city",
            "configuration": [{"type": "transformDate", "properties": {"pattern": "x"}}],
        },
    ],
    "configuration": [{"type": "passThrough", "properties": {"fromVendor": False, "toVendor": False}}],
    "script": SCRIPT,
}
CONTACTS = {"name": "contacts", "fields": FIELDS, "transformations": [STRIPE]}
ENGINES = ["v1", "v2"]


def ensure(ansible, check=False, **options):
    return ansible.run(options, module="common_resource", check=check)


def listed(ansible, **options):
    return ansible.run(options, module="common_resource_info")["common_resources"]


def kept(emulator):
    return next(iter(emulator.accounts.values())).store.common_resources


def own_id(emulator):
    return next(iter(emulator.accounts.values())).store.owner.account_id


def methods(emulator):
    return dict(collections.Counter(seen.method for seen in emulator.requests))


def same(ansible, emulator, **options):
    """Predict a run, do it, and check that both say the same and that the prediction wrote nothing."""
    emulator.clear()
    predicted = ensure(ansible, check=True, **copy.deepcopy(options))
    assert set(methods(emulator)) <= {"GET"}
    emulator.clear()
    done = ensure(ansible, **options)
    for key in ("changed", "actions", "diff", "failed"):
        assert predicted.get(key) == done.get(key), key
    assert (predicted.get("error") or {}).get("kind") == (done.get("error") or {}).get("kind")
    return done


def never_wider(emulator):
    """Check that nothing was sent that could write more than one name at one level."""
    for seen in emulator.requests:
        if seen.method != "GET":
            assert (
                not seen.query and "contacts" in seen.path and not seen.path.startswith(("/vdrs", "/common-resources"))
            )


@pytest.fixture(params=ENGINES)
def engine(request, emulator):
    emulator.switches.set("vdr_version", request.param)
    return request.param


def test_a_common_resource_is_created_with_its_mapping(ansible, emulator, engine):
    result = same(ansible, emulator, **CONTACTS)
    assert result["actions"] == ["create common resource 'contacts'", "create mapping to element 'stripe'"]
    assert methods(emulator) == {"GET": 6, "POST": 2}
    never_wider(emulator)
    assert [seen.path for seen in emulator.requests if seen.method == "POST"] == [
        "/accounts/objects/contacts/definitions",
        f"/accounts/{own_id(emulator)}/elements/stripe/transformations/contacts",
    ]
    assert result["common_resource"]["transformations"][0]["script"]["body"] == SCRIPT
    emulator.clear()
    again = ensure(ansible, **CONTACTS)
    assert not again["changed"] and methods(emulator) == {"GET": 3}
    assert again["diff"]["before"] == again["diff"]["after"] == result["diff"]["after"]


def test_a_definition_alone_needs_no_account(ansible, emulator, engine):
    emulator.switches.set("accounts_listed", "refused")
    assert same(ansible, emulator, name="contacts", fields=FIELDS)["changed"]
    assert methods(emulator) == {"GET": 2, "POST": 1}
    assert not ensure(ansible, name="contacts", fields=list(reversed(FIELDS)))["changed"]
    unknown = same(ansible, emulator, **CONTACTS)
    assert unknown["error"]["kind"] == "forbidden" and "account_id" in unknown["msg"]
    assert same(ansible, emulator, **CONTACTS, account_id=own_id(emulator))["actions"] == [
        "create mapping to element 'stripe'"
    ]


@pytest.mark.parametrize(
    ("change", "actions"),
    [
        ({"fields": FIELDS[:2]}, ["change field 'phones[*].number'"]),
        ({"fields": [*FIELDS[1:], {"path": "mail"}]}, ["change fields 'email', 'mail'"]),
        ({"fields": [{"path": "email", "type": "date"}, *FIELDS[1:]]}, ["change field 'email'"]),
        ({"transformations": [{**STRIPE, "vendor_name": "people"}]}, ["vendor name to 'people'"]),
        ({"transformations": [{**STRIPE, "script": SCRIPT + "more();"}]}, ["script"]),
        ({"transformations": [{**STRIPE, "script": ""}]}, ["script"]),
        ({"transformations": [{**STRIPE, "script": {"body": SCRIPT, "filter_empty_response": True}}]}, ["script"]),
        ({"transformations": [{**STRIPE, "fields": STRIPE["fields"][:1]}]}, ["field 'address.city'"]),
        ({"transformations": [{**STRIPE, "configuration": []}]}, ["configuration"]),
        ({"transformations": [{"element_key": "stripe", "state": "absent"}]}, ["delete mapping to element 'stripe'"]),
        ({"transformations": [], "purge_transformations": True}, ["delete mapping to element 'stripe'"]),
    ],
)
def test_each_change_is_one_write(ansible, emulator, engine, change, actions):
    ensure(ansible, **CONTACTS)
    options = {**CONTACTS, **change}
    result = same(ansible, emulator, **options)
    expected = [
        action if action.startswith(("change", "delete")) else f"change {action} of mapping to element 'stripe'"
        for action in actions
    ]
    assert result["actions"] == expected
    assert sum(count for method, count in methods(emulator).items() if method != "GET") == 1
    never_wider(emulator)
    assert not same(ansible, emulator, **options)["changed"]


def test_a_change_of_a_script_shows_its_lines_alone(ansible, emulator):
    ensure(ansible, **CONTACTS)
    changed = {**STRIPE, "script": SCRIPT.replace("raw", "other")}
    diff = same(ansible, emulator, **{**CONTACTS, "transformations": [changed]})["diff"]
    before, after = (diff[side]["transformations"]["stripe"]["script"]["body"] for side in ("before", "after"))
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ("// {{ template }} {% raw %}", "// {{ template }} {% other %}")
    ]
    put = next(seen for seen in emulator.requests if seen.method == "PUT")
    assert put.body["vendorName"] == "customers" and len(put.body["fields"]) == 2, "the whole mapping is sent"


def test_what_is_left_out_is_left_alone(ansible, emulator, engine):
    ensure(ansible, **CONTACTS)
    assert not same(ansible, emulator, name="contacts")["changed"]
    assert not same(ansible, emulator, name="contacts", transformations=[{"element_key": "stripe"}])["changed"]
    kept_type = [{"path": each["path"]} for each in FIELDS]
    assert not same(ansible, emulator, name="contacts", fields=kept_type)["changed"]
    more = {"element_key": "sfdc", "vendor_name": "Contact"}
    same(ansible, emulator, name="contacts", transformations=[more])
    (row,) = listed(ansible)
    assert [each["element_key"] for each in row["transformations"]] == ["sfdc", "stripe"]
    assert row["transformations"][1]["script"]["body"] == SCRIPT


def test_descriptions_and_display_names_settle_on_both_engines(ansible, emulator, engine):
    options = {
        "name": "contacts",
        "description": "People",
        "fields": [{"path": "email", "display_name": "E-mail"}],
    }
    result = same(ansible, emulator, **options)
    assert ("People" in json.dumps(result["common_resource"])) == (engine == "v2")
    assert not same(ansible, emulator, **options)["changed"]
    changed = same(ansible, emulator, **{**options, "description": "Others"})
    assert changed["changed"] == (engine == "v2")
    assert not same(ansible, emulator, **{**options, "description": "Others"})["changed"]


def test_removal_is_mappings_first_and_of_this_level_alone(ansible, emulator, engine):
    emulator.seed.definition("contacts", [{"path": "email"}], "organization")
    emulator.seed.transformation("contacts", "stripe", {"vendorName": "upper"}, "organization")
    emulator.seed.definition("others", [{"path": "x"}])
    ensure(ansible, **CONTACTS)
    result = same(ansible, emulator, name="contacts", state="absent")
    assert result["actions"] == ["delete mapping to element 'stripe'", "delete common resource 'contacts'"]
    assert result["common_resource"] is None and result["diff"]["after"] == {}
    never_wider(emulator)
    assert [each.place.level for each in kept(emulator).named("contacts")] == ["organization"]
    assert [each.place.level for each in kept(emulator).mapped("contacts")] == ["organization"]
    assert kept(emulator).named("others")
    assert not same(ansible, emulator, name="contacts", state="absent")["changed"]


def test_a_common_resource_that_a_formula_uses_is_not_removed(ansible, emulator, engine):
    ensure(ansible, **CONTACTS)
    step = {"name": "read", "type": "elementRequest", "properties": {"api": "/contacts", "method": "GET"}}
    emulator.seed.formula({"name": "sync 'em", "triggers": [{"type": "manual"}], "steps": [step]})
    result = same(ansible, emulator, name="contacts", state="absent")
    assert result["error"]["kind"] == "in_use" and "sync 'em" in result["msg"]
    assert kept(emulator).mapped("contacts")
    emulator.switches.set("vdr_endpoints", "missing")
    result = same(ansible, emulator, name="contacts", state="absent")
    assert result["changed"] and any("could not be checked whether formulas" in each for each in result["warnings"])


@pytest.mark.parametrize("refused", ["both", "where_mapped", "element_map", "none"])
@pytest.mark.parametrize("endpoints", ["available", "missing"])
def test_all_mappings_are_found_whatever_the_platform_tells(ansible, emulator, engine, refused, endpoints):
    ensure(ansible, **CONTACTS)
    ensure(ansible, name="contacts", transformations=[{"element_key": "sfdc", "vendor_name": "Contact"}])
    emulator.switches.set("refused_on_v2", refused)
    emulator.switches.set("vdr_endpoints", endpoints)
    (row,) = listed(ansible, name="contacts")
    assert [each["element_key"] for each in row["transformations"]] == ["sfdc", "stripe"]
    result = same(
        ansible, emulator, name="contacts", transformations=[{"element_key": "stripe"}], purge_transformations=True
    )
    assert result["actions"] == ["delete mapping to element 'sfdc'"]


@pytest.mark.parametrize("level", ["organization", "instance"])
def test_the_other_levels(ansible, emulator, engine, level):
    number = emulator.create("stripe", "payments")["id"]
    options = {**CONTACTS, "level": level}
    if level == "instance":
        options["instance"] = {"element_key": "stripe", "name": "payments"}
    result = same(ansible, emulator, **options)
    assert result["changed"] and [each.place.level for each in kept(emulator).named("contacts")] == [level]
    assert [each.place.level for each in kept(emulator).mapped("contacts")] == [level]
    assert not same(ansible, emulator, **options)["changed"]
    by_id = {**options, "instance": {"id": number}} if level == "instance" else options
    assert not same(ansible, emulator, **by_id)["changed"]
    where = {key: by_id[key] for key in ("level", "instance") if key in by_id}
    (row,) = listed(ansible, **where)
    assert not same(ansible, emulator, **row)["changed"]
    removed = same(ansible, emulator, name="contacts", state="absent", **where)
    assert len(removed["actions"]) == 2 and not kept(emulator).named("contacts")
    assert listed(ansible, **where) == []


def test_an_instance_that_does_not_exist(ansible, emulator):
    where = {"level": "instance", "instance": {"element_key": "stripe", "name": "payments"}}
    assert same(ansible, emulator, **CONTACTS, **where)["error"]["kind"] == "not_found"
    assert not same(ansible, emulator, name="contacts", state="absent", **where)["changed"]
    emulator.create("sfdc", "crm")
    where["instance"] = {"id": emulator.instances[0]["id"]}
    assert same(ansible, emulator, **CONTACTS, **where)["error"]["kind"] == "invalid_options"


@pytest.mark.parametrize("inherited", ["configured", "always"])
def test_what_is_inherited_is_neither_compared_nor_written(ansible, emulator, engine, inherited):
    emulator.switches.set("inherited_fields", inherited)
    emulator.seed.definition("contacts", [{"path": "upper"}], "organization")
    upper = {
        "vendorName": "customers",
        "fields": [{"path": "upper", "vendorPath": "u"}],
        "script": {"body": "upper"},
        "configuration": [{"type": "passThrough"}],
    }
    emulator.seed.transformation("contacts", "stripe", upper, "organization")
    own = {**STRIPE, "script": "", "configuration": [{"type": "inherit"}]}
    options = {**CONTACTS, "transformations": [own]}
    assert same(ansible, emulator, **options)["changed"]
    assert not same(ansible, emulator, **options)["changed"]
    assert same(ansible, emulator, **{**CONTACTS, "transformations": [{**own, "vendor_name": "people"}]})["changed"]
    put = next(seen for seen in emulator.requests if seen.method == "PUT")
    assert sorted(each["path"] for each in put.body["fields"]) == ["address.city", "email"] and "script" not in put.body
    (row,) = listed(ansible)
    assert "upper" not in json.dumps(row)


def test_a_level_can_map_what_a_level_above_defines(ansible, emulator, engine):
    assert same(ansible, emulator, name="contacts", transformations=[STRIPE])["error"]["kind"] == "not_found"
    emulator.seed.definition("contacts", [{"path": "email"}, {"path": "address.city"}], "organization")
    assert same(ansible, emulator, name="contacts", transformations=[STRIPE])["actions"] == [
        "create mapping to element 'stripe'"
    ]
    (row,) = listed(ansible)
    assert "fields" not in row and not ensure(ansible, **row)["changed"]
    assert same(ansible, emulator, name="contacts", state="absent")["actions"] == ["delete mapping to element 'stripe'"]
    assert listed(ansible) == []


def test_what_is_listed_makes_the_same_in_another_account(ansible):
    with Emulator(strict=True, accounts=["test", "prod"]) as both:
        connections = {
            name: {
                variable.removeprefix("CLOUD_ELEMENTS_").lower(): value
                for variable, value in both.environment_of(name).items()
            }
            for name in ("test", "prod")
        }
        ensure(ansible, **CONTACTS, description="People", **connections["test"])
        rows = listed(ansible, **connections["test"])
        for row in copy.deepcopy(rows):
            assert ensure(ansible, **row, **connections["prod"])["changed"]
            assert not ensure(ansible, **row, **connections["prod"])["changed"]
        assert listed(ansible, **connections["prod"]) == rows and rows
        assert both.violations == []


def test_another_account(ansible, emulator, engine):
    other = emulator.seed.subaccount("other")
    options = {**CONTACTS, "account_id": other}
    assert same(ansible, emulator, **options)["changed"]
    assert {each.place.id for each in kept(emulator).named("contacts")} == {other}
    assert not same(ansible, emulator, **options)["changed"] and listed(ansible) == []
    for more in ({"state": "absent"}, {"purge_transformations": True}):
        result = same(ansible, emulator, **{**options, **more})
        if engine == "v2":
            assert result["error"]["kind"] == "forbidden" and "account_id" in result["msg"]
    assert bool(kept(emulator).named("contacts")) == (engine == "v2")
    if engine == "v2":
        found = ansible.run({"account_id": other}, module="common_resource_info")
        assert len(found["common_resources"]) == 1
        assert any("another account" in each for each in found["warnings"])


@pytest.mark.parametrize("step", ["create", "change", "map", "unmap", "remove"])
@pytest.mark.parametrize("answer", ["ignored", "403"])
def test_what_the_user_may_not_write_is_a_failure(ansible, emulator, engine, step, answer):
    before, options = {
        "create": ({}, {"fields": FIELDS}),
        "change": ({"fields": FIELDS}, {"fields": FIELDS[:1]}),
        "map": ({"fields": FIELDS}, {"transformations": [STRIPE]}),
        "unmap": (CONTACTS, {"transformations": [{"element_key": "stripe", "state": "absent"}]}),
        "remove": ({"fields": FIELDS}, {"state": "absent"}),
    }[step]
    if before:
        ensure(ansible, **{"name": "contacts", **before})
    emulator.switches.set("role", "user")
    emulator.switches.set("level_refused", answer)
    result = ensure(ansible, **{"name": "contacts", **options})
    assert result["failed"] and result["actions"] == [] and not result["changed"]
    silent = engine == "v2" and answer == "ignored"
    assert result["error"]["kind"] == ("partly_ignored" if silent else "forbidden")
    assert not silent or "were ignored" in result["msg"]


def test_a_loss_that_nothing_tells_is_found(ansible, emulator, engine):
    emulator.switches.set("unmapped_path", "dropped")
    stray = {**STRIPE, "fields": [*STRIPE["fields"], {"path": "stray", "vendor_path": "s"}]}
    result = ensure(ansible, **{**CONTACTS, "transformations": [stray]})
    assert result["error"]["kind"] == "partly_ignored" and "field 'stray'" in result["msg"]
    assert len(result["actions"]) == 2 and result["changed"]
    emulator.switches.set("definition_put", "merge")
    result = ensure(ansible, name="contacts", fields=FIELDS[:1])
    assert result["error"]["kind"] == "partly_ignored" and "phones[*].number" in result["msg"]
    assert result["actions"] == [] and not result["changed"]


def test_what_the_platform_refuses_says_what_was_done(ansible, emulator):
    stray = {**STRIPE, "fields": [{"path": "stray"}]}
    result = ensure(ansible, **{**CONTACTS, "transformations": [stray]})
    assert result["error"]["kind"] == "refused" and result["actions"] == ["create common resource 'contacts'"]
    assert "no field stray" in result["msg"] and result["changed"]


def test_an_element_that_does_not_exist_is_found_before_anything_is_written(ansible, emulator):
    result = same(ansible, emulator, **{**CONTACTS, "transformations": [{**STRIPE, "element_key": "stripee"}]})
    assert result["error"]["kind"] == "not_found" and "Did you mean 'stripe'?" in result["msg"]
    emulator.switches.set("catalog_auth", "forbidden")
    assert ensure(ansible, **CONTACTS)["changed"]


def test_the_old_script_engine_is_no_way_back(ansible, emulator):
    ensure(ansible, **CONTACTS)
    result = same(ansible, emulator, **{**CONTACTS, "transformations": [{**STRIPE, "is_legacy": True}]})
    assert result["error"]["kind"] == "invalid_options"


@pytest.mark.parametrize("duplicate", [409, 200])
def test_another_run_that_comes_first_is_adopted(ansible, emulator, engine, duplicate):
    emulator.switches.set("transformation_twice", duplicate)
    nothing = {"message": "No object definition found with name contacts", "requestId": "r"}
    emulator.seed.definition("contacts", [{"path": "theirs"}])
    emulator.inject(Fault("status", status=404, body=nothing, method="GET", path="/objects/contacts/definitions$"))
    result = ensure(ansible, name="contacts", fields=FIELDS)
    assert not result.get("failed") and any("Another run came first" in each for each in result["warnings"])
    assert result["actions"] == ["change fields 'address.city', 'email', 'phones[*].number', 'theirs'"]
    ensure(ansible, **CONTACTS)
    emulator.inject(Fault("status", status=404, body=nothing, method="GET", path="/transformations/contacts$"))
    assert not ensure(ansible, **CONTACTS).get("failed")
    assert not ensure(ansible, **CONTACTS)["changed"]


@pytest.mark.parametrize(
    "name",
    ["F&O", "it's", 'a "quote"', "a/b", "50%", "a?b#c", "{{ template }}", "naïve ü", "a.b", "...", "a b", "a;b", "%41"],
)
def test_names_that_are_only_data(ansible, emulator, engine, name):
    options = {**CONTACTS, "name": name}
    assert same(ansible, emulator, **options)["changed"]
    assert [each.name for each in kept(emulator).named(name)] == [name]
    assert not same(ansible, emulator, **options)["changed"]
    (row,) = listed(ansible)
    assert row["name"] == name
    assert same(ansible, emulator, name=name, state="absent")["changed"] and not kept(emulator).named(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "../x",
        "a/../b",
        "a/..",
        "a//b",
        "/a",
        "a/",
        "a\\..\\b",
        "..;x",
        "%2e%2e",
        "%252e%252e",
        "a\nb",
        "<b>",
    ],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_names_that_a_path_could_be_changed_by_are_refused(ansible, emulator, name, state):
    emulator.clear()
    for options in ({**CONTACTS, "name": name}, {**CONTACTS, "transformations": [{**STRIPE, "element_key": name}]}):
        result = ensure(ansible, state=state, **options)
        assert result["error"]["kind"] == "invalid_options" and emulator.requests == []
    assert ansible.run({"name": name}, module="common_resource_info")["error"]["kind"] == "invalid_options"
    assert emulator.requests == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "organization", "account_id": 1}, "account_id is set"),
        ({"level": "instance"}, "instance is required"),
        ({"instance": {"id": 1}}, "instance is required"),
        ({"level": "instance", "instance": {"name": "x"}}, "either element_key and name, or id"),
        ({"fields": [{"path": "a"}, {"path": "a"}]}, "fields holds two items with path 'a'"),
        ({"fields": [{"path": " "}]}, "fields[0].path is empty"),
        ({"fields": [{"path": "a", "type": ""}]}, "fields[0].type is empty"),
        ({"transformations": [STRIPE, STRIPE]}, "two items with element_key 'stripe'"),
        ({"transformations": [{**STRIPE, "element_key": "39"}]}, "Give the key"),
        ({"transformations": [{**STRIPE, "script": 5}]}, "script must be a text"),
        ({"transformations": [{**STRIPE, "script": {"body": "x", "mimetype": "y"}}]}, "'mimetype'"),
        ({"transformations": [{**STRIPE, "script": "let a = '********';"}]}, "holds a mask"),
        ({"transformations": [{**STRIPE, "configuration": [{"properties": {}}]}]}, "configuration[0] has no type"),
        ({"transformations": [{**STRIPE, "fields": [{"path": "a"}, {"path": "a"}]}]}, "path and vendor_path"),
        ({"purge_transformations": True, "transformations": None}, "purge_transformations is set without"),
    ],
)
def test_options_that_cannot_be_used(ansible, emulator, options, said):
    result = ensure(ansible, **{**CONTACTS, **options})
    assert result["error"]["kind"] == "invalid_options" and said in result["msg"]
    assert emulator.requests == []


def test_secrets_of_the_connection_are_not_shown_and_scripts_are(ansible, emulator):
    secret = emulator.user_secret
    leaking = f"first();\ncall('{secret}');\nlast();\n"
    options = {**CONTACTS, "transformations": [{**STRIPE, "script": leaking}]}
    result = ensure(ansible, **options)
    body = result["common_resource"]["transformations"][0]["script"]["body"]
    assert body == "first();\n********\nlast();\n"
    (row,) = listed(ansible)
    assert ensure(ansible, **row)["error"]["kind"] == "invalid_options", "a mask never replaces what is stored"
    emulator.switches.set("echo_secrets", True)
    assert ensure(ansible, **options, description="x")["error"]["kind"] == "partly_ignored", "the header echoes it"
    emulator.switches.set("privileges", "-editCommonObjects")
    assert ensure(ansible, name="contacts", fields=FIELDS[:1])["failed"]
    assert secret not in ansible.output


def test_the_definitions_of_several_are_listed_once(emulator):
    for name in ("a", "b"):
        emulator.seed.definition(name, [{"path": "x"}])
    wanted = [desired.DesiredCommonResource(name, fields=(desired.Field("x"),)) for name in ("a", "b", "c", "a")]
    run = Run(connection(), (), check_mode=False)
    kind = resource.CommonResourceKind()
    emulator.clear()
    with Workers(run, 2) as workers:
        plan = make_plan(kind, [Parsed(Entry("", {}), each) for each in wanted], workers)
        assert [seen.path for seen in emulator.requests] == [
            "/accounts/objects/definitions",
            "/accounts/objects/c/definitions",
            "/accounts",  # Two are called "a": they may be one with the id of the own account and without.
        ]
        items = apply(kind, plan.items, workers).items
    run.close()
    assert [type(item).__name__ for item in items] == ["Applied", "Applied", "Applied", "Failed"]
    assert [len(item.steps) for item in items] == [0, 0, 1, 0]


SWITCHES = [
    ("listing_lag", 1.0),
    ("object_names", "strict"),
    ("transformation_without_definition", 400),
    ("transformation_without_definition", 200),
    ("transformation_twice", 200),
    ("inherited_fields", "always"),
    ("unmapped_path", "dropped"),
    ("unmapped_path", "kept"),
    ("definition_put", "merge"),
    ("vdr_endpoints", "missing"),
    ("refused_on_v2", "none"),
    ("accounts_listed", "own"),
    ("id_form", "string"),
    ("catalog_auth", "open"),
    ("level_refused", "403"),
]


@pytest.mark.parametrize(("switch", "value"), SWITCHES)
def test_the_whole_life_whatever_the_platform_does(ansible, emulator, engine, switch, value):
    emulator.switches.set(switch, value)
    more = {**CONTACTS, "fields": [*FIELDS, {"path": "more"}], "transformations": [{**STRIPE, "vendor_name": "people"}]}
    for options, count in ((CONTACTS, 2), (more, 2), ({"name": "contacts", "state": "absent"}, 2)):
        assert len(same(ansible, emulator, **options)["actions"]) == count
        again = same(ansible, emulator, **options)
        assert not again["changed"] and not again.get("failed")
    assert not kept(emulator).named("contacts") and not kept(emulator).mapped("contacts")


def test_another_account_that_is_shown_as_the_own_one_is_left_alone(ansible, emulator):
    other = emulator.seed.subaccount("other")
    emulator.switches.set("accounts_listed", "other_default")
    emulator.seed.definition("contacts", [{"path": "theirs"}], "account", other)
    emulator.seed.transformation("contacts", "stripe", {"vendorName": "theirs"}, "account", other)
    for options in (CONTACTS, {**CONTACTS, "fields": None}, {"name": "contacts", "state": "absent"}):
        result = same(ansible, emulator, **options)
        assert result.get("failed") or not result["changed"]
        assert not any("mapping" in action for action in result["actions"])
    result = same(ansible, emulator, **CONTACTS)
    assert result["error"]["kind"] == "forbidden" and str(other) in result["msg"] and "account_id" in result["msg"]
    assert result["actions"] == [] and "DELETE" not in methods(emulator)
    (theirs,) = kept(emulator).mapped("contacts")
    assert theirs.vendor_name == "theirs"
    assert same(ansible, emulator, **CONTACTS, account_id=own_id(emulator))["changed"]


def test_a_change_keeps_what_another_run_changed_in_between(ansible, emulator, monkeypatch):
    ensure(ansible, **CONTACTS)
    carry_out = CommonResourceExecutor.execute

    def late(self, step, observed):
        kept(emulator).mapped("contacts")[0].vendor_name = "theirs"
        return carry_out(self, step, observed)

    monkeypatch.setattr(CommonResourceExecutor, "execute", late)
    assert ensure(ansible, name="contacts", transformations=[{"element_key": "stripe", "script": "done(1);"}])[
        "changed"
    ]
    (mapping,) = kept(emulator).mapped("contacts")
    assert mapping.vendor_name == "theirs" and mapping.script["body"] == "done(1);"
