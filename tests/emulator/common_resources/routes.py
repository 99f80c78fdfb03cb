# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All calls about common resources."""

from __future__ import annotations

from ..call import Route
from . import by_name, definitions, exchange, transformations, vdrs

ROUTES: list[Route] = [
    *definitions.ROUTES,
    *transformations.ROUTES,
    *by_name.ROUTES,
    *exchange.ROUTES,
    *vdrs.ROUTES,
]
