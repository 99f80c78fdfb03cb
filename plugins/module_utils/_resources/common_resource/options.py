# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one common resource, and check the rules between them. Pure."""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections.abc import Callable, Iterable, Mapping

from ..._api.common_resource_models import ACCOUNT, INSTANCE, Field, MappedField, Script, entries_of
from ..._core.errors import invalid
from ..._core.text import quote
from ..._secrets.masks import holds_mask_in_code
from ..._secrets.redaction import WITHHELD
from ..option_values import id_from, name_from, refuse_changed, refuse_unsendable
from .desired import DesiredCommonResource, DesiredMapping, Level, OwnerReference

_T = t.TypeVar("_T")

_HALF = re.compile("[\ud800-\udfff]")


def parse(params: Mapping[str, t.Any]) -> DesiredCommonResource:
    """Return the desired common resource for options.

    Raises:
        CloudElementsError: `invalid_options`. The message names the option.
    """
    present = params["state"] == "present"
    level = level_from(params)
    fields = None if params["fields"] is None else _each(params["fields"], "fields", _field)
    mappings = _each(params["transformations"] or (), "transformations", _mapping)
    if fields is not None:
        _refuse_twice((each.path for each in fields), "fields", "path")
    _refuse_twice((each.element_key.casefold() for each in mappings), "transformations", "element_key")
    instance = level.instance
    if instance is not None:
        others = [
            each.element_key for each in mappings if each.element_key != (instance.element_key or each.element_key)
        ]
        if others or len(mappings) > 1:
            raise invalid(
                f"transformations must only hold a mapping to the element of the instance: the {level.instance} cannot "
                f"have one to another element."
            )
    if params["purge_transformations"] and params["transformations"] is None:
        raise invalid(
            "purge_transformations is set without transformations. To remove all of them, set transformations to []."
        )
    return DesiredCommonResource(
        name=name_of(params["name"]),
        level=level,
        description=_description(params["description"]),
        fields=fields,
        mappings=mappings,
        purge=params["purge_transformations"],
        present=present,
    )


def name_of(text: str) -> str:
    """Return the name of a common resource that an option gives.

    Raises:
        CloudElementsError: `invalid_options` for a name that cannot be one, or that a path would be changed by.
    """
    return _segment(text, "name")


def level_from(params: Mapping[str, t.Any]) -> Level:
    """Return the level that options name.

    Raises:
        CloudElementsError: `invalid_options` if its owner is missing, or is one that the level does not have.
    """
    level, instance = params["level"], params["instance"]
    account_id = id_from(params["account_id"], "account_id")
    if account_id is not None and level != ACCOUNT:
        raise invalid(f"account_id is set, and level is {level}: only level {ACCOUNT} belongs to an account.")
    if (instance is not None) != (level == INSTANCE):
        raise invalid(f"instance is required at level {INSTANCE}, and must not be set otherwise. level is {level}.")
    return Level(level, account_id, None if instance is None else _instance(instance))


def _instance(given: Mapping[str, t.Any]) -> OwnerReference:
    number = id_from(given.get("id"), "id of instance")
    key, name = given.get("element_key"), name_from(given.get("name"), "name of instance")
    if number is not None and key is None and name is None:
        return OwnerReference(id=number)
    if number is None and key and name:
        return OwnerReference(key, name)
    raise invalid("instance must have either element_key and name, or id.")


def _segment(text: str, option: str) -> str:
    """Return a name that is one segment of a path on every server, however it reads the path.

    Otherwise a call about one common resource could become a call about all of a level.
    """
    name = name_from(text, option) or ""
    spelling = name
    for _layer in range(4):
        pieces = [piece.split(";")[0].strip() for piece in re.split(r"[/\\]", spelling)]
        if any(piece in ("", ".", "..") for piece in pieces):
            raise invalid(f"{option} is {quote(text)}: a part of it could be taken for a step in a path. Use another.")
        if _HALF.search(spelling):
            raise invalid(f"{option} holds half a character (a surrogate), which cannot be stored.")
        spelling = urllib.parse.unquote(spelling)
    return name


def _element_key(text: str, option: str) -> str:
    if text.isdecimal():
        raise invalid(f"{option} is {quote(text)}: ids of elements differ between environments. Give the key.")
    return _segment(text, option)


def _description(text: str | None) -> str | None:
    if text is not None:
        refuse_unsendable(text, "description")
    return text


