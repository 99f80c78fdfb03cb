# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance, instance_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.convergence import converge
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.engine import apply_one, plan_one
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import (
    Applied,
    Entry,
    Failed,
    Parsed,
    Planned,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import DryRun, StepResult
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.workers import Workers
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.observation import (
    SearchObserver,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import Baseline
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import SetEnabled, plan
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.resource import (
    InstanceResource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import Seal
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    LOST,
    OVERDUE,
    Stage,
    Turn,
    answered,
    asked_for_users,
    deleted,
    desired,
    light,
    limited,
    list_fails,
    listed,
    patched,
    pause,
    posted,
    read,
    read_fails,
    read_missing,
    refused,
    row,
    surveyed,
    unavailable,
)
from hypothesis import given
from hypothesis import strategies as st

RENAME = {"name": "payments"}
OLD = row(7, name="old", tags=["a"])
NEW = row(7, name="payments", tags=["a"])


RESOURCE = InstanceResource(lambda _parsed, _client: SearchObserver())


def outcome(stage: Stage, wish: DesiredInstance, there: dict[str, t.Any] | None, *, settle: bool | None = None):
    """Return what becomes of one planned instance. A new name is looked for unless the instance is meant by its id."""
    observed = None if there is None else instance_from(there)
    planned = plan_one(RESOURCE, Parsed(Entry("", {}), wish), observed)
    result = apply_one(RESOURCE, planned, Baseline(), stage.client)
    if wish.id is not None if settle is None else not settle:
        return result
    with Workers(stage.run) as workers:
        (settled,) = RESOURCE.settle([result], Baseline(), workers)
    return settled


def actions(result) -> list[str]:
    return [step.action for step in result.steps]


def apply(stage: Stage, wish: DesiredInstance, there: dict[str, t.Any] | None):
    """Return the instance that a run ends with, and what it did in words. Raise its error."""
    result = outcome(stage, wish, there)
    if isinstance(result, Failed):
        raise result.error
    return result.observed, actions(result)


def unsettled(wish: DesiredInstance, instance: Instance | None) -> str | None:
    """Return what a platform did not take, in words."""
    planned = Planned(Entry("", {}), wish, instance, (), instance)
    (note,) = RESOURCE.notes(Applied(planned, (), instance)) or ("would still have to None.",)
    left = note.partition("would still have to ")[2].removesuffix(".")
    return None if left == "None" else left


def converged(wish: DesiredInstance, there: Instance | None, executor):
    return converge(lambda observed, sent: plan(wish, observed, already_sent=sent), there, executor)


def failure(wish: DesiredInstance, there: dict[str, t.Any] | None, *script, **settings) -> CloudElementsError:
    with Stage(*script, **settings) as stage, pytest.raises(CloudElementsError) as caught:
        apply(stage, wish, there)
    return caught.value


rename = desired(id=7)
absent = desired(present=False)


def test_what_is_as_wanted_takes_no_request():
    with Stage() as stage:
        assert apply(stage, desired(), NEW) == (instance_from(NEW), [])


def test_what_differs_is_sent_in_one_patch():
    body = {"name": "payments", "tags": ["b", "c"], "configuration": {"site": 5}}
    there = row(7, name="old", tags=["a"], configuration={"site": "4", "x": "y"})
    after = row(7, name="payments", tags=["c", "b"], configuration={"site": "5", "x": "y"})
    wish = desired(id=7, tags=frozenset({"b", "c"}), configuration={"site": 5})
    with Stage(patched(body, after)) as stage:
        assert apply(stage, wish, there)[0] == instance_from(after)


def test_an_answer_that_does_not_tell_all_is_completed_by_a_read():
    with Stage(patched(RENAME, light(7)), read(NEW)) as stage:
        assert apply(stage, rename, OLD)[0] == instance_from(NEW)


def test_a_patch_that_is_lost_but_done_is_not_sent_again():
    with Stage(patched(RENAME, LOST), pause(0.5), read(NEW)) as stage:
        instance, done = apply(stage, rename, OLD)
    assert instance == instance_from(NEW)
    assert len(done) == 1
    assert stage.client.calls == {"PATCH": 1, "GET": 1}


@pytest.mark.parametrize(("answer", "wait"), [(LOST, 0.5), (OVERDUE, 0.5), (refused(500), 0.5), (unavailable(9), 9)])
def test_a_patch_that_is_lost_and_not_done_is_sent_again_after_a_read(answer, wait):
    with Stage(patched(RENAME, answer), pause(wait), read(OLD), patched(RENAME, NEW)) as stage:
        instance, done = apply(stage, rename, OLD)
    assert instance == instance_from(NEW)
    assert len(done) == 1
    (report,) = stage.warnings
    assert report.endswith(" It had no visible effect. Sending it again.")


@pytest.mark.parametrize(
    ("wish", "there", "turn"),
    [
        (rename, OLD, patched(RENAME, LOST)),
        (absent, NEW, deleted(7, LOST)),
        (desired(enabled=False), NEW, Turn(Request("DELETE", "/instances/7/enabled"), LOST)),
    ],
    ids=["change", "delete", "disable"],
)
def test_what_is_seen_to_have_had_no_effect_is_given_up_when_no_resend_is_left(wish, there, turn):
    lost = (turn, pause(0.5), read(there))
    first = [read(there)] if wish is absent else []
    error = failure(wish, there, *first, *lost, *lost, *lost, retries=2)
    assert error.kind is ErrorKind.CONNECTION_LOST
    assert "not known" not in error.message


def test_without_resends_a_lost_patch_is_still_looked_for():
    with Stage(patched(RENAME, LOST), pause(0.5), read(NEW), retries=0) as stage:
        assert apply(stage, rename, OLD)[0] == instance_from(NEW)


def test_a_lost_patch_without_time_to_look_is_an_error_that_says_on_which_instance():
    error = failure(rename, OLD, patched(RENAME, LOST, lasting=600), deadline=600)
    assert "not known whether the instance 'payments' of element 'stripe' with id 7 was changed. " in error.message
    assert " It could not be looked at. The 600 seconds for the whole task" in error.message
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME


@pytest.mark.parametrize(
    ("wish", "turn"),
    [
        (rename, patched(RENAME, LOST)),
        (desired(present=False), deleted(7, LOST)),
        (desired(name=None, id=7, enabled=False), Turn(Request("DELETE", "/instances/7/enabled"), LOST)),
    ],
)
def test_a_lost_write_that_can_not_be_looked_for_has_an_unknown_outcome(wish, turn):
    there = {**OLD, "name": wish.name} if not wish.present else OLD
    first = [] if wish.present else [read(there)]
    error = failure(wish, there, *first, turn, pause(0.5), read_fails(refused(403)))
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "the connection broke" in error.message
    assert "403" in error.message


@pytest.mark.parametrize(
    ("wish", "there", "script", "done"),
    [
        (rename, OLD, (patched(RENAME, light(7)),), ["rename to 'payments'"]),
        (
            desired(enabled=False),
            NEW,
            (Turn(Request("DELETE", "/instances/7/enabled"), answered(None)),),
            ["disable"],
        ),
        (
            desired(),
            None,
            (posted(light(7)),),
            ["create instance 'payments' of element 'stripe'"],
        ),
        (
            desired(provider_data={"code": "c"}, reauthenticate=True),
            NEW,
            (patched({"name": "payments", "providerData": {"code": "c"}}, light(7)),),
            ["authenticate again with provider_data"],
        ),
    ],
    ids=["change", "disable", "create", "authenticate again"],
)
def test_what_was_accepted_is_done_even_if_it_can_not_be_read_afterwards(wish, there, script, done):
    looked = [listed(light(7), hydrate=False)] if there is None else []
    with Stage(*script, read_fails(refused(403)), *looked) as stage:
        result = outcome(stage, wish, there)
    assert actions(result) == done
    assert result.error.kind is ErrorKind.FORBIDDEN
    what = "The instance 'payments' of element 'stripe' with id 7 was written, but could not be read afterwards."
    assert result.error.message.startswith(f"{what} ")


@pytest.mark.parametrize("look", [read(NEW), read_fails(refused(403))])
def test_what_was_lost_is_done_only_where_that_is_seen(look):
    with Stage(patched(RENAME, LOST), pause(0.5), look) as stage:
        result = outcome(stage, rename, OLD)
    assert len(result.steps) == (look.answer.status == 200)


def test_a_create_whose_race_can_not_be_settled_is_done():
    with Stage(posted(row(7)), list_fails(refused(403), hydrate=False)) as stage:
        result = outcome(stage, desired(), None)
    assert actions(result) == ["create instance 'payments' of element 'stripe'"]
    assert "id 7" in result.error.message


def test_a_refused_step_is_not_done():
    with Stage(patched(RENAME, NEW), Turn(Request("DELETE", "/instances/7/enabled"), refused(403))) as stage:
        result = outcome(stage, desired(id=7, enabled=False), OLD)
    assert actions(result) == ["rename to 'payments'"]
    assert result.error.kind is ErrorKind.FORBIDDEN


def test_429_is_waited_for_and_the_patch_sent_again_without_a_read():
    with Stage(patched(RENAME, limited(3)), pause(3), patched(RENAME, NEW)) as stage:
        apply(stage, rename, OLD)


def test_a_refused_patch_is_an_error_at_once():
    assert failure(rename, OLD, patched(RENAME, refused(400))).kind is ErrorKind.REFUSED


def test_what_the_platform_does_not_take_is_sent_once_more_and_then_told():
    wish = desired(tags=frozenset({"b"}))
    body = {"tags": ["b"]}
    with Stage(patched(body, NEW), patched(body, NEW)) as stage:
        instance, done = apply(stage, wish, NEW)
    assert len(done) == 2
    assert unsettled(wish, instance) == "set tags to b"


def test_all_that_does_not_settle_is_told():
    wish = desired(tags=frozenset({"b"}), enabled=False)
    assert unsettled(wish, instance_from(NEW)) == "set tags to b and disable"


def test_what_settles_leaves_nothing_to_tell():
    assert unsettled(desired(), instance_from(NEW)) is None


def test_tags_that_a_create_does_not_clear_are_cleared_by_a_patch():
    wish = desired(tags=frozenset())
    body = {"element": {"key": "stripe"}, "tags": [], "name": "payments"}
    cleared = row(7, tags=[])
    with Stage(posted(row(7), body), patched({"tags": []}, cleared), listed(light(7), hydrate=False)) as stage:
        instance, done = apply(stage, wish, None)
    assert instance == instance_from(cleared)
    assert len(done) == 2


def test_an_adopted_instance_gets_as_many_rounds_as_one_that_was_there():
    wish = desired(tags=frozenset({"b"}))
    body = {"element": {"key": "stripe"}, "tags": ["b"], "name": "payments"}
    retag = {"tags": ["b"]}
    there = row(7, tags=["other"])
    with Stage(
        posted(LOST, body), pause(0.5), surveyed(there), patched(retag, there), patched(retag, row(7, tags=["b"]))
    ) as stage:
        assert apply(stage, wish, None)[0].tags == {"b"}
    with Stage(posted(LOST, body), pause(0.5), surveyed(there), patched(retag, there), patched(retag, there)) as stage:
        instance, done = apply(stage, wish, None)
    assert instance.tags == {"other"}
    assert len(done) == 3


def test_an_adopted_instance_is_changed_where_it_differs():
    wish = desired(tags=frozenset({"b"}))
    body = {"element": {"key": "stripe"}, "tags": ["b"], "name": "payments"}
    after = row(7, tags=["b"])
    with Stage(
        posted(LOST, body), pause(0.5), surveyed(row(7, tags=["other"])), patched({"tags": ["b"]}, after)
    ) as stage:
        assert apply(stage, wish, None)[0] == instance_from(after)


def test_a_created_instance_that_can_not_be_read_yet_is_not_created_again():
    with Stage(posted(light(7)), read_missing(7), listed(light(7), hydrate=False)) as stage:
        try:
            instance, _done = apply(stage, desired(), None)
        except CloudElementsError as error:
            assert "id 7" in error.message
        else:
            assert instance.id == 7


def test_only_an_instance_that_this_run_made_is_its_own():
    for script, made in (
        ([posted(row(7)), listed(light(7), hydrate=False)], True),
        ([posted(LOST), pause(0.5), surveyed(row(7))], False),
        ([posted(row(9)), listed(light(7), light(9), hydrate=False), read(row(7)), read(row(9)), deleted(9)], False),
    ):
        with Stage(*script) as stage:
            assert outcome(stage, desired(), None).receipt.own is made


def test_a_run_that_creates_nothing_made_nothing():
    with Stage(patched(RENAME, NEW)) as stage:
        assert outcome(stage, rename, OLD).receipt is None


def test_a_delete_is_a_read_and_one_request():
    with Stage(read(NEW), deleted(7)) as stage:
        instance, done = apply(stage, absent, NEW)
    assert instance is None
    assert done == ["delete instance 'payments' of element 'stripe'"]


def test_a_delete_of_what_is_gone_already_is_done():
    with Stage(read(NEW), deleted(7, refused(404))) as stage:
        assert apply(stage, absent, NEW)[0] is None


def test_a_delete_that_is_lost_is_looked_for_and_not_sent_again_when_done():
    with Stage(read(NEW), deleted(7, LOST), pause(0.5), read_missing(7)) as stage:
        assert apply(stage, absent, NEW)[0] is None


def test_a_delete_that_is_lost_and_not_done_is_sent_again():
    with Stage(read(NEW), deleted(7, LOST), pause(0.5), read(NEW), deleted(7)) as stage:
        assert apply(stage, absent, NEW)[0] is None


def test_a_delete_of_what_is_in_use_is_an_error_that_names_what_uses_it():
    users = answered(
        [{"id": 12, "name": "nightly sync", "formula": {"id": 3, "name": "sync"}}, {"id": 13, "name": "x"}]
    )
    error = failure(absent, NEW, read(NEW), deleted(7, refused(409, "In use")), asked_for_users(users))
    assert error.kind is ErrorKind.IN_USE
    assert "In use" in error.message
    assert "'nightly sync' (id 12) of formula 'sync', 'x' (id 13)" in error.message


@pytest.mark.parametrize("users", [answered([]), refused(404), refused(403)])
def test_a_delete_of_what_is_in_use_is_the_same_error_where_nobody_tells_what_uses_it(users):
    error = failure(absent, NEW, read(NEW), deleted(7, refused(409, "In use")), asked_for_users(users))
    assert error.kind is ErrorKind.IN_USE
    assert "In use" in error.message
    assert "It is used by" not in error.message


ENABLE = Request("PUT", "/instances/7/enabled")
DISABLE = Request("DELETE", "/instances/7/enabled")
DISABLED = row(7, disabled=True)


@pytest.mark.parametrize(
    ("enabled", "there", "request_", "after"),
    [(True, DISABLED, ENABLE, row(7, valid=False)), (False, row(7), DISABLE, {**DISABLED, "valid": False})],
)
def test_an_instance_is_enabled_and_disabled_by_calls_of_their_own_and_read_afterwards(enabled, there, request_, after):
    with Stage(Turn(request_, answered(None)), read(after)) as stage:
        assert apply(stage, desired(enabled=enabled), there)[0] == instance_from(after)


def test_an_instance_that_can_not_be_read_yet_after_it_was_disabled_counts_as_disabled():
    with Stage(Turn(DISABLE, answered(None)), read_missing(7)) as stage:
        assert apply(stage, desired(enabled=False), row(7)) == (instance_from(DISABLED), ["disable"])


@pytest.mark.parametrize(("enabled", "there"), [(None, DISABLED), (None, row(7)), (True, row(7)), (False, DISABLED)])
def test_what_is_enabled_as_wanted_takes_no_request(enabled, there):
    with Stage() as stage:
        assert apply(stage, desired(enabled=enabled), there)[1] == []


def test_disabling_that_is_lost_but_done_is_not_sent_again():
    with Stage(Turn(DISABLE, LOST), pause(0.5), read(DISABLED)) as stage:
        apply(stage, desired(enabled=False), row(7))


def test_disabling_that_is_lost_and_not_done_is_sent_again():
    with Stage(Turn(DISABLE, LOST), pause(0.5), read(row(7)), Turn(DISABLE, answered(None)), read(DISABLED)) as stage:
        assert apply(stage, desired(enabled=False), row(7))[1] == ["disable"]


def test_disabling_what_is_gone_meanwhile_is_an_error():
    gone = Turn(DISABLE, LOST), pause(0.5), read_missing(7), Turn(DISABLE, refused(404))
    assert failure(desired(enabled=False), row(7), *gone).kind is ErrorKind.NOT_FOUND


AGAIN = desired(provider_data={"code": "canary-code"}, reauthenticate=True)
AGAIN_BODY = {"name": "payments", "providerData": {"code": "canary-code"}}


def test_an_instance_is_authenticated_again_once_a_run():
    with Stage(patched(AGAIN_BODY, row(7))) as stage:
        assert apply(stage, AGAIN, row(7))[1] == ["authenticate again with provider_data"]


@pytest.mark.parametrize("answer", [LOST, OVERDUE, refused(500), unavailable(9)])
def test_a_lost_authentication_is_never_sent_again_and_says_that_the_code_may_be_spent(answer):
    error = failure(AGAIN, row(7), patched(AGAIN_BODY, answer))
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "not known whether the instance 'payments' of element 'stripe' was authenticated again." in error.message
    assert "spent" in error.message
    assert "canary-code" not in error.message


def test_a_limited_authentication_is_not_sent_again_and_says_that_the_code_may_be_spent():
    error = failure(AGAIN, row(7), patched(AGAIN_BODY, limited(1)))
    assert error.kind is ErrorKind.RATE_LIMITED
    assert "spent" in error.message


def test_a_refused_authentication_is_that_error():
    error = failure(AGAIN, row(7), patched(AGAIN_BODY, refused(400, "Bad code")))
    assert error.kind is ErrorKind.REFUSED
    assert "spent" not in error.message


def test_an_authentication_follows_the_change_that_it_depends_on():
    wish = desired(id=7, provider_data={"code": "canary-code"}, reauthenticate=True)
    with Stage(patched(RENAME, NEW), patched(AGAIN_BODY, NEW)) as stage:
        assert apply(stage, wish, OLD)[1] == ["rename to 'payments'", "authenticate again with provider_data"]


def test_an_authentication_whose_change_failed_is_not_sent():
    wish = desired(id=7, provider_data={"code": "canary-code"}, reauthenticate=True)
    assert failure(wish, OLD, patched(RENAME, refused(400))).kind is ErrorKind.REFUSED


@pytest.mark.parametrize("answer", [row(7), LOST])
def test_a_code_goes_with_the_create_and_is_not_sent_again_in_the_same_run_adopted_or_not(answer):
    body = {"element": {"key": "stripe"}, "name": "payments", "providerData": {"code": "canary-code"}}
    looked = [pause(0.5), surveyed(row(7))] if answer is LOST else [listed(light(7), hydrate=False)]
    with Stage(posted(answer, body), *looked) as stage:
        _instance, done = apply(stage, AGAIN, None)
    assert done == ["create instance 'payments' of element 'stripe'"]


SECRET = desired(secrets={"password": "new"}, update_secrets="always")
SECRET_BODY = {"configuration": {"password": "new"}}
MASKED = row(7, configuration={"password": "********"})


def test_secrets_that_are_always_updated_are_sent_once_a_run():
    with Stage(patched(SECRET_BODY, MASKED)) as stage:
        assert apply(stage, SECRET, MASKED)[1] == ["send secrets password"]
    assert stage.warnings == []


def test_a_lost_update_of_secrets_is_sent_again_as_nobody_can_see_whether_it_arrived():
    with Stage(patched(SECRET_BODY, LOST), pause(0.5), read(MASKED), patched(SECRET_BODY, MASKED)) as stage:
        apply(stage, SECRET, MASKED)


def test_a_lost_update_of_secrets_that_is_never_answered_has_an_unknown_outcome():
    lost = patched(SECRET_BODY, LOST), pause(0.5), read(MASKED)
    error = failure(SECRET, MASKED, *lost, *lost, retries=1)
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "not known whether the secrets of the instance 'payments' of element 'stripe' arrived." in error.message
    assert error.message.endswith(" Run again.")


SEAL = Seal("key", b"0123456789ab")
SEALED = desired(secrets={"password": "new"}, update_secrets="on_change", seal=SEAL)
SEAL_TAGS = {"tags": sorted(["payments", SEAL.fingerprint({"password": "new"})])}


def test_a_platform_that_drops_the_fingerprint_gets_the_secrets_once_and_the_tag_once_more():
    with Stage(patched({**SEAL_TAGS, **SECRET_BODY}, MASKED), patched(SEAL_TAGS, MASKED)) as stage:
        instance, done = apply(stage, SEALED, MASKED)
    assert done == ["send secrets password", "set the tag with the fingerprint of the secrets"]
    assert unsettled(SEALED, instance) == "set the tag with the fingerprint of the secrets"


def test_secrets_of_an_instance_that_this_run_created_are_not_sent_twice():
    body = {"element": {"key": "stripe"}, "configuration": {"password": "new"}, "name": "payments"}
    with Stage(posted(MASKED, body), listed(light(7), hydrate=False)) as stage:
        apply(stage, SECRET, None)


def test_secrets_are_sent_to_an_adopted_instance_as_it_may_have_others():
    body = {"element": {"key": "stripe"}, "configuration": {"password": "new"}, "name": "payments"}
    with Stage(posted(LOST, body), pause(0.5), surveyed(MASKED), patched(SECRET_BODY, MASKED)) as stage:
        apply(stage, SECRET, None)


def test_what_is_absent_already_takes_no_request():
    with Stage() as stage:
        assert apply(stage, absent, None) == (None, [])


def test_what_was_done_before_a_failure_is_known():
    wish = desired(tags=frozenset())
    body = {"element": {"key": "stripe"}, "tags": [], "name": "payments"}
    own = listed(light(7), hydrate=False)
    with Stage(posted(row(7), body), patched({"tags": []}, refused(403)), own) as stage:
        result = outcome(stage, wish, None)
    assert actions(result) == ["create instance 'payments' of element 'stripe'"]
    assert (result.error.kind, result.observed.id) == (ErrorKind.FORBIDDEN, 7)


class Platform:
    """Carries out steps as the platform would: values become text, tags left out or empty the name."""

    def execute(self, step, instance):
        return StepResult(self._after(step, instance))

    def _after(self, step, instance):
        if isinstance(step, SetEnabled):
            return dataclasses.replace(instance, enabled=step.enabled)
        body = getattr(step, "body", None)
        if body is None:
            return None
        stored = json.loads(json.dumps(body))
        there = {} if instance is None else {"tags": sorted(instance.tags), "configuration": instance.configuration}
        tags = stored.get("tags", there.get("tags", [stored.get("name")]))
        configuration = {**there.get("configuration", {})}
        for key, value in stored.get("configuration", {}).items():
            spelled = value if value is None or isinstance(value, str) else json.dumps(value)
            configuration[key] = spelled
        return instance_from(
            row(
                7,
                name=stored.get("name", getattr(instance, "name", None)),
                tags=tags if instance is not None else tags or [stored["name"]],
                configuration=configuration,
                disabled=not getattr(instance, "enabled", True),
            )
        )


values = st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab1", max_size=2) | st.lists(st.integers(0, 3))
configurations = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)
stored = st.dictionaries(st.sampled_from("abcd"), st.none() | st.sampled_from(["", "1", "true", "a"]), max_size=4)
wishes = st.builds(
    DesiredInstance,
    name=st.sampled_from(["payments", "other"]),
    element_key=st.just("stripe"),
    id=st.none(),
    tags=st.none() | st.frozensets(st.sampled_from("ab")),
    configuration=configurations,
    enabled=st.none() | st.booleans(),
    present=st.booleans(),
)
there = st.builds(
    lambda **known: instance_from(row(7, **known)),
    name=st.sampled_from(["payments", "other"]),
    tags=st.lists(st.sampled_from("ab")),
    configuration=stored,
    disabled=st.booleans(),
)


def possible(case: tuple[DesiredInstance, Instance | None]) -> bool:
    """Return whether what is there can be what is meant: a name can only be another one where an id is given."""
    wish, there = case
    return wish.present or there is None or wish.name == there.name


cases = st.tuples(wishes, st.none() | there).filter(possible)


@given(cases)
def test_check_mode_tells_what_a_real_run_does(case):
    wish, there = case
    foreseen, done = converged(wish, there, DryRun()), converged(wish, there, Platform())
    predicted, after = foreseen.observed, done.observed
    assert actions(foreseen) == actions(done)
    assert (predicted is None) == (after is None)
    if after is not None:
        assert (predicted.name, predicted.tags, predicted.enabled) == (after.name, after.tags, after.enabled)


@given(cases)
def test_a_second_run_has_nothing_to_do(case):
    wish, there = case
    after = converged(wish, there, Platform()).observed
    assert plan(wish, after) == ()
    assert unsettled(wish, after) is None
    assert plan(wish, converged(wish, there, DryRun()).observed) == ()


def settled(*script) -> Stage:
    """Play a rename to its end, with the look for what other runs did at the same time."""
    with Stage(patched(RENAME, NEW), *script) as stage:
        result = outcome(stage, rename, OLD, settle=True)
    if isinstance(result, Failed):
        raise result.error
    return stage


def named(*rows):
    return listed(*rows, hydrate=False)


def test_a_rename_is_one_patch_and_one_listing():
    assert settled(named(light(7))).client.calls == {"PATCH": 1, "GET": 1}


def test_a_rename_that_another_run_makes_too_is_ambiguous_with_both_ids():
    both = named(light(7), light(5))
    with pytest.raises(CloudElementsError) as caught:
        settled(both, pause(1), both, pause(2), both, pause(4), both)
    assert caught.value.kind is ErrorKind.AMBIGUOUS
    assert "id 7 was renamed to 'payments'" in caught.value.message
    assert "id 5" in caught.value.message


def test_a_rename_stays_if_a_run_that_created_the_name_yields():
    settled(named(light(7), light(9)), pause(1), named(light(7)))


def test_a_rename_of_another_element_s_name_is_no_race():
    settled(named(light(7), light(5, element_key="sfdc")))


def test_a_rename_that_is_not_listed_at_once_is_waited_for():
    settled(named(), pause(0.5), named(light(7)))


def test_a_rename_that_never_shows_is_kept_with_a_warning():
    pauses = [turn for seconds in (0.5, 1, 2, 4, 8, 15) for turn in (pause(seconds), named())]
    (warning,) = settled(named(), *pauses).warnings
    assert "does not list it under the new name yet" in warning


def test_what_was_renamed_since_it_was_found_is_not_removed():
    error = failure(absent, NEW, read({**NEW, "name": "theirs"}))
    assert error.kind is ErrorKind.AMBIGUOUS
    assert "'theirs'" in error.message
