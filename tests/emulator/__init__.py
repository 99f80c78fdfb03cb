# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the Cloud Elements platform API: element instances, elements, hubs. See README.md."""

from __future__ import annotations

from .faults import Fault, http_date
from .server import Emulator, Tls
from .switches import Switches

__all__ = ["Emulator", "Fault", "Switches", "Tls", "http_date"]
