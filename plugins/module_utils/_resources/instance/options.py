# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one instance, and check the rules between them. Pure."""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections.abc import Iterator, Mapping

from ..._core.errors import invalid
from ..._core.text import enumerated, quote
from ..._secrets.disclosure import names_secret
from ..._secrets.fingerprint import PREFIX, Seal
from ..option_values import id_from, name_from, refuse_changed, refuse_unsendable, refuse_white_space, secret_value
from .desired import DesiredInstance, InstanceFilter

UNKNOWN_ID = (
    "id is null or empty, and name is not given. Check mode cannot know the id of an instance that does not exist yet, "
    "so nothing is predicted here."
)
"""What check mode says of a task that takes its id from one which would create the instance."""


def names_instance(params: Mapping[str, t.Any], *, check_mode: bool) -> bool:
    """Tell whether options say which instance is meant. In check mode, an id from another task may be null.

    Raises:
        CloudElementsError: They do not say so in a real run.
    """
    named = params["id"] is not None or params["name"] is not None
    if not named and not check_mode:
        raise invalid(
            "id is null or empty, and name is not given, so no instance is meant. If id comes from a variable, such as "
            "the result of another task, that one has no id."
        )
    return named


def filter_from(params: Mapping[str, t.Any]) -> InstanceFilter:
    """Return the filter for the options of an info module.

    Raises:
        CloudElementsError: `invalid_options` if one cannot be used.
    """
    return InstanceFilter(
        id=id_from(params.get("id")),
        name=name_from(params.get("name")),
        element_key=element_key_from(params.get("element_key")),
        tags=tag_set(params.get("tags"), "tags") or frozenset(),
    )


def parse(
    params: Mapping[str, t.Any], organization_secret: str, salt: bytes
) -> tuple[DesiredInstance, tuple[str, ...]]:
    """Return the desired instance for options, and what the user should be warned of.

    Args:
        params: The options of a task, or of one item of a fleet.
        organization_secret: The key of the fingerprint of the secrets.
        salt: Random bytes for the fingerprint.

    Raises:
        CloudElementsError: `invalid_options`. The message names the option, and never a value that may be secret.
    """
    present = params["state"] == "present"
    configuration, secrets, warnings = _configuration(params)
    desired = DesiredInstance(
        name=name_from(params["name"]),
        element_key=element_key_from(params["element_key"]),
        id=id_from(params["id"]),
        tags=tag_set(params["tags"], "tags"),
        configuration=configuration,
        secrets=secrets,
        provider_data=_provider_data(params["provider_data"]),
        external_authentication=params["external_authentication"],
        enabled=params["enabled"],
        update_secrets=params["update_secrets"] or "on_create",
        update_secrets_given=params["update_secrets"] is not None,
        seal=Seal(organization_secret, salt) if params["update_secrets"] == "on_change" else None,
        reauthenticate=params["reauthenticate"],
        verify=params["verify"],
        verify_wait=params["verify_wait"],
        plain_keys=frozenset(params["plain_keys"]),
        present=present,
    )
    if desired.reauthenticate and desired.provider_data is None:
        raise invalid(
            "reauthenticate needs provider_data with a new code of the provider. Where the instance is authenticated "
            "without one, give the new secrets with update_secrets."
        )
    if desired.id is None and desired.element_key is None and not present:
        raise invalid(
            f"state=absent needs element_key beside the name {quote(desired.name)} (or the id): an instance of another "
            "element may have the same name."
        )
    return desired, warnings


def tag_set(given: list[str] | None, option: str) -> frozenset[str] | None:
    """Return the set of tags, or None if the option is not given.

    One empty text means no tags: that is what `tags=` on a command line becomes.

    Raises:
        CloudElementsError: `invalid_options` if a tag cannot be stored as it is.
    """
    if given is None:
        return None
    if given == [""]:
        return frozenset()
    for tag in given:
        if not tag.strip():
            raise invalid(f"{option} holds an empty tag. To have no tags, give an empty list.")
        refuse_changed(tag, option)
        if tag.startswith(PREFIX):
            raise invalid(
                f"{option} holds a tag that begins with {PREFIX!r}, which is kept for update_secrets=on_change."
            )
        if tag != tag.strip():
            raise invalid(f"{option} holds {quote(tag)}: remove the white space at its ends.")
    return frozenset(given)


def element_key_from(given: str | None) -> str | None:
    """Return the key of an element as it was given, or None if it was not.

    Raises:
        CloudElementsError: `invalid_options` for what cannot be the key of an element, or a segment of a path.
    """
    if given is None:
        return None
    if not given.strip():
        raise invalid("element_key is empty. If it comes from a variable, that one is empty.")
    if given != given.strip() or not given.isprintable() or "/" in given or given in (".", ".."):
        raise invalid(
            f"element_key is {quote(given)}: that cannot be the key of an element. 'stripe' is one, for example."
        )
    return given


def _provider_data(given: Mapping[str, t.Any] | None) -> Mapping[str, t.Any] | None:
    if given is not None and not given:
        raise invalid("provider_data is empty. Leave it out where no OAuth code is to be sent.")
    for key, value in (given or {}).items():
        refuse_unsendable(value, f"provider_data, key {quote(key)},")
        refuse_white_space(value, f"provider_data, key {quote(key)},")
    return given


def _configuration(params: Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, t.Any], tuple[str, ...]]:
    """Return the configuration that is compared, the secrets, and warnings."""
    plain_keys = params["plain_keys"]
    shown: dict[str, t.Any] = {}
    secrets: dict[str, t.Any] = {}
    suspects: list[str] = []
    for key, value in (params["configuration"] or {}).items():
        refuse_unsendable(value, f"configuration, key {quote(key)},")
        _refuse_other_url(key, value)
        if names_secret(key) and key not in plain_keys and not isinstance(value, bool):
            suspects.append(key)
            secrets[key] = secret_value(value, f"configuration, key {quote(key)},")
        else:
            shown[key] = value
    for key, value in _given_secrets(params):
        if key in shown or key in secrets:
            raise invalid(f"The configuration key {quote(key)} is given more than once. Give it once, as a secret.")
        secrets[key] = value
    if not suspects:
        return shown, secrets, ()
    warning = (
        f"These keys in configuration look like secrets and are treated as such: {enumerated(sorted(suspects))}. "
        "Give them in secret_configuration, or in plain_keys if they are not secret."
    )
    return shown, secrets, (warning,)


def _given_secrets(params: Mapping[str, t.Any]) -> Iterator[tuple[str, t.Any]]:
    """Yield the keys and values that were given as secrets."""
    secret_configuration = params["secret_configuration"] or {}
    for key, value in secret_configuration.items():
        yield key, secret_value(value, f"secret_configuration, key {quote(key)},")
    api_key = params["api_key"]
    if api_key is None:
        return
    if "api.key" in secret_configuration:
        raise invalid("api_key and the key 'api.key' in secret_configuration are the same: give one of them.")
    yield "api.key", secret_value(api_key, "api_key")


def _refuse_other_url(key: str, value: t.Any) -> None:
    """Raise for a callback URL that is not a URL (vendor documentation, common instance configuration)."""
    if key != "event.notification.callback.url" or value in (None, ""):
        return
    try:
        parts = urllib.parse.urlsplit(value if isinstance(value, str) else "")
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        usable = False
    if not usable:
        raise invalid(
            f"configuration, key {quote(key)}, is not a URL that begins with http:// or https:// and names a host."
        )
