# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what a create came to, and the delete of what this run created. Nothing else deletes without being asked to."""

from __future__ import annotations

from dataclasses import dataclass

from ..._api.caller import UncertainError
from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError
from .ownership import SentCreate, doubt_about


@dataclass(frozen=True)
class Created:
    """What a create came to.

    Attributes:
        instance: The instance as it was answered or found.
        lost: Whether the answer to one of our creates was lost, so that each of two may be ours.
        sent: The create that the platform answered with it. None if it was found and adopted: it is another run's, or
            may be.
    """

    instance: Instance
    lost: bool
    sent: SentCreate | None

    @property
    def number(self) -> int:
        """The id of the instance."""
        if self.instance.id is None:
            raise AssertionError("What was answered or found has an id.")
        return self.instance.id

    @property
    def own(self) -> bool:
        """Whether the platform answered our create with it."""
        return self.sent is not None


def doubt_of(created: Created, client: Client) -> str | None:
    """Return why it is not certain that this run created an instance, as a clause, or None if it is certain.

    The instance is read anew: somebody may have changed it in the meantime.
    """
    if created.sent is None:
        return "another run may have made it"
    current = client.instances.get(created.number) or created.instance
    if current.name != created.instance.name:
        return "it was renamed in the meantime"
    return doubt_about(current, created.sent)


def delete_own(created: Created, client: Client, why: str) -> None:
    """Delete an instance that this run created without any doubt, and make sure of it.

    Args:
        created: What the create came to. The caller has asked `doubt_of` right before.
        client: Deletes.
        why: Why it goes, as a sentence.

    Raises:
        CloudElementsError: It cannot be deleted. The message tells its id.
    """
    by_hand = f"{why} The own one, with id {created.number}, has to be removed by hand.".lstrip()
    attempt = 0
    while True:
        attempt += 1
        try:
            client.instances.delete(created.number)
            return
        except UncertainError as doubt:
            failure, wait = doubt.error, doubt.wait
        except CloudElementsError as error:
            failure, wait = error, None
        if wait is None or attempt > client.budget.retries:
            raise failure.within(by_hand)
        client.budget.wait(wait, f"{by_hand} {failure.message}")
