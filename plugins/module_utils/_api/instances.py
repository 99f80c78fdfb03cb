# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about element instances.

An answer that cannot belong to its request, because it is about another instance, is refused as misplaced.
"""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import quote
from .._secrets.redaction import Redactor
from .caller import PAGE_SIZE, Caller
from .connection import is_sendable
from .http_messages import Request
from .models import Instance, MisplacedError, OddRow, instance_from, instances_from, nothing_about
from .names import Identity, folded, may_be_stored_as
from .retry_policy import Effect


@dataclass(frozen=True)
class Listing:
    """The rows of a whole listing of instances.

    Attributes:
        instances: The instances.
        complete: Whether these are all. They are not if the server counts more than it lists.
        odd: The rows that cannot be read.
    """

    instances: tuple[Instance, ...]
    complete: bool
    odd: tuple[OddRow, ...] = ()


class InstanceCalls:
    """Reads and writes element instances, and remembers what the run has seen of each.

    Args:
        caller: Makes the calls.
        seen: The instances that the run has seen, by id. Messages about an instance may repeat its secrets.
        declared: The configuration keys whose values messages may show.
    """

    def __init__(self, caller: Caller, seen: dict[int, Instance], declared: frozenset[str]) -> None:
        self._caller = caller
        self._seen = seen
        self._declared = declared

    @property
    def seen_ids(self) -> frozenset[int]:
        """The ids of all instances that the run has seen."""
        return frozenset(self._seen)

    def list(self, *, search_text: str | None = None, tags: tuple[str, ...] = (), hydrate: bool = True) -> Listing:
        """Return all instances that the user sees and that the filters of the server let through.

        Args:
            search_text: A part of the name or of the element key.
            tags: Tags that the instances have.
            hydrate: Whether the rows should have the configuration. The server may ignore this.

        The filters only save work. They never replace a comparison.
        """
        query = [("pageSize", str(PAGE_SIZE)), ("hydrate", "true" if hydrate else "false")]
        query += [("searchText", search_text)] if search_text else []
        query += [("tags[]", tag) for tag in tags]
        pages = self._caller.pages("Listing the instances", "/instances", query, instances_from, lambda row: row.id)
        for row in pages.rows:
            self._note(row)
        return Listing(pages.rows, pages.complete, pages.odd)

    def get(self, instance_id: int) -> Instance | None:
        """Return the instance with an id, or None if there is none."""
        request = Request("GET", f"/instances/{instance_id}")
        what = f"Reading the instance with id {instance_id}"
        instance = self._caller.call(
            what, Effect.READ, request, _this(instance_id), missing=None, redactor=self.redactor_for(instance_id)
        )
        return instance and self._note(instance)

    def create(self, body: Mapping[str, t.Any], desired: Collection[Identity] = ()) -> Instance:
        """Create an instance and return it as the platform stored it, which may be under another name.

        Args:
            body: What is sent.
            desired: The names that the run wants to be there. An answer about another one of them is misplaced.
        """
        what = f"Creating the instance {quote(body['name'])} of element {quote(body['element']['key'])}"
        effect = Effect.SPEND if "providerData" in body else Effect.CREATE
        request = Request("POST", "/instances", body=body)
        return self._note(self._caller.call(what, effect, request, _created(body, self._seen, desired)))

    def change(self, instance_id: int, body: Mapping[str, t.Any]) -> Instance:
        """Change an instance and return it as the platform stored it. Configuration is merged, tags are replaced."""
        what = f"Changing the instance with id {instance_id}"
        request = Request("PATCH", f"/instances/{instance_id}", body=body)
        effect = Effect.SPEND if "providerData" in body else Effect.CHANGE
        parse = _this(instance_id, body.get("name"))
        return self._note(self._caller.call(what, effect, request, parse, redactor=self.redactor_for(instance_id)))

    def delete(self, instance_id: int) -> None:
        """Delete an instance for good, and its token with it. One that is not there counts as deleted."""
        request = Request("DELETE", f"/instances/{instance_id}", answers=False)
        what = f"Deleting the instance with id {instance_id}"
        redactor = self.redactor_for(instance_id)
        self._caller.call(
            what, Effect.CHANGE, request, nothing_about(instance_id, "instance"), missing=None, redactor=redactor
        )

    def set_enabled(self, instance_id: int, enabled: bool) -> None:
        """Enable or disable an instance (help centre, disabling and enabling instances). The answer tells nothing."""
        request = Request("PUT" if enabled else "DELETE", f"/instances/{instance_id}/enabled", answers=False)
        what = f"{'Enabling' if enabled else 'Disabling'} the instance with id {instance_id}"
        redactor = self.redactor_for(instance_id)
        self._caller.call(what, Effect.CHANGE, request, nothing_about(instance_id, "instance"), redactor=redactor)

    def ping(self, instance: Instance) -> bool:
        """Ask an instance whether its connection works, with its own token (vendor's command line, instances test).

        Return False only if the answer says that it is not valid (vendor's sample application reads that).

        Raises:
            CloudElementsError: `invalid_response` for a token that would break the header.
        """
        if not is_sendable(instance.token or ""):
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                "Its token holds white space, a comma, or a character that is not printable ASCII, so it was not sent.",
            )
        request = Request("GET", "/ping", token=instance.token, answers=False)
        redactor = self.redactor_for(instance.id)
        return self._caller.call("Pinging the instance", Effect.READ, request, _is_valid, redactor=redactor)

    def redactor_for(self, instance_id: int | None) -> Callable[[Redactor], Redactor]:
        """Return what extends a redactor by the secrets that the run has seen of an instance."""
        return functools.partial(self._extend, instance_id)

    def _extend(self, instance_id: int | None, redactor: Redactor) -> Redactor:
        instance = None if instance_id is None else self._seen.get(instance_id)
        if instance is None:
            return redactor
        hidden = redactor.hidden_in(instance.configuration or {}, self._declared)
        return redactor.knowing([instance.token, *hidden])

    def _note(self, instance: Instance) -> Instance:
        """Return an instance after noting it as seen. Known configuration is kept: messages may repeat it."""
        if instance.id is not None and (instance.configuration or instance.id not in self._seen):
            self._seen[instance.id] = instance
        return instance


def _this(instance_id: int, name: str | None = None) -> Callable[[t.Any], Instance]:
    """Return the parser for an answer about one instance, which refuses an answer about another.

    Args:
        instance_id: The id of the instance.
        name: The name that the call gives it, if it does.
    """

    def parse(body: t.Any) -> Instance:
        instance = instance_from(body)
        if instance.id != instance_id or (name is not None and not may_be_stored_as(name, instance.name)):
            raise _misplaced(instance)
        return instance

    return parse


def _created(
    sent: Mapping[str, t.Any], seen: Collection[int], desired: Collection[Identity]
) -> Callable[[t.Any], Instance]:
    """Return the parser for the answer to a create, which refuses the answer to another one.

    The platform may store the name otherwise. What the run has seen before is not new: it can only be the answer if the
    platform takes its name for the one that was sent.
    """

    def parse(body: t.Any) -> Instance:
        instance = instance_from(body)
        name, stored = sent["name"], instance.name
        if (instance.element_key or sent["element"]["key"]).casefold() != sent["element"]["key"].casefold():
            raise _misplaced(instance)
        if instance.id in seen and (stored == name or folded(stored) != folded(name)):
            raise _misplaced(instance)
        if stored != name and ((sent["element"]["key"], stored) in desired or not may_be_stored_as(name, stored)):
            raise _misplaced(instance)
        return instance

    return parse


def _misplaced(instance: Instance) -> MisplacedError:
    return MisplacedError(
        f"the answer is about another instance: {quote(instance.name)} of element {quote(instance.element_key)}, with "
        f"id {instance.id}"
    )


def _is_valid(body: t.Any) -> bool:
    """Read the answer to a ping, which differs by element."""
    return not (isinstance(body, Mapping) and body.get("valid") is False)