def _field(given: Mapping[str, t.Any], where: str) -> Field:
    shown = given.get("display_name")
    if shown is not None:
        refuse_unsendable(shown, f"{where}.display_name")
    return Field(_path(given.get("path"), f"{where}.path"), _word(given.get("type"), f"{where}.type"), shown)


def _mapping(given: Mapping[str, t.Any], where: str) -> DesiredMapping:
    fields = given.get("fields")
    mapped = None if fields is None else _each(fields, f"{where}.fields", _mapped_field)
    if mapped is not None:
        _refuse_twice((each.identity for each in mapped), f"{where}.fields", "path and vendor_path")
    return DesiredMapping(
        element_key=_element_key(given["element_key"], f"{where}.element_key"),
        vendor_name=_word(given.get("vendor_name"), f"{where}.vendor_name"),
        fields=mapped,
        configuration=_entries(given.get("configuration"), f"{where}.configuration"),
        script=_script(given.get("script"), f"{where}.script"),
        is_legacy=given.get("is_legacy"),
        present=given.get("state", "present") == "present",
    )


def _mapped_field(given: Mapping[str, t.Any], where: str) -> MappedField:
    return MappedField(
        path=_path(given.get("path"), f"{where}.path"),
        vendor_path=_word(given.get("vendor_path"), f"{where}.vendor_path"),
        type=_word(given.get("type"), f"{where}.type"),
        vendor_type=_word(given.get("vendor_type"), f"{where}.vendor_type"),
        configuration=_entries(given.get("configuration"), f"{where}.configuration"),
    )


def _entries(given: t.Any, where: str) -> tuple[Mapping[str, t.Any], ...] | None:
    if given is None:
        return None
    refuse_unsendable(given, where)
    for position, entry in enumerate(given):
        if not isinstance(entry.get("type"), str):
            raise invalid(f"{where}[{position}] has no type.")
        if not isinstance(entry.get("properties") or {}, Mapping):
            raise invalid(f"{where}[{position}].properties is not a mapping.")
    return entries_of(given)


def _script(given: t.Any, where: str) -> Script | None:
    if given is None:
        return None
    if isinstance(given, str):
        given = {"body": given}
    if not isinstance(given, Mapping) or not isinstance(given.get("body"), str):
        raise invalid(f"{where} must be a text, or a mapping with body, mime_type and filter_empty_response.")
    unknown = sorted(str(key) for key in given.keys() - {"body", "mime_type", "filter_empty_response"})
    if unknown:
        raise invalid(f"{where} has {quote(unknown[0])}, which is none of body, mime_type and filter_empty_response.")
    body, filters = given["body"], given.get("filter_empty_response")
    if WITHHELD in body or holds_mask_in_code(body):
        raise invalid(f"{where} holds a mask, which is shown in place of a secret. Give the secret itself.")
    if _HALF.search(body):
        raise invalid(f"{where} holds half a character (a surrogate), which cannot be stored.")
    if filters is not None and not isinstance(filters, bool):
        raise invalid(f"{where}.filter_empty_response is neither true nor false.")
    return Script(body if body.strip() else "", _word(given.get("mime_type"), f"{where}.mime_type"), filters)


def _path(text: t.Any, where: str) -> str:
    word = _word(text, where)
    if word is None:
        raise invalid(f"{where} is missing.")
    return word


def _word(text: t.Any, where: str) -> str | None:
    """Return a text of one line that the platform keeps as it is, or None."""
    if text is None:
        return None
    if not isinstance(text, str) or not text.strip():
        raise invalid(f"{where} is empty. If it comes from a variable, that one is empty.")
    refuse_changed(text, where)
    if text != text.strip():
        raise invalid(f"{where} is {quote(text)}: it has white space at its ends. Remove it.")
    return text


def _each(given: Iterable[t.Any], option: str, parse_one: Callable[[Mapping[str, t.Any], str], _T]) -> tuple[_T, ...]:
    return tuple(parse_one(each, f"{option}[{position}]") for position, each in enumerate(given))


def _refuse_twice(keys: Iterable[t.Any], option: str, what: str) -> None:
    seen = set()
    for key in keys:
        if key in seen:
            words = quote(key) if isinstance(key, str) else " and ".join(map(quote, key))
            raise invalid(f"{option} holds two items with {what} {words}.")
        seen.add(key)
