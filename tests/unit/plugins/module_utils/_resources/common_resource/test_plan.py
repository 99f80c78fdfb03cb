# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.common_resource_models import (
    V1,
    V2,
    Definition,
    Field,
    MappedField,
    Place,
    Script,
    Transformation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.comparison import (
    definition_differences,
    in_words,
    same_entries,
    same_script,
    transformation_differences,
    wanted_definition,
    wanted_transformation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.desired import (
    DesiredCommonResource,
    DesiredMapping,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.plan import (
    DeleteDefinition,
    DeleteMapping,
    Observed,
    WriteDefinition,
    WriteMapping,
    known,
    plan,
)
from hypothesis import assume, given
from hypothesis import strategies as st

ACCOUNT = Place("account", 7)
paths = st.sampled_from(["a", "b", "c"])
types = st.sampled_from([None, "string", "date"])
words = st.sampled_from([None, "", "shown"])
entries = st.lists(
    st.sampled_from([{"type": "inherit"}, {"type": "passThrough", "properties": {"toVendor": True}}]), max_size=2
).map(tuple)
optional_entries = st.none() | entries
legacy = st.none() | st.just(False)
scripts = st.none() | st.builds(
    Script, st.sampled_from(["", "x();", "y();\n"]), st.none(), st.sampled_from([None, True, False])
)


def unique(items, key):
    return st.lists(items, max_size=3, unique_by=key).map(lambda found: tuple(sorted(found, key=key)))


def by_path(field):
    return field.path


def by_identity(mapped):
    return mapped.identity


wanted_fields = unique(st.builds(Field, paths, types, words), by_path)
kept_fields = unique(
    st.builds(Field, paths, st.sampled_from(["string", "date"]), st.sampled_from(["", "shown"])), by_path
)
wanted_mapped = unique(st.builds(MappedField, paths, st.none() | paths, types, types, optional_entries), by_identity)
definitions = st.builds(
    Definition, st.just("n"), kept_fields, st.sampled_from([None, "old"]), st.sampled_from([V1, V2]), st.just(1)
).map(lambda it: it if it.version == V2 else dataclasses.replace(it, description=None))
transformations = st.builds(
    Transformation,
    st.just("n"),
    st.just("v"),
    unique(st.builds(MappedField, paths, st.none() | paths, st.just("string"), types, entries), by_identity),
    entries,
    st.none() | st.builds(Script, st.sampled_from(["x();", "y();"]), st.just("application/javascript"), st.booleans()),
    st.booleans(),
)
keys = st.sampled_from(["stripe", "sfdc"])
mappings = st.builds(
    DesiredMapping, keys, st.just("v"), st.none() | wanted_mapped, optional_entries, scripts, legacy, st.booleans()
)
wishes = st.builds(
    DesiredCommonResource,
    name=st.just("n"),
    description=st.sampled_from([None, "new"]),
    fields=wanted_fields,
    mappings=st.lists(mappings, max_size=2, unique_by=lambda it: it.element_key).map(tuple),
    purge=st.booleans(),
    present=st.booleans(),
)
states = st.builds(
    Observed,
    place=st.just(ACCOUNT),
    definition=st.none() | definitions,
    mappings=st.dictionaries(keys, transformations),
    version=st.sampled_from([V1, V2]),
    all_known=st.just(True),
)


def loses_all_fields(wish, observed):
    return wish.present and wish.fields == () and observed.definition is not None and bool(observed.definition.fields)


def test_a_definition_never_loses_all_fields():
    there = Observed(ACCOUNT, Definition("n", (Field("a", "string", ""),), None, V2, 1), all_known=True)
    with pytest.raises(CloudElementsError, match="would lose all fields") as caught:
        plan(DesiredCommonResource("n", fields=()), there)
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    assert plan(DesiredCommonResource("n", fields=()), there.defined(Definition("n", version=V2))) == ()


@given(wishes, states)
def test_the_steps_lead_to_what_is_desired_and_then_there_are_none(wish, observed):
    assume(not loses_all_fields(wish, observed))
    steps = plan(wish, observed)
    for step in steps:
        assert step.lacks(observed)
        observed = step.predict(observed)
        assert step.lacks(observed) == ()
    assert plan(wish, observed) == ()
    if not wish.present:
        assert not observed.is_there
    if wish.purge:
        assert (
            observed.mappings.keys() <= {each.element_key for each in wish.mappings if each.present} or not wish.present
        )


@given(wishes, states)
def test_the_definition_comes_first_and_goes_last(wish, observed):
    assume(not loses_all_fields(wish, observed))
    steps = plan(wish, observed)
    kinds = [type(step) for step in steps]
    if WriteDefinition in kinds:
        assert kinds.index(WriteDefinition) == 0 and kinds.count(WriteDefinition) == 1
    if DeleteDefinition in kinds:
        assert kinds[-1] is DeleteDefinition and set(kinds[:-1]) <= {DeleteMapping}


THERE = Observed(
    ACCOUNT,
    Definition("n", (Field("a", "string", ""),), None, V2, 1),
    {"stripe": Transformation("n", "v", is_legacy=False, script=Script("x();", "application/javascript", False))},
    all_known=True,
)


NO_FIELDS = "The common resource 'n' at level account does not exist, and without fields it cannot be created."
UNKNOWN = (
    "The common resource 'n' at level account was not changed: the platform does not tell what another account maps it "
    "to, so it cannot be known what {} would remove. Run with the secrets of that account, and without account_id."
)


@pytest.mark.parametrize(
    ("wish", "observed", "kind", "message"),
    [
        (DesiredCommonResource("n"), Observed(ACCOUNT), ErrorKind.NOT_FOUND, NO_FIELDS),
        (
            DesiredCommonResource("n", description="x"),
            Observed(ACCOUNT, inherited=True),
            ErrorKind.NOT_FOUND,
            NO_FIELDS,
        ),
        (
            DesiredCommonResource("n", mappings=(DesiredMapping("sfdc"),)),
            THERE,
            ErrorKind.INVALID_OPTIONS,
            "The common resource 'n' at level account is not mapped to element 'sfdc' yet, so the mapping needs "
            "vendor_name.",
        ),
        (
            DesiredCommonResource("n", mappings=(DesiredMapping("stripe", is_legacy=True),)),
            THERE,
            ErrorKind.INVALID_OPTIONS,
            "The mapping of the common resource 'n' at level account to element 'stripe' cannot have is_legacy true: "
            "it runs on the new script engine, and the platform does not go back. Remove it first, or leave is_legacy "
            "out.",
        ),
        (
            DesiredCommonResource("n", present=False),
            dataclasses.replace(THERE, formulas=("f",)),
            ErrorKind.IN_USE,
            "The common resource 'n' at level account was not removed: these formulas use it: 'f'. Change or remove "
            "them first.",
        ),
        (
            DesiredCommonResource("n", present=False),
            dataclasses.replace(THERE, all_known=False),
            ErrorKind.FORBIDDEN,
            UNKNOWN.format("state=absent"),
        ),
        (
            DesiredCommonResource("n", purge=True),
            dataclasses.replace(THERE, all_known=False),
            ErrorKind.FORBIDDEN,
            UNKNOWN.format("purge_transformations"),
        ),
    ],
)
def test_what_must_not_be_is_an_error(wish, observed, kind, message):
    with pytest.raises(CloudElementsError) as caught:
        plan(wish, observed)
    assert (caught.value.kind, caught.value.message) == (kind, message)


def test_a_removal_takes_the_mappings_first():
    steps = plan(DesiredCommonResource("n", present=False), THERE)
    assert steps == (DeleteMapping("stripe", "remove"), DeleteDefinition("n"))
    assert [step.lacks(THERE) for step in steps] == [("the deletion",), ("the deletion",)]
    assert [step.lacks(Observed(ACCOUNT)) for step in steps] == [(), ()]
    with pytest.raises(AssertionError, match=r"^Every common resource is observed\.$"):
        known(None)


def test_mappings_that_are_not_listed_are_purged():
    assert plan(DesiredCommonResource("n", purge=True), THERE) == (DeleteMapping("stripe"),)
    absent = DesiredCommonResource("n", mappings=(DesiredMapping("stripe", present=False),))
    assert plan(absent, THERE) == (DeleteMapping("stripe"),)


ENTRY = {"type": "inherit"}


def test_a_definition_is_predicted_as_each_engine_keeps_it():
    wanted = Definition("n", (Field("a", None, "A"), Field("b", "date")), "d")
    there = dataclasses.replace(THERE, definition=dataclasses.replace(THERE.definition, version=V1))
    assert WriteDefinition(wanted).predict(there).definition == Definition(
        "n", (Field("a", "string", ""), Field("b", "date", "")), None, V1
    )
    kept = Definition("n", (Field("a", "string", "A"), Field("b", "date", "")), "d", V2)
    assert WriteDefinition(wanted).predict(Observed(ACCOUNT, version=V2)).definition == kept
    assert WriteDefinition(wanted).predict(Observed(ACCOUNT)).definition == dataclasses.replace(kept, version=None)
    assert WriteDefinition(wanted).lacks(Observed(ACCOUNT)) == ("everything",)
    assert WriteDefinition(wanted).body() == {
        "fields": [{"path": "a", "displayName": "A"}, {"path": "b", "type": "date"}],
        "description": "d",
    }


def test_a_mapping_is_sent_whole_and_its_types_are_those_of_the_definition():
    fields = (
        MappedField("a", "x", None, "text", (ENTRY,)),
        MappedField("b", "y", "date"),
        MappedField("c", "z"),
    )
    wanted = Transformation("n", "v", fields, (ENTRY,), is_legacy=False)
    step = WriteMapping("stripe", wanted)
    assert step.body() == {
        "vendorName": "v",
        "fields": [
            {"path": "a", "vendorPath": "x", "vendorType": "text", "configuration": [ENTRY]},
            {"path": "b", "vendorPath": "y", "type": "date"},
            {"path": "c", "vendorPath": "z"},
        ],
        "configuration": [ENTRY],
        "isLegacy": False,
    }
    observed = Observed(ACCOUNT, Definition("n", (Field("a", "number"), Field("b", "string"))))
    assert [each.type for each in step.predict(observed).mappings["stripe"].fields] == ["number", "date", "string"]
    assert [each.configuration for each in step.predict(observed).mappings["stripe"].fields] == [(ENTRY,), (), ()]
    assert step.predict(Observed(ACCOUNT)).mappings["stripe"].fields[0].type == "string"
    assert step.lacks(observed) == ("everything",)


def test_a_change_of_the_definition_is_one_step_that_says_what_changes():
    wish = DesiredCommonResource("n", description="d", fields=(Field("b", "date"),))
    wanted = dataclasses.replace(THERE.definition, fields=(Field("b", "date"),), description="d")
    assert plan(wish, THERE) == (WriteDefinition(wanted, ("field 'a'", "field 'b'", "description")),)
    (step,) = plan(DesiredCommonResource("n", fields=(Field("a"),)), Observed(ACCOUNT))
    assert step == WriteDefinition(Definition("n", (Field("a"),)))
    (step,) = plan(DesiredCommonResource("n", mappings=(DesiredMapping("sfdc", "v"),)), THERE)
    assert step == WriteMapping("sfdc", Transformation("n", "v"))


def test_what_a_definition_leaves_out_stays():
    there = Definition("n", (Field("a", "date", "A"), Field("b", "string", "B")), "d", V2, 1)
    assert wanted_definition(DesiredCommonResource("n", fields=(Field("b"), Field("a"))), there) == there
    more = DesiredCommonResource("n", description="", fields=(Field("a", "string", "C"), Field("c", "date")))
    assert wanted_definition(more, there) == dataclasses.replace(
        there, fields=(Field("a", "string", "C"), Field("c", "date")), description=""
    )


FULL = Transformation(
    "n",
    "v",
    (MappedField("a", "x", "string", "text", (ENTRY,)), MappedField("b", "y", "date", "day", ())),
    (ENTRY,),
    Script("x();", "text/x", True),
    False,
)


def test_what_a_mapping_leaves_out_stays():
    assert wanted_transformation("n", DesiredMapping("stripe"), FULL) == FULL
    given = DesiredMapping(
        "stripe", fields=(MappedField("b", "y"), MappedField("a", "x")), script=Script("y();", None, None)
    )
    assert wanted_transformation("n", given, FULL) == dataclasses.replace(FULL, script=Script("y();", "text/x", True))
    more = DesiredMapping(
        "stripe",
        "w",
        (MappedField("a", "x", "date", "day", ()),),
        (),
        Script("y();", "text/y", False),
        True,
    )
    assert wanted_transformation("n", more, FULL) == Transformation(
        "n", "w", (MappedField("a", "x", "date", "day", ()),), (), Script("y();", "text/y", False), True
    )
    assert wanted_transformation("n", DesiredMapping("stripe", script=Script("", None, None)), FULL).script is None
    new = wanted_transformation(
        "n", DesiredMapping("stripe", fields=(MappedField("q"),), script=Script("y();", None, None)), None
    )
    assert new.script == Script("y();", "application/javascript", False)
    assert (new.name, new.vendor_name, new.fields) == ("n", "", (MappedField("q"),))


def test_differences_are_told_in_words():
    other = Transformation(
        "n", "w", (MappedField("a", "x", "string", "other", (ENTRY,)), MappedField("c", "y", "date")), (), None, True
    )
    told = transformation_differences(other, FULL)
    assert told == (
        "vendor name to 'w'",
        "field 'a'",
        "field 'b'",
        "field 'c'",
        "configuration",
        "script",
        "script engine",
    )
    assert in_words(told) == "fields 'a', 'b', 'c', vendor name to 'w', configuration, script, script engine"
    assert in_words(("field 'a'",)) == "field 'a'" and in_words(("script",)) == "script" and in_words(()) == ""
    assert in_words(("field 'a'", "field 'b'")) == "fields 'a', 'b'"
    for field in (
        MappedField("a", "x", "date", "text", (ENTRY,)),
        MappedField("a", "x", "string", "other", (ENTRY,)),
        MappedField("a", "x", "string", "text", ()),
    ):
        assert transformation_differences(dataclasses.replace(FULL, fields=(field, FULL.fields[1])), FULL) == (
            "field 'a'",
        )
    left_open = dataclasses.replace(FULL, fields=(MappedField("a", "x"), MappedField("b", "y")))
    assert transformation_differences(left_open, FULL) == ()


def test_differences_of_a_definition_are_told_in_words():
    there = Definition("n", (Field("a", "string", "A"), Field("b", "date", "")), "d", V2)
    assert definition_differences(there, there) == ()
    wanted = Definition("n", (Field("a", "string", "B"), Field("c")), "e")
    assert definition_differences(wanted, there) == ("field 'a'", "field 'b'", "field 'c'", "description")
    on_v1 = dataclasses.replace(there, version=V1)
    assert definition_differences(dataclasses.replace(wanted, fields=there.fields), on_v1) == ()
    assert definition_differences(Definition("n", (Field("a"), Field("b", None, ""))), there) == ()
    bare = dataclasses.replace(there, description=None)
    assert definition_differences(dataclasses.replace(there, description=""), bare) == ()


def test_a_change_sends_all_that_is_there():
    wish = DesiredCommonResource("n", mappings=(DesiredMapping("stripe", "w"),))
    (step,) = plan(wish, THERE)
    assert isinstance(step, WriteMapping) and step.action == "change vendor name to 'w' of mapping to element 'stripe'"
    assert step.body() == {
        "vendorName": "w",
        "fields": [],
        "configuration": [],
        "isLegacy": False,
        "script": {"body": "x();", "mimeType": "application/javascript", "filterEmptyResponse": False},
    }


def test_words_are_only_sent_to_an_engine_that_keeps_them():
    wish = DesiredCommonResource("n", description="d", fields=(Field("a", None, "A"),))
    (step,) = plan(wish, Observed(ACCOUNT))
    assert step.body() == {"fields": [{"path": "a", "displayName": "A"}], "description": "d"}
    assert step.body(keeps_words=False) == {"fields": [{"path": "a"}]}


def test_order_and_spelling_of_configuration_do_not_count():
    one = {"type": "passThrough", "properties": {"toVendor": True, "fromVendor": False}}
    text = {"type": "passThrough", "properties": {"fromVendor": "false", "toVendor": "true"}}
    assert same_entries([one, {"type": "inherit"}], [{"type": "inherit"}, text])
    assert not same_entries([one], [one, one]) and not same_entries([one, one], [one])
    assert not same_entries([one], [{"type": "passThrough", "properties": {"toVendor": True, "fromVendor": True}}])


def test_only_white_space_at_the_end_of_a_script_does_not_count():
    left = Script("a();\nb();\n", "application/javascript", False)
    assert same_script(left, dataclasses.replace(left, body="a();\r\nb();"))
    for other in ("a(); \nb();", " a();\nb();", "a();\n\nb();"):
        assert not same_script(left, dataclasses.replace(left, body=other))
    assert not same_script(left, dataclasses.replace(left, mime_type="text/x"))
    assert not same_script(left, dataclasses.replace(left, filter_empty_response=True))
    assert same_script(None, None) and not same_script(left, None) and not same_script(None, left)


def test_a_field_keeps_what_is_known_of_its_path_if_that_is_there_once():
    there = Transformation(
        "stripe",
        "customers",
        fields=(MappedField("a", "x", "string"), MappedField("b", "y", "date"), MappedField("b", "z")),
    )
    wish = DesiredMapping("stripe", fields=tuple(MappedField(path, "new") for path in ("a", "b")))
    assert [field.type for field in wanted_transformation("stripe", wish, there).fields] == ["string", None]
    exact = DesiredMapping("stripe", fields=(MappedField("b", "y"), MappedField("b", "z")))
    assert [field.type for field in wanted_transformation("stripe", exact, there).fields] == ["date", None]


def test_an_empty_list_of_fields_is_no_removal():
    there = Definition("contacts", fields=(Field("a"),))
    with pytest.raises(CloudElementsError) as caught:
        plan(DesiredCommonResource("contacts", fields=()), Observed(ACCOUNT, there))
    assert caught.value.message.endswith("that one is empty. To remove the common resource, use state=absent.")
