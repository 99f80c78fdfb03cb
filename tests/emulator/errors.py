# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one way in which a handler says no."""

from __future__ import annotations


class ApiError(Exception):
    """Becomes an answer with `status` and the body {"requestId", "message"[, "providerMessage"]}.

    Documented: the vendor's list of error codes (DOC error-codes).
    """

    def __init__(self, status: int, message: str, provider_message: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.provider_message = provider_message
