# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define the exceptions that end a task, for all layers. Users rely on the kind, never on the wording.

CloudElementsError
└── PartialError    a task that was done in part, with its result
"""

from __future__ import annotations

import enum
import os.path
import traceback
import typing as t


class ErrorKind(str, enum.Enum):
    """Names what went wrong. The values are part of the public interface (return value `error.kind`)."""

    INVALID_OPTIONS = "invalid_options"
    """The options of the task cannot be used. Nothing was sent."""
    UNSUPPORTED_PYTHON = "unsupported_python"
    """The Python that runs the module is too old. `python.py` reports it before anything else is imported."""
    MISSING_LIBRARY = "missing_library"
    """A Python library is not installed where the module runs. Nothing was sent."""
    UNREACHABLE = "unreachable"
    """No connection could be made, so nothing was sent."""
    TLS = "tls"
    """The server's certificate does not verify. No secret was sent."""
    REDIRECT = "redirect"
    """The server answered with a redirect, which is never followed: the secrets would travel with it."""
    TIMEOUT = "timeout"
    """No answer came in time."""
    CONNECTION_LOST = "connection_lost"
    """The connection broke before the answer was complete."""
    INVALID_RESPONSE = "invalid_response"
    """The answer is not JSON, or is JSON of another shape."""
    UNAUTHORIZED = "unauthorized"
    """401: the secrets are wrong, or belong to another region."""
    FORBIDDEN = "forbidden"
    """403: the user lacks a privilege."""
    NOT_FOUND = "not_found"
    """404: there is no such element or instance."""
    REFUSED = "refused"
    """400 and other 4xx: the platform refused the request."""
    IN_USE = "in_use"
    """409: the instance is in use and cannot be deleted."""
    RATE_LIMITED = "rate_limited"
    """429, for longer than the task may wait."""
    SERVER_ERROR = "server_error"
    """408 or 5xx."""
    AMBIGUOUS = "ambiguous"
    """More than one instance matches."""
    NAME_CHANGED = "name_changed"
    """The platform stored another name than was asked for. The instance was removed again."""
    PARTLY_IGNORED = "partly_ignored"
    """The platform answered with success, and kept only a part of what was written."""
    CREDENTIALS_REFUSED = "credentials_refused"
    """The provider refuses the credentials of the instance."""
    PLAN_CHANGED = "plan_changed"
    """What would be done is not what was reviewed. Nothing was written."""
    SKIPPED = "skipped"
    """What the resource refers to failed, so it was left alone."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    """It is unknown whether a write took effect."""
    DEADLINE = "deadline"
    """The time for the whole task ran out."""
    INTERNAL = "internal"
    """This collection has a bug."""


class CloudElementsError(Exception):
    """Ends a task.

    Args:
        kind: What went wrong.
        message: What failed, on which instance, why, and what to do.
        status: The HTTP status, if there was an answer.
        request_id: The platform's id of the request, redacted.
        provider_message: The message of the provider, redacted.
        attempts: How often the request was sent.
        advice: The end of the message that says what to do, if that does not always apply.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        provider_message: str | None = None,
        attempts: int = 0,
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.request_id = request_id
        self.provider_message = provider_message
        self.attempts = attempts
        self._advice = advice

    @property
    def facts(self) -> str:
        """The message without the advice at its end. Use it if something else is done than what the advice says."""
        return self.message.removesuffix(self._advice).rstrip()

    def but(self, message: str, kind: ErrorKind | None = None) -> CloudElementsError:
        """Return the same error with another message, and with another kind if one is given."""
        return CloudElementsError(
            kind or self.kind,
            message,
            status=self.status,
            request_id=self.request_id,
            provider_message=self.provider_message,
            attempts=self.attempts,
        )

    def within(self, what: str) -> CloudElementsError:
        """Return the same error with more context in front of its message."""
        return self.but(f"{what} {self.message}")

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form: the return value `error` of every module."""
        return {
            "kind": self.kind.value,
            "status": self.status,
            "request_id": self.request_id,
            "provider_message": self.provider_message,
            "attempts": self.attempts,
        }


def error_of(error: Exception) -> CloudElementsError:
    """Return an exception as an error of this collection. Any other one is a bug.

    The own text of a bug's exception is not shown, as it may hold a secret.
    """
    if isinstance(error, CloudElementsError):
        return error
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return CloudElementsError(
        ErrorKind.INTERNAL,
        f"{type(error).__name__} in {place}: this is a mistake in the collection cloud_elements.platform. "
        "Please report it with this line.",
    )


class PartialError(CloudElementsError):
    """Ends a task that was done in part. `result` holds the return values that say which part."""

    def __init__(self, error: CloudElementsError, result: dict[str, t.Any]) -> None:
        super().__init__(
            error.kind,
            error.message,
            status=error.status,
            request_id=error.request_id,
            provider_message=error.provider_message,
            attempts=error.attempts,
        )
        self.result = result


def invalid(message: str) -> CloudElementsError:
    """Return the error for options that cannot be used."""
    return CloudElementsError(ErrorKind.INVALID_OPTIONS, message)
