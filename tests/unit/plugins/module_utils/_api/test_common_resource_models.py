# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.common_resource_models import (
    V1,
    V2,
    Field,
    Mapped,
    Place,
    definition_from,
    definitions_from,
    exported_keys_from,
    formulas_using,
    mapped_from,
    transformation_from,
    version_from,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import ShapeError
from hypothesis import given
from hypothesis import strategies as st

ACCOUNT = Place("account", 7)
INSTANCE = Place("instance", 9)
OWN = {"path": "a", "type": "string", "level": "account", "displayName": "A"}
UPPER = {"path": "u", "type": "string", "level": "organization"}
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["fields", "level", "script", "configuration", "vendorName", "path", "transformation", "element"]
            ),
            inner,
        )
    ),
    max_leaves=8,
)


def test_only_what_belongs_to_the_level_is_kept():
    found = definition_from({"id": 1, "objectName": "n", "fields": [OWN, UPPER]}, ACCOUNT, "n")
    assert found.fields == (Field("a", "string", "A"),) and found.version == V2
    assert definition_from({"fields": [UPPER]}, ACCOUNT, "n") is None
    assert definition_from({"fields": [], "level": "organization"}, ACCOUNT, "n") is None
    assert definition_from({"fields": [], "level": "account"}, ACCOUNT, "n").version == V1
    of_another = {"path": "a", "level": "instance", "associatedId": 8}
    assert definition_from({"fields": [of_another]}, INSTANCE, "n") is None
    assert definition_from({"fields": [{**of_another, "associatedId": "9"}]}, INSTANCE, "n").fields


@pytest.mark.parametrize(("told", "owner"), [([7], 7), (["7", 7], 7), (["x"], None), ([None], None)])
def test_the_account_of_a_definition_is_what_its_fields_agree_on(told, owner):
    rows = [{"path": str(at), "level": "account", "associatedId": each} for at, each in enumerate(told)]
    assert definition_from({"fields": rows}, ACCOUNT, "n").owner_id == owner
    assert definition_from({"fields": rows}, ACCOUNT, "n").fields


def test_what_belongs_to_another_account_is_not_taken_for_ours():
    rows = [{"path": str(owner), "level": "account", "associatedId": owner} for owner in (7, 8)]
    rows.append({"path": "told", "level": "account"})
    ours = definition_from({"fields": rows}, Place("account", 8), "n")
    assert [field.path for field in ours.fields] == ["8", "told"] and ours.owner_id == 8
    with pytest.raises(ShapeError, match="several accounts"):
        definition_from({"fields": rows}, Place("account"), "n")
    body = {"vendorName": "v", "fields": rows, "configuration": [{"type": "t", "level": "account", "associatedId": 7}]}
    kept = transformation_from(body, Place("account", 8), "n")
    assert [field.path for field in kept.fields] == ["8", "told"] and kept.configuration == ()
    with pytest.raises(ShapeError, match="several accounts"):
        transformation_from(body, Place("account", 9), "n")


def test_a_transformation_of_levels_above_alone_is_none_of_this_one():
    body = {"vendorName": "v", "fields": [UPPER], "script": {"body": "x", "level": "organization"}}
    assert transformation_from(body, ACCOUNT, "n") is None
    kept = transformation_from({**body, "configuration": [{"type": "inherit", "level": "account"}]}, ACCOUNT, "n")
    assert (kept.fields, kept.script, kept.configuration) == ((), None, ({"type": "inherit"},))
    assert transformation_from({"vendorName": "v"}, ACCOUNT, "n").fields == ()


@given(json)
def test_an_answer_of_any_shape_is_read_or_refused(body):
    for parse in (
        lambda: definition_from(body, ACCOUNT, "n"),
        lambda: transformation_from(body, ACCOUNT, "n"),
        lambda: definitions_from(body, ACCOUNT),
        lambda: mapped_from(body),
        lambda: exported_keys_from(body),
        lambda: formulas_using(body),
        lambda: version_from(body),
    ):
        try:
            parse()
        except ShapeError:
            continue


def test_the_lists():
    rows = [{"level": "account", "account": {"id": "7"}, "element": {"key": "stripe"}}]
    assert mapped_from(rows) == (Mapped("stripe", "account", 7),)
    assert exported_keys_from({"transformation": {"stripe": {}}}) == ("stripe",)
    for parse in (exported_keys_from, formulas_using):
        with pytest.raises(ShapeError):
            parse({})  # Nothing is known then, which is not the same as none.
    usages = [{"formulaName": "f", "usageCount": 1}, {"formulaName": "g", "usageCount": 0}, {"formulaName": "h"}]
    assert formulas_using({"formulaUsages": usages}) == ("f", "h")
    assert version_from({"vdrVersion": "v1"}) == V1 and version_from({"vdrVersion": "v9"}) is None
    listed = definitions_from({"n": {"fields": [OWN]}, "odd": {"fields": 5}, "m": {"objectName": "other"}}, ACCOUNT)
    assert listed["n"].fields and listed["odd"] is None and listed["m"] is None
    with pytest.raises(ShapeError):
        definitions_from([], ACCOUNT)
