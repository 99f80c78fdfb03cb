# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""From an answer that is of no use to an error that a user can act on. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .._core.errors import CloudElementsError, Kind
from .._core.text import plain
from .._secrets.redaction import Redactor
from .http import Answer
from .retry_policy import Outcome

_LONGEST_QUOTE = 500
"""Characters that are quoted of a message of the server."""

_BY_OUTCOME = {
    Outcome.NOT_SENT: (Kind.UNREACHABLE, "Check base_url, and the proxy settings of the host where the module runs."),
    Outcome.TLS: (
        Kind.TLS,
        "Check base_url. If the certificate is your own authority's, give its file or directory with ca_path.",
    ),
    Outcome.REDIRECT: (Kind.REDIRECT, "It was not followed, as the secrets would travel with it. Check base_url."),
    Outcome.TIMEOUT: (Kind.TIMEOUT, "If the platform is known to be slow, raise timeout."),
    Outcome.RATE_LIMITED: (Kind.RATE_LIMITED, "Run again later, or raise retries and deadline."),
}

_BY_STATUS = {
    401: (
        Kind.UNAUTHORIZED,
        "Check user_secret and organization_secret, and that base_url is the region that they belong to.",
    ),
    403: (Kind.FORBIDDEN, "The user lacks a privilege for this; an administrator of the organization can give it."),
    404: (Kind.NOT_FOUND, ""),
}


def explain(what: str, host: str, method: str, answer: Answer, attempts: int, redactor: Redactor) -> CloudElementsError:
    """Return the error for an answer.

    In: what was tried, as the beginning of a sentence; the host; the method; the answer; how many times it was tried;
    and the redactor that knows the secrets which the server may echo.
    Out: an error whose message quotes the server's C(message) and C(providerMessage) and nothing else of the body
    (vendor documentation, error codes).
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


_SAID = ("message", "providerMessage", "requestId")


def _judge(answer: Answer, method: str) -> tuple[Kind, str]:
    """Return the kind of error that an answer means, and what to do about it."""
    if answer.outcome in _BY_OUTCOME:
        return _BY_OUTCOME[answer.outcome]
    if answer.status is None and answer.outcome is Outcome.REFUSED:
        return _BY_OUTCOME[Outcome.NOT_SENT]
    if answer.status is None:
        return Kind.CONNECTION_LOST, "Run again."
    if 200 <= answer.status < 300:
        return Kind.INVALID_RESPONSE, "Check that base_url is the platform's own and ends with /elements/api-v2."
    if answer.status == 408 or answer.status >= 500:
        return Kind.SERVER_ERROR, "Run again later; if it stays, give the request id to the platform's support."
    if not answer.readable:
        return Kind.INVALID_RESPONSE, "Such an answer is not the platform's own: check base_url and the proxy settings."
    if answer.status == 409 and method == "DELETE":
        return Kind.IN_USE, ""
    return _BY_STATUS.get(answer.status, (Kind.REFUSED, ""))


def _said(answer: Answer, redactor: Redactor) -> list[str | None]:
    """Return what the server's error object says under each key, redacted and on one line, or None."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    said = [text if isinstance(text, str) and text.strip() else "" for text in map(body.get, _SAID)]
    return [plain(text, _LONGEST_QUOTE) or None for text in redactor.texts(said, limit=4 * _LONGEST_QUOTE)]


def sentence(text: str) -> str:
    """Return a text with the full stop that it may lack."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
