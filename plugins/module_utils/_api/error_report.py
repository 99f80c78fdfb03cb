# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn a failed exchange into an error that a user can act on.

The client calls `explain` when it gives up on a request. The module is pure. It quotes texts of the server only through
the redactor.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import plain
from .._secrets.redaction import Redactor
from .http_messages import Response
from .retry_policy import Outcome

_LONGEST_QUOTE = 500
"""Maximum characters that are quoted of a message of the server."""

_BY_OUTCOME = {
    Outcome.NOT_SENT: (
        ErrorKind.UNREACHABLE,
        "Check base_url, and the proxy settings of the host where the module runs.",
    ),
    Outcome.TLS: (
        ErrorKind.TLS,
        "Check base_url. If the certificate is your own authority's, give its file or directory with ca_path.",
    ),
    Outcome.REDIRECT: (ErrorKind.REDIRECT, "It was not followed, as the secrets would travel with it. Check base_url."),
    Outcome.TIMEOUT: (ErrorKind.TIMEOUT, "If the platform is known to be slow, raise timeout."),
    Outcome.RATE_LIMITED: (ErrorKind.RATE_LIMITED, "Run again later, or raise retries and deadline."),
}

_BY_STATUS = {
    401: (
        ErrorKind.UNAUTHORIZED,
        "Check user_secret and organization_secret, and that base_url is the region that they belong to.",
    ),
    403: (
        ErrorKind.FORBIDDEN,
        "The user lacks a privilege for this; an administrator of the organization can give it.",
    ),
    404: (ErrorKind.NOT_FOUND, ""),
}


def explain(
    what: str, host: str, method: str, answer: Response, attempts: int, redactor: Redactor
) -> CloudElementsError:
    """Build the error for a failed exchange.

    The message quotes `message` and `providerMessage` of the server, and nothing else of the body (vendor
    documentation, error codes).

    Args:
        what: What was tried, as the beginning of a sentence.
        host: The host of the platform.
        method: The HTTP method.
        answer: The response.
        attempts: How many times the request was sent.
        redactor: Masks the secrets that the server may echo.
    """
    kind, advice = _judge(answer, method)
    message, provider_message, request_id = _said(answer, redactor)
    facts = [f"HTTP {answer.status}"] if answer.status is not None else []
    facts += [answer.detail] if answer.detail else []
    sentences = [f"{what} failed at {host}: {', '.join(facts)}." if facts else f"{what} failed at {host}."]
    if message:
        sentences.append(f"The platform says: {sentence(message)}")
    if provider_message:
        sentences.append(f"The provider says: {sentence(provider_message)}")
    if request_id:
        sentences.append(f"Request id: {request_id}.")
    if attempts > 1:
        sentences.append(f"It was tried {attempts} times.")
    if advice:
        sentences.append(advice)
    return CloudElementsError(
        kind,
        " ".join(sentences),
        status=answer.status,
        request_id=request_id,
        provider_message=provider_message,
        attempts=attempts,
        advice=advice,
    )


def ignored(what: str, host: str, answer: Response, redactor: Redactor) -> CloudElementsError:
    """Build the error for a write that succeeded, and of which the platform says that it ignored a part.

    Args:
        what: What was tried, as the beginning of a sentence.
        host: The host of the platform.
        answer: The response. Its header `Elements-Error` says what was ignored.
        redactor: Masks the secrets that the server may echo.
    """
    said, request_id = redactor.texts(
        [answer.headers.get("elements-error", ""), answer.headers.get("elements-request-id", "")], 4 * _LONGEST_QUOTE
    )
    return CloudElementsError(
        ErrorKind.PARTLY_IGNORED,
        f"{what} had only a part of its effect at {host}, or none. The platform says: "
        f"{sentence(plain(said, _LONGEST_QUOTE))}",
        status=answer.status,
        request_id=plain(request_id) or None,
        attempts=1,
    )


_SAID = ("message", "providerMessage", "requestId")


def _judge(answer: Response, method: str) -> tuple[ErrorKind, str]:
    """Return the kind of error for a response, and what the user can do."""
    if answer.outcome in _BY_OUTCOME:
        return _BY_OUTCOME[answer.outcome]
    if answer.status is None and answer.outcome is Outcome.REFUSED:
        return _BY_OUTCOME[Outcome.NOT_SENT]
    if answer.status is None:
        return ErrorKind.CONNECTION_LOST, "Run again."
    if 200 <= answer.status < 300:
        return ErrorKind.INVALID_RESPONSE, "Check that base_url is the platform's own and ends with /elements/api-v2."
    if answer.outcome in (Outcome.BROKEN, Outcome.UNAVAILABLE):
        return ErrorKind.SERVER_ERROR, "Run again later; if it stays, give the request id to the platform's support."
    if not answer.readable:
        return (
            ErrorKind.INVALID_RESPONSE,
            "Such an answer is not the platform's own: check base_url and the proxy settings.",
        )
    if answer.status == 409 and method == "DELETE":
        return ErrorKind.IN_USE, ""
    return _BY_STATUS.get(answer.status, (ErrorKind.REFUSED, ""))


def _said(answer: Response, redactor: Redactor) -> list[str | None]:
    """Return what the server's error object says under each key, redacted and on one line, or None."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    said = [text if isinstance(text, str) and text.strip() else "" for text in map(body.get, _SAID)]
    return [plain(text, _LONGEST_QUOTE) or None for text in redactor.texts(said, limit=4 * _LONGEST_QUOTE)]


def sentence(text: str) -> str:
    """Return a text with a full stop at its end, unless it ends with a punctuation mark."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
