# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Many instances in one task: one listing, a complete plan, and then concurrent writes, each by the one engine."""

from __future__ import annotations

import dataclasses
import os
import typing as t
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ..._api.client import Listing
from ..._api.models import Instance, Wanted
from ..._core.errors import CloudElementsError, Kind, invalid, mistake
from ..._core.text import counted
from ..._reconcile.plan_summary import FAILED, PRUNE, UNCHANGED, label
from ..._reconcile.progress import Progress
from ..._reconcile.task import Task
from ..._reconcile.workers import Workers
from ..elements import Element
from .duplicates import LOOKS_FOR_OWN, Made, Verdict, judge, judge_rename, settle_race, settle_rename
from .fleet_entries import Item, Prune, items_from, prune_from, refuse_same
from .fleet_result import called, entry, listed, partial, result_of
from .job import (
    SECRETS_IGNORED,
    Job,
    carry_on,
    carry_out,
    check,
    element_keys,
    foresee,
    note_unknown_keys,
    preflight,
    pretend,
    report_unread,
)
from .lookup import (
    RELIST_AFTER,
    ambiguous,
    complete,
    find,
    is_of_element,
    refuse_earlier,
    refuse_odd,
    refuse_taken,
    select,
)
from .ownership import Baseline, Identity, Survey
from .usage import refuse_held


