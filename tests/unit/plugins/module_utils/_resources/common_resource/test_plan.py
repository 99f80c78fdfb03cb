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
    same_entries,
    same_script,
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
    plan,
)
from hypothesis import given
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


@given(wishes, states)
def test_the_steps_lead_to_what_is_desired_and_then_there_are_none(wish, observed):
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


@pytest.mark.parametrize(
    ("wish", "observed", "kind"),
    [
        (DesiredCommonResource("n"), Observed(ACCOUNT), ErrorKind.NOT_FOUND),
        (DesiredCommonResource("n", description="x"), Observed(ACCOUNT, inherited=True), ErrorKind.NOT_FOUND),
        (DesiredCommonResource("n", mappings=(DesiredMapping("sfdc"),)), THERE, ErrorKind.INVALID_OPTIONS),
        (
            DesiredCommonResource("n", mappings=(DesiredMapping("stripe", is_legacy=True),)),
            THERE,
            ErrorKind.INVALID_OPTIONS,
        ),
        (DesiredCommonResource("n", present=False), dataclasses.replace(THERE, formulas=("f",)), ErrorKind.IN_USE),
        (DesiredCommonResource("n", present=False), dataclasses.replace(THERE, all_known=False), ErrorKind.FORBIDDEN),
        (DesiredCommonResource("n", purge=True), dataclasses.replace(THERE, all_known=False), ErrorKind.FORBIDDEN),
    ],
)
def test_what_must_not_be_is_an_error(wish, observed, kind):
    with pytest.raises(CloudElementsError) as caught:
        plan(wish, observed)
    assert caught.value.kind is kind


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
