# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance, instance_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.create_once import Created, delete_own
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.races import (
    Verdict,
    judge,
    settle_race,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.creation import (
    InstanceCreation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import Baseline
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    BODY,
    LOST,
    Stage,
    deleted,
    desired,
    light,
    limited,
    list_fails,
    listed,
    pause,
    read,
    read_fails,
    read_missing,
    refused,
    row,
    unavailable,
)

CREATION = InstanceCreation(desired(), BODY, Baseline())
OWN = Created(instance_from(row(9)), CREATION, lost=False, own=True, sent_at=0.0)
SUBSETS = [ids for size in range(5) for ids in itertools.combinations(range(1, 5), size)]


@pytest.mark.parametrize("listed_ids", SUBSETS, ids=str)
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("mine", [1, 2, 3, 4])
def test_the_oldest_stays_unless_it_is_not_seen_or_each_may_be_ours(mine, lost, listed_ids):
    made = Created(Instance(mine, "payments", "stripe"), CREATION, lost, own=True)
    verdict = judge(made, [Instance(number, "payments", "stripe") for number in listed_ids])
    if mine not in listed_ids:
        assert verdict is Verdict.UNSEEN
    elif lost and len(listed_ids) > 1:
        assert verdict is Verdict.UNCLEAR
    elif mine == min(listed_ids):
        assert verdict is Verdict.STAYS
    else:
        assert verdict is Verdict.YIELDS


@pytest.mark.parametrize("listed_ids", [ids for ids in SUBSETS if ids], ids=str)
def test_of_all_runs_that_saw_all_exactly_one_keeps_its_own(listed_ids):
    matches = [Instance(number, "payments", "stripe") for number in listed_ids]
    verdicts = [judge(Created(match, CREATION, lost=False, own=True), matches) for match in matches]
    assert verdicts == [Verdict.STAYS, *[Verdict.YIELDS] * (len(matches) - 1)]


def settle(stage: Stage, mine: int = 9, *, own: bool = True, lost: bool = False) -> Created[Instance]:
    return settle_race(Created(instance_from(row(mine)), CREATION, lost, own, 0.0), stage.client)


def failure(*script, lost: bool = False, **settings) -> CloudElementsError:
    with Stage(*script, **settings) as stage, pytest.raises(CloudElementsError) as caught:
        settle(stage, lost=lost)
    return caught.value


def own(*rows, **more):
    return listed(*rows, hydrate=False, **more)


@pytest.mark.parametrize("lost", [False, True])
def test_what_was_adopted_is_settled_already(lost):
    with Stage() as stage:
        made = settle(stage, own=False, lost=lost)
    assert (made.resource.id, made.own) == (9, False)


def test_what_yields_is_removed_and_the_older_one_is_not_ours():
    with Stage(own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9)) as stage:
        made = settle(stage)
    assert (made.resource, made.own, made.lost) == (instance_from(row(7)), False, False)


BOTH = own(light(7), light(9))


@pytest.mark.parametrize(
    ("left", "expected"), [(row(7), (7, False, True)), (row(9), (9, True, True)), (None, (9, True, True))]
)
def test_where_each_may_be_ours_nothing_is_removed_and_the_one_that_is_left_is_taken(left, expected):
    rest = own(left) if left else own()
    with Stage(own(light(7), light(9)), BOTH, pause(1), rest) as stage:
        made = settle(stage, lost=True)
    assert (made.resource.id, made.own, made.lost) == expected


@pytest.mark.parametrize(
    ("script", "lost", "kind"),
    [
        ((list_fails(refused(403), hydrate=False),), False, ErrorKind.FORBIDDEN),
        ((own(light(7), light(9)), read_fails(refused(403))), False, ErrorKind.FORBIDDEN),
        ((own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9, refused(403))), False, ErrorKind.FORBIDDEN),
        ((own(light(7), light(9)), list_fails(refused(401), hydrate=False)), True, ErrorKind.UNAUTHORIZED),
        ((own(light(7), light(9)), BOTH, pause(1), BOTH, pause(2), BOTH, pause(4), BOTH), True, ErrorKind.AMBIGUOUS),
        (
            (own(light(6, name="x"), total="9"), own(light(6, name="x"), total="9", search=None)),
            False,
            ErrorKind.INVALID_RESPONSE,
        ),
    ],
)
def test_every_error_names_the_id_that_was_made(script, lost, kind):
    error = failure(*script, lost=lost)
    assert error.kind is kind
    assert "created with id 9" in error.message