def ensure_fleet(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Make many instances as wanted and return the task's result.

    In: the module's options, and the task. Raises C(invalid_options) where the options as a whole can not be used,
    L(PartialError) with the result where single items failed after the others were done, and what a failed listing
    raises, before any write.
    """
    if not 1 <= params["concurrency"] <= 64:
        raise invalid(f"concurrency is {params['concurrency']}: it has to be from 1 to 64.")
    prune = prune_from(params)
    items = items_from(
        params["instances"],
        task.connection.organization_secret,
        params["plain_keys"],
        check_mode=task.check_mode,
    )
    try:
        return _ensure(items, prune, params["concurrency"], task)
    finally:
        task.warnings.extend(f"{item.label}: {warning}" for item in items for warning in item.warnings)


def _ensure(items: Sequence[Item], prune: Prune | None, concurrency: int, task: Task) -> dict[str, t.Any]:
    """Make the items as wanted and return the task's result."""
    with Workers(task, concurrency) as workers:
        listing = _plan(items, task, workers)
        doomed = _doomed(items, listing, prune) if prune else []
        writes = sum(item.job is not None and bool(item.job.forecast) for item in items) + len(doomed)
        progress = Progress.from_environment(os.environ, writes)
        try:
            if task.check_mode:
                _pretend(items, task, workers)
            else:
                _write(items, task, workers, progress)
            condemned = _prune(doomed, items, listing, prune, workers, task, progress) if prune else []
        except CloudElementsError:
            raise
        except Exception as error:  # What was done by then is returned all the same.
            raise partial(
                mistake(error), items, [], with_diff=task.diff_mode, base_url=task.connection.base_url
            ) from error
        finally:
            progress.close()
    return result_of(
        items,
        condemned,
        with_diff=task.diff_mode,
        check_mode=task.check_mode,
        base_url=task.connection.base_url,
    )


def _plan(items: Sequence[Item], task: Task, workers: Workers) -> Listing:
    """Plan every item against one listing, which is returned. Nothing is written."""
    listing = task.client.list_instances()
    found = _find(items, listing)
    for wait in RELIST_AFTER:
        if not any(len(matches) > 1 for matches in found.values()):
            break
        task.pace.wait(wait, "More than one instance has the same name.")
        listing = task.client.list_instances()
        found = _find(items, listing)
    _refuse_shared(items, found)
    survey, names = Survey(listing.instances), _names(items)

    def read(item: Item) -> None:
        wanted = t.cast("Wanted", item.wanted)
        if wanted.id is None:
            refuse_odd(wanted, listing)
        matches = found[item.position]
        if len(matches) > 1:
            raise ambiguous(wanted, matches)
        client = workers.client(item)
        if wanted.id is not None and not matches:
            before = client.get_instance(wanted.id)  # It may be another user's that is not listed.
        else:
            # What is listed but not found by its id is looked at again: it may be gone, or a read may lag behind.
            before = complete(matches[0], client) if matches else None
            if matches and wanted.id is None and (before is None or before.name != wanted.name):
                before = find(wanted, client, task.pace)
            if before is not None and wanted.id is None and not is_of_element(wanted, before):
                before = None
            if before is None and not listing.complete:
                raise CloudElementsError(
                    Kind.INVALID_RESPONSE,
                    f"{wanted.label} is not in the listing, but the platform counts more instances than it lists. It "
                    "was left alone. Run again.",
                )
        if before is not None and wanted.renames(before):
            if not listing.complete:
                raise CloudElementsError(
                    Kind.INVALID_RESPONSE,
                    f"{wanted.label} was not renamed: the platform counts more instances than it lists, and one of "
                    "them may have that name. Run again.",
                )
            refuse_taken(wanted, before, select(wanted, listing.instances))
        job = foresee(wanted, before)
        job.warnings = item.warnings
        if job.creates:
            refuse_earlier(wanted, survey, names, client)
        item.job = job

    workers.run(read, (item for item in items if item.wanted is not None and item.error is None))
    _refuse_one_name(items)
    _preflight(items, workers)
    if any(item.job is not None and item.job.ignores_secrets for item in items):
        task.report(SECRETS_IGNORED)
    return listing


def _names(items: Iterable[Item]) -> frozenset[Identity]:
    """Return the names that a run wants to be there."""
    wanted = (item.wanted for item in items if item.wanted is not None and item.wanted.present)
    return frozenset((one.element_key, one.name) for one in wanted if one.name is not None)


def _job(item: Item) -> Job:
    """Return the job of an item that came to a plan."""
    return t.cast("Job", item.job)


def _find(items: Iterable[Item], listing: Listing) -> dict[int, tuple[Instance, ...]]:
    """Return the instances that each item may mean, the oldest first, by the position of the item."""
    by_id = {instance.id: instance for instance in listing.instances}
    by_name: dict[str, list[Instance]] = defaultdict(list)
    for instance in sorted(listing.instances, key=lambda instance: instance.id or 0):
        by_name[instance.name].append(instance)
    found: dict[int, tuple[Instance, ...]] = {}
    for item in items:
        wanted = item.wanted
        if wanted is None:
            continue
        if wanted.id is not None:
            match = by_id.get(wanted.id)
            found[item.position] = () if match is None else (match,)
        else:
            found[item.position] = select(wanted, by_name.get(wanted.name or "", ()))
    return found


def _refuse_shared(items: Sequence[Item], found: Mapping[int, Sequence[Instance]]) -> None:
    """Raise where two items that looked different mean the same instance after all: by its id, and by its name."""
    first: dict[int | None, Item] = {}
    for position, matches in found.items():
        if len(matches) == 1:
            refuse_same(first.setdefault(matches[0].id, items[position]), items[position])


def _refuse_one_name(items: Iterable[Item]) -> None:
    """Raise where two items would end as instances of one name, which no one could tell apart by it."""
    first: dict[tuple[str | None, str], Item] = {}
    for item in items:
        after = item.job.predicted if item.job is not None else None
        if after is not None:
            refuse_same(first.setdefault((after.element_key, after.name), item), item)


def _preflight(items: Iterable[Item], workers: Workers) -> None:
    """Ask the catalogue once for each element that instances are to be made of, before anything is sent.

    It is also asked about configuration keys that existing instances do not have.
    """
    by_element: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.job is not None and item.job.before is not None):
        if item.job is not None and item.job.asked_element is not None:
            by_element[item.job.asked_element].append(item)
    catalogue: dict[str, Element | None] = {}
    unread: set[str] = set()

    def read(item: Item) -> None:
        key = t.cast("str", _job(item).asked_element)
        try:
            catalogue[key] = workers.client(item).get_element(key)
        except CloudElementsError as error:
            unread.add(key)
            if _job(item).doubtful_key is not None:
                report_unread(error, item.warnings.append)

    workers.run(read, (same[0] for same in by_element.values()))
    absent = [same[0] for key, same in by_element.items() if catalogue.get(key, same) is None]
    known_keys = element_keys(workers.client(absent[0])) if absent else ()
    for key, same in by_element.items():
        for item in same:
            if key in unread or key not in catalogue:
                item.error = item.error or same[0].error
                continue
            if _job(item).doubtful_key is None:
                note_unknown_keys(_job(item), catalogue[key])
                continue
            try:
                preflight(t.cast("Wanted", item.wanted), catalogue[key], item.warnings.append, known_keys)
            except CloudElementsError as error:
                item.error = error
    for item in items:
        if item.error is not None:
            item.job = None


