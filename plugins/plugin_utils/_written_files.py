# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Own the files that playbooks write for the user: what each of them begins with, so that no other is overwritten.

The lookup `cloud_elements_file_problem` and the action plugin `cloud_elements_account_provision` call this.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass

from ._account_changes import GENERATOR
from ._account_dir_files import Change, Directory, WriteError
from ._account_plan import MARKER

_JSON = rf'\{{\s*"generator": "{re.escape(GENERATOR)}",\s*"schema_version": 1,\s*'


@dataclass(frozen=True)
class FileKind:
    """A kind of file that a playbook writes.

    Attributes:
        called: What messages call it.
        head: The pattern that each such file begins with.
    """

    called: str
    head: str


FILE_KINDS = {
    "plan": FileKind("a plan", rf'{_JSON}"base_url"|{re.escape(MARKER)}'),
    "report": FileKind(
        "a report", rf'<!DOCTYPE html>.{{,2000}}<meta name="generator" content="{re.escape(GENERATOR)} '
    ),
    "report_data": FileKind("the data of a report", rf'{_JSON}"status"'),
    "report_summary": FileKind("the summary of reports", rf'{_JSON}"accounts"'),
}
"""The kinds by their names in the playbooks."""


def file_problem(path: str, kind: str, option: str) -> str:
    """Say why a file cannot be written to a place, or nothing if it can. An earlier file of the kind may be there.

    Args:
        path: The place, with all links resolved.
        kind: The name of the kind of file.
        option: The variable that names the place.
    """
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        return f"{path} has to be a file, or not there yet, in a directory that exists. Nothing was written."
    try:
        text = Directory(folder).read(name)
    except WriteError as error:
        return f"{error} Nothing was written. Give another file with {option}."
    if not text or not text.strip() or re.match(rf"\s*(?:{FILE_KINDS[kind].head})", text, re.DOTALL):
        return ""
    return (
        f"{path} is there and is not {FILE_KINDS[kind].called}, so it is not overwritten. Nothing was written. Give "
        f"another file with {option}."
    )


def write_file(path: str, text: str) -> None:
    """Replace a file as a whole, if it does not hold the text already.

    Args:
        path: The place, with all links resolved, which `file_problem` has nothing against.
        text: The new text.

    Raises:
        WriteError: It cannot be written.
    """
    folder, name = os.path.split(path)
    directory = Directory(folder)
    before = directory.read(name)
    if before != text:
        directory.apply([Change(name, before, text)])
