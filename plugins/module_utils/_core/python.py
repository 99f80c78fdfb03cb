# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the Python version. Every module does so before it imports anything else of the collection.

This file must not import anything of the collection. It must run on every Python on which Ansible starts a module.
"""

from __future__ import annotations

import json
import sys

MINIMUM = (3, 10)


def require_python() -> None:
    """Fail the module if its Python is too old to import the rest of the collection."""
    if sys.version_info >= MINIMUM:
        return
    needed, found = (".".join(str(number) for number in version) for version in (MINIMUM, sys.version_info[:3]))
    message = (
        f"The modules of cloud_elements.platform need Python {needed} or newer, and {sys.executable} is Python {found}."
        " Set ansible_python_interpreter to a newer Python of this host, or run the task on another host with"
        " delegate_to."
    )
    error = {
        "kind": "unsupported_python",
        "status": None,
        "request_id": None,
        "provider_message": None,
        "attempts": 0,
    }
    sys.stdout.write(json.dumps({"changed": False, "failed": True, "msg": message, "error": error}))
    raise SystemExit(1)
