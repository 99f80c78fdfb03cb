# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All calls about formulas."""

from __future__ import annotations

from ..call import Route
from . import instances, parts, templates

ROUTES: list[Route] = [*templates.ROUTES, *parts.ROUTES, *instances.ROUTES]