def _pretend(items: Sequence[Item], task: Task, workers: Workers) -> None:
    """Do what is foreseen in check mode: nothing. What the platform would not remove fails here too.

    Where it can not be found out whether it would, the user is told so once.
    """
    unread: list[CloudElementsError] = []

    def ask(item: Item) -> None:
        job = _job(item)
        try:
            refuse_held(t.cast("int", t.cast("Instance", job.before).id), workers.client(item))
        except CloudElementsError as error:
            if error.kind is Kind.IN_USE:
                raise
            unread.append(error)

    workers.run(ask, (item for item in items if item.job is not None and item.job.removes))
    for item in items:
        if item.error is None and item.job is not None:
            pretend(item.job)
    if unread:
        task.report(f"{unread[0].facts} So it is not known whether formulas use what would be removed.")


def _write(items: Sequence[Item], task: Task, workers: Workers, progress: Progress) -> None:
    """Carry out what is planned, then look once for what other runs did at the same time, then verify."""
    made: dict[int, Made] = {}
    baseline = Baseline(task.client.seen_ids, _names(items))

    def do(item: Item) -> None:
        job = _job(item)
        sender = job.sender(workers.client(item), task.pace, baseline, settle=False)
        action = FAILED
        try:
            carry_out(job, sender)
            action = entry(item).action
        finally:
            if job.forecast:
                progress.advance(action)
            if sender.made is not None:
                made[item.position] = sender.made

    workers.run(do, (item for item in items if item.job is not None))
    _settle(items, made, task, workers, baseline)

    def verify(item: Item) -> None:
        check(_job(item), workers.client(item), task.pace, made.get(item.position))

    workers.run(verify, (item for item in items if item.error is None and item.job and item.job.wanted.verify))


def _settle(items: Sequence[Item], made: dict[int, Made], task: Task, workers: Workers, baseline: Baseline) -> None:
    """Make sure that each name that this run gave is there once. One listing tells so of all that are alone.

    The others are settled one by one, like a single instance.
    """
    created = [item for item in items if item.position in made and _is_named_as_wanted(item, made[item.position])]
    renamed = [item for item in items if item.job is not None and item.job.renamed]
    open_items = [*created, *renamed]
    for wait in LOOKS_FOR_OWN if open_items else ():
        try:
            task.pace.wait(wait, "It could not be checked whether other runs gave the same names.")
            listing = task.client.list_instances(hydrate=False)
        except CloudElementsError as error:
            for item in open_items:
                done = "created" if item.position in made else "renamed"
                number = made[item.position].instance.id if item.position in made else _renamed(item).id
                item.error = item.error or error.within(
                    f"{item.label} was {done}, with id {number}. Run again to be sure."
                )
            return
        verdicts = _verdicts(open_items, made, listing)
        open_items = [item for item in open_items if verdicts[item.position] is not Verdict.STAYS]
        if all(verdicts[item.position] is not Verdict.UNSEEN for item in open_items):
            break

    def settle(item: Item) -> None:
        job, client = _job(item), workers.client(item)
        if item.position not in made:
            settle_rename(_renamed(item), job.wanted, client, task.pace, job.report)
            return
        settled = settle_race(made[item.position], job.wanted, client, task.pace, job.report)
        made[item.position] = settled
        if not settled.own:
            job.after = complete(settled.instance, client) or settled.instance
            carry_on(job, job.sender(client, task.pace, baseline))

    workers.run(settle, open_items)


def _is_named_as_wanted(item: Item, made: Made) -> bool:
    """Return whether this run made an instance, and it is called as asked. Else there is no race to settle."""
    return made.own and made.instance.name == _job(item).wanted.name


def _verdicts(items: Iterable[Item], made: Mapping[int, Made], listing: Listing) -> dict[int, Verdict]:
    """Return what a listing says of each instance that was created or renamed, by the position of the item."""
    by_name: dict[Identity, list[Instance]] = defaultdict(list)
    for instance in sorted(listing.instances, key=lambda instance: instance.id or 0):
        by_name[instance.element_key, instance.name].append(instance)
    verdicts = {}
    for item in items:
        wanted = _job(item).wanted
        if item.position in made:
            matches = by_name[wanted.element_key, wanted.name or ""]
            verdicts[item.position] = judge(made[item.position], matches)
        else:
            renamed = _renamed(item)
            verdicts[item.position] = judge_rename(renamed, by_name[renamed.element_key, renamed.name])
    return verdicts


