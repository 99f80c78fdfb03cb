# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Plan what becomes of the directory of an account. It reads files, and writes none.

The action plugin `cloud_elements_account_dir` calls this.
"""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS

from ._account_dir_files import PRIVATE, Change, Directory, WriteError
from ._account_dir_tree import README, account_files, is_empty, is_ours, secrets_of
from ._account_layout import FOLDERS, LISTS
from ._secrets_files import plan_files
from ._secrets_form import missing_path, outcome

SECRETS = "secrets"
_SUFFIXES = (".yml", ".yaml", ".json")


@dataclass(frozen=True)
class DirectoryPlan:
    """What becomes of a directory.

    Attributes:
        secrets: The changes of the files of secrets, which no diff shows.
        files: The changes of all other files.
        stale: The files of resources that the account does not have any more.
        lacking: The variables that the file of secrets lacks.
        outcome: Where the secrets are, or are to be filled in, in words.
    """

    secrets: tuple[Change, ...]
    files: tuple[Change, ...]
    stale: tuple[str, ...]
    lacking: tuple[str, ...]
    outcome: str

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in the order in which they are made."""
        return self.secrets + self.files


def plan_directory(
    directory: Directory,
    account: Mapping[str, t.Any],
    loader: t.Any,
    *,
    include: Collection[str] = KINDS,
    schemas: Mapping[str, str] | None = None,
    prune: bool = False,
    partial: bool = False,
) -> DirectoryPlan:
    """Return what becomes of a directory, so that it describes an account.

    Args:
        directory: The directory, which need not be there.
        account: What the module `cloud_elements_account_info` returned.
        loader: Ansible's loader, which decrypts the file of secrets.
        include: The kinds to write. Files of the others stay as they are.
        schemas: The texts of the JSON schemas, by the names of their files.
        prune: Whether files of resources that the account does not have any more are removed.
        partial: Whether the account is described in part, so that what is missing may well be there.

    Raises:
        AccountError: The account is not such a description.
        FormError: A file of secrets cannot be read, or must not be changed.
        WriteError: A file must not be overwritten. The message names all.
    """
    if partial and prune:
        raise WriteError(
            "A part of the account does not tell which files are of resources that are gone. Export it all."
        )
    wanted = account_files(account, include, schemas)
    found = {name: directory.read(name) for name in wanted}
    if partial:
        _refuse_part(directory, wanted, found)
    if found.get(README) is not None and not is_ours(README, found[README] or ""):
        del wanted[README]  # The page of somebody else says more.
    _refuse(directory, list(_in_the_way(directory, {name: found[name] for name in wanted}, include)))
    stale = {name: text for name, text in _ours(directory, include) if name not in wanted}
    if is_empty(account, include) and any(_describes(name, text) for name, text in {**found, **stale}.items()):
        raise WriteError(
            f"The account has nothing to export, but {directory.path} describes something, so it is not overwritten. "
            "Is the connection that of another account, such as by its base_url "
            "(CLOUD_ELEMENTS_BASE_URL or cloud_elements_base_url)? If the account is meant to be empty, remove the "
            "files first."
        )
    removed = tuple(Change(name, text, None) for name, text in stale.items()) if prune else ()
    secrets, lacking, words = _secrets(directory, account, loader, include)
    written = (Change(name, found[name], text) for name, text in wanted.items() if text != found[name])
    return DirectoryPlan(secrets, (*written, *removed), tuple(stale), lacking, words)


def _secrets(
    directory: Directory, account: Mapping[str, t.Any], loader: t.Any, include: Collection[str]
) -> tuple[tuple[Change, ...], tuple[str, ...], str]:
    names = [SECRETS + suffix for suffix in _SUFFIXES]
    name = next((name for name in names if directory.read(name) is not None), names[0])
    before = directory.read(missing_path(name))
    partial = not set(KINDS) <= set(include)
    planned = plan_files(directory.shown(name), secrets_of(account, include), loader, partial=partial)
    changes = [] if planned.form is None else [Change(name, None, planned.form, PRIVATE)]
    if planned.remove_missing or planned.missing not in (None, before):
        changes.append(Change(missing_path(name), before, planned.missing, PRIVATE))
    return tuple(changes), planned.lacking, outcome(planned, directory.shown(name))


def _in_the_way(directory: Directory, found: Mapping[str, str | None], include: Collection[str]) -> Iterator[str]:
    """Yield why files must not be written, in words."""
    for name, text in found.items():
        if text is not None and not is_ours(name, text):
            yield (
                f"{directory.shown(name)} is there, and its head does not say that an export wrote it, so it is not "
                "overwritten. Move it elsewhere."
            )
    there = directory.names()
    for kind in include:
        stem = LISTS[kind][0] if kind in LISTS else None
        for name in (f"{stem}{suffix}" for suffix in _SUFFIXES[1:]):
            if name in there:
                yield f"{directory.shown(name)} describes what {stem}.yml would describe too. Move it elsewhere."


def _refuse_part(directory: Directory, wanted: Mapping[str, str], found: Mapping[str, str | None]) -> None:
    """Raise if a list of resources would be replaced by a part of it."""
    for stem, _key in LISTS.values():
        name = f"{stem}.yml"
        if _describes(name, found.get(name)) and found[name] != wanted[name]:
            raise WriteError(
                f"{directory.shown(name)} would lose what the filters leave out, so it is not overwritten. Export "
                "without filters, or to another directory."
            )


def _refuse(directory: Directory, problems: list[str]) -> None:
    if problems:
        raise WriteError(" ".join(problems))


def _ours(directory: Directory, include: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the files of single resources that an export wrote, with what they hold."""
    for folder in (folder for folder in FOLDERS if folder in include):
        for name in directory.names(folder):
            if name.endswith(".yml") and not directory.is_link(name):
                text = directory.read(name)
                if text is not None and is_ours(name, text):
                    yield name, text


def _describes(name: str, text: str | None) -> bool:
    """Tell whether a file of an export describes a resource: a list that is not empty, or a document."""
    empty = {f"{stem}.yml": f"\n{key}: []\n" for stem, key in LISTS.values()}
    return text is not None and name.endswith(".yml") and not text.endswith(empty.get(name, "\0"))
