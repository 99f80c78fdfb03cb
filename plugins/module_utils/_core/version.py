# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State the version of the collection for the User-Agent. A test keeps it equal to galaxy.yml."""

from __future__ import annotations

VERSION = "0.1.0"