def _renamed(item: Item) -> Instance:
    """Return an instance that was renamed, under its new name, even if a later step failed."""
    job = _job(item)
    before = t.cast("Instance", job.before)
    if job.after is not None and job.after.name != before.name:
        return job.after
    return dataclasses.replace(before, name=job.wanted.name or before.name)


def _doomed(items: Iterable[Item], listing: Listing, prune: Prune) -> list[Instance]:
    """Return what nobody named and the tags give to us. Raises C(invalid_options) where that is more than the limit."""
    named = {
        (item.options.get("element_key"), item.options.get("name")) for item in items if item.options.get("id") is None
    }
    names = {name for _element_key, name in named}
    ids = {item.options.get("id") for item in items}
    ids |= {item.job.before.id for item in items if item.job is not None and item.job.before is not None}
    doomed = [
        instance
        for instance in listing.instances
        if prune.tags <= instance.tags
        and instance.id not in ids
        and not {(instance.element_key, instance.name), (None, instance.name)} & named
        and not (instance.element_key is None and instance.name in names)
    ]
    if len(doomed) > prune.limit:
        raise invalid(
            f"{counted(len(doomed), 'instance')} would be pruned, which is more than prune_limit allows "
            f"({prune.limit}): {listed(label(gone.name, gone.element_key, gone.id) for gone in doomed)}. "
            "Nothing was written."
        )
    return doomed


def _may_prune(items: Sequence[Item], listing: Listing, task: Task) -> bool:
    """Return whether all items were done, so that something may be pruned.

    Raises L(PartialError) where the listing may lack an instance of ours.
    """
    if any(item.error is not None for item in items):
        return False
    if not listing.complete:
        error = CloudElementsError(
            Kind.INVALID_RESPONSE,
            "The platform counts more instances than it lists, so nothing "
            + ("would be pruned." if task.check_mode else "was pruned. All instances were done. Run again."),
        )
        raise partial(error, items, [], with_diff=task.diff_mode, base_url=task.connection.base_url)
    return True


def _prune(
    doomed: Sequence[Instance],
    items: Sequence[Item],
    listing: Listing,
    prune: Prune,
    workers: Workers,
    task: Task,
    progress: Progress,
) -> list[Item]:
    """Remove what nobody named, and return an item for each that was looked at: its job tells whether it was removed.

    Nothing is where it is not certain that nobody did.
    """
    if not _may_prune(items, listing, task):
        return []

    def is_ours(current: Instance | None, item: Item) -> bool:
        return current is not None and prune.tags <= current.tags and current.name == item.options["name"]

    def remove(item: Item) -> None:
        job = _job(item)
        client = workers.client(item)
        action = FAILED
        try:
            if is_ours(client.get_instance(t.cast("int", t.cast("Instance", job.before).id)), item):
                carry_out(job, job.sender(client, workers.pace, Baseline()))
                action = PRUNE
            else:
                action = UNCHANGED  # Somebody removed it, or took it away from us, in the meantime.
        finally:
            progress.advance(action)

    condemned = []
    for instance in doomed:
        wanted = Wanted(instance.name, instance.element_key, id=instance.id, present=False)
        item = Item(-1, {"name": instance.name, "id": instance.id}, wanted, foresee(wanted, instance))
        _job(item).warnings = item.warnings
        condemned.append(item)
    if task.check_mode:
        _pretend(condemned, task, workers)
    else:
        workers.run(remove, condemned)
    for item in condemned:
        for warning in item.warnings:
            task.report(f"pruning {item.options['name']}: {warning}")
    failed = [item for item in condemned if item.error is not None]
    if failed:
        error = t.cast("CloudElementsError", failed[0].error)
        outcome = (
            "Not all could be pruned." if task.check_mode else "All instances were done, but not all could be pruned."
        )
        error = error.within(f"{outcome} {called(failed[0])} stays.")
        raise partial(error, items, condemned, with_diff=task.diff_mode, base_url=task.connection.base_url)
    return condemned