def test_a_deadline_names_the_id_that_was_made():
    error = failure(own(), deadline=0.4)
    assert error.kind is ErrorKind.DEADLINE
    assert "created with id 9" in error.message


def test_a_removal_is_sent_again_as_often_as_there_are_resends():
    why = "Because."
    with Stage(deleted(9, LOST), pause(0.5), deleted(9, limited(2)), pause(2), deleted(9)) as stage:
        delete_own(OWN, stage.client, why)
    lost = deleted(9, LOST), pause(0.5)
    with Stage(*lost, deleted(9, LOST), retries=1) as stage, pytest.raises(CloudElementsError) as caught:
        delete_own(OWN, stage.client, why)
    assert caught.value.message.startswith(
        "Because. The one that this run created, with id 9, has to be removed by hand."
    )
    with Stage(deleted(9, unavailable(4)), pause(4), deleted(9, refused(404))) as stage:
        delete_own(OWN, stage.client, why)


def test_what_stays_listed_but_can_not_be_read_is_neither_taken_nor_forgotten():
    both = own(light(7), light(9)), read_missing(7)
    looks = [turn for wait in (0.5, 1, 2, 4, 8, 15) for turn in (pause(wait), *both)]
    error = failure(*both, *looks)
    assert error.kind is ErrorKind.AMBIGUOUS
    assert "created with id 9. The instance 'payments' of element 'stripe' is there more than once" in error.message
    assert "ids 7, 9" in error.message


def test_a_run_that_makes_way_says_which_one_is_used():
    with Stage(own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9)) as stage:
        made = settle(stage)
    assert made.creation is CREATION
    assert stage.warnings == [
        "The instance 'payments' of element 'stripe' was made by another run at the same time. That one, with id 7, is "
        "used, and the own one, with id 9, was removed."
    ]


def test_an_own_one_that_cannot_be_removed_says_why_it_should_be():
    error = failure(own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9, refused(403)))
    assert (
        "was made by another run at the same time. The one that this run created, with id 9, has to be removed by hand"
        in error.message
    )


def test_two_of_which_ours_cannot_be_proved_stay_and_both_are_named():
    mine = row(9, tags=["theirs"])
    error = failure(own(light(7), light(9)), read(row(7)), read(mine))
    assert error.kind is ErrorKind.AMBIGUOUS
    assert error.message == (
        "The instance 'payments' of element 'stripe' was created with id 9. The instance 'payments' of element "
        "'stripe' is there twice, with the ids 7 and 9: another run made one at the same time. None was removed, as it "
        "is not certain that this run made the second one: it is not what was sent. Look at both, and remove the one "
        "that nobody needs by its id, with state=absent."
    )


def test_rows_that_are_out_of_date_are_no_competitors():
    renamed = row(7, name="other"), row(8, name="other")
    with Stage(own(light(7), light(8), light(9)), *map(read, renamed)) as stage:
        made = settle(stage)
    assert (made.resource.id, made.own) == (9, True)


def test_several_that_may_all_be_ours_are_named_and_what_is_left_is_taken():
    both = own(light(7), light(9))
    error = failure(both, both, pause(1), both, pause(2), both, pause(4), both, lost=True)
    assert error.message.endswith(
        "The instance 'payments' of element 'stripe' is there more than once, with the ids 7, 9. None of them was "
        "changed or removed. Say which one is meant with id, or remove the others with state=absent and their id."
    )
    with Stage(both, both, pause(1), own(light(7))) as stage:
        assert settle(stage, lost=True).creation is CREATION


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ((own(),), "It could not be checked whether another run made one at the same time."),
        ((own(light(7), light(9)),) * 2, "The instance 'payments' of element 'stripe' is there more than once."),
    ],
)
def test_a_deadline_says_what_was_not_done(script, said):
    error = failure(*script, lost=True, deadline=0.4)
    assert error.kind is ErrorKind.DEADLINE and f" with id 9. {said} The" in error.message


def test_an_own_one_that_never_shows_is_kept_with_a_warning():
    looks = [turn for wait in (0.5, 1, 2, 4, 8, 15) for turn in (pause(wait), own())]
    with Stage(own(), *looks) as stage:
        assert settle(stage).resource.id == 9
    assert stage.warnings == [
        "The instance 'payments' of element 'stripe' was created with id 9, but the platform does not list it yet. So "
        "it could not be checked whether another run made one at the same time."
    ]
