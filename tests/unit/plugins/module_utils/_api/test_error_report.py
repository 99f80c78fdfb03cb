# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.error_report import explain
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome, classify
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import (
    MASK,
    WITHHELD,
    Redactor,
)
from hypothesis import given
from hypothesis import strategies as st


def explained(answer: Response, attempts: int = 1, secrets=(), method: str = "GET"):
    return explain("Reading the instance with id 7", "api.example.com", method, answer, attempts, Redactor(secrets))


def said(status: int, body, **more) -> Response:
    return Response(classify(status, more.get("retry_after")), status, {}, body, **more)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response(Outcome.NOT_SENT), ErrorKind.UNREACHABLE),
        (Response(Outcome.TLS), ErrorKind.TLS),
        (Response(Outcome.REDIRECT, 302), ErrorKind.REDIRECT),
        (Response(Outcome.TIMEOUT), ErrorKind.TIMEOUT),
        (Response(Outcome.REFUSED), ErrorKind.UNREACHABLE),
        (Response(Outcome.BROKEN), ErrorKind.CONNECTION_LOST),
        (Response(Outcome.BROKEN, 200, readable=False), ErrorKind.INVALID_RESPONSE),
        (said(400, {}), ErrorKind.REFUSED),
        (said(401, {}), ErrorKind.UNAUTHORIZED),
        (said(403, {}), ErrorKind.FORBIDDEN),
        (said(404, {}), ErrorKind.NOT_FOUND),
        (said(405, {}), ErrorKind.REFUSED),
        (said(408, {}), ErrorKind.SERVER_ERROR),
        (said(409, {}), ErrorKind.REFUSED),
        (said(429, {}), ErrorKind.RATE_LIMITED),
        (said(500, {}), ErrorKind.SERVER_ERROR),
        (said(502, None, readable=False), ErrorKind.SERVER_ERROR),
        (said(503, {}, retry_after=1), ErrorKind.SERVER_ERROR),
        (said(401, None, readable=False), ErrorKind.INVALID_RESPONSE),
        (said(404, None, readable=False), ErrorKind.INVALID_RESPONSE),
    ],
)
def test_every_way_to_fail_has_its_kind(answer, kind):
    assert explained(answer).kind is kind


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_only_what_can_not_be_deleted_is_in_use(method):
    expected = ErrorKind.IN_USE if method == "DELETE" else ErrorKind.REFUSED
    assert explained(said(409, {}), method=method).kind is expected


def test_the_message_says_what_where_why_and_how_often():
    body = {"message": "Request failed", "providerMessage": "Bad key", "requestId": "58b46b1be4b0e5a9b7d19c49"}
    error = explained(said(401, body, detail="the answer is odd"), attempts=3)
    assert error.message == (
        "Reading the instance with id 7 failed at api.example.com: HTTP 401, the answer is odd. "
        "The platform says: Request failed. The provider says: Bad key. Request id: 58b46b1be4b0e5a9b7d19c49. "
        "It was tried 3 times. "
        "Check user_secret and organization_secret, and that base_url is the region that they belong to."
    )
    assert error.as_result() == {
        "kind": "unauthorized",
        "status": 401,
        "request_id": "58b46b1be4b0e5a9b7d19c49",
        "provider_message": "Bad key",
        "attempts": 3,
    }


def test_without_any_answer_the_message_still_reads_well():
    assert explained(Response(Outcome.BROKEN)).message == (
        "Reading the instance with id 7 failed at api.example.com. Run again."
    )


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.TLS, Outcome.REDIRECT, Outcome.TIMEOUT])
def test_the_message_says_what_to_do(outcome):
    bare = "Reading the instance with id 7 failed at api.example.com."
    assert len(explained(Response(outcome)).message) > len(bare) + 20


@given(
    st.text(min_size=1).map("canary{}".format), st.sampled_from(["token", "configuration", "stack", "Message", "error"])
)
def test_nothing_else_of_a_body_is_quoted(value, key):
    error = explained(said(400, {"message": "No", key: value, "deep": {"message": value}}))
    assert "canary" not in error.message
    assert "canary" not in json.dumps(error.as_result())


@pytest.mark.parametrize(
    "body", [None, [], "canary", 5, {"message": None}, {"message": 5}, {"message": " "}, {"message": ["canary"]}]
)
def test_a_body_without_a_message_is_not_quoted(body):
    assert "says" not in explained(said(400, body)).message


@pytest.mark.parametrize("key", ["message", "providerMessage", "requestId"])
def test_secrets_are_taken_out_of_all_that_is_quoted(key):
    error = explained(said(400, {key: "with canary-secret in it"}), secrets=["canary-secret"])
    assert f"with {MASK} in it" in error.message
    assert "canary" not in json.dumps(error.as_result())


def test_a_secret_at_the_place_of_the_cut_is_not_shown_in_part():
    for start in range(480, 500):
        text = "x" * start + " canary-secret-of-some-length " + "y" * 100
        error = explained(
            said(400, {"message": text, "providerMessage": text}), secrets=["canary-secret-of-some-length"]
        )
        assert "can" not in error.message.replace("can give", "")
        assert "can" not in error.provider_message


def test_a_secret_that_is_spread_over_what_is_quoted_is_not_shown():
    body = {"message": "It is cana", "providerMessage": "ry-sec", "requestId": "ret-42"}
    error = explained(said(400, body), secrets=["canary-secret-42"])
    assert "The platform says: (withheld, as it repeats a secret). The provider says: (withheld" in error.message
    assert "cana" not in error.message and (error.provider_message, error.request_id) == (WITHHELD, WITHHELD)


@given(st.integers(0, 5000))
def test_long_messages_are_cut(length):
    provider_message = explained(said(400, {"providerMessage": "x" * length})).provider_message
    expected = "x" * length if length <= 500 else "x" * 500 + "…"
    assert (provider_message or "") == expected


@given(st.text())
def test_no_control_character_reaches_the_terminal_and_it_stays_on_one_line(text):
    error = explained(said(400, {"message": text, "providerMessage": text, "requestId": text}))
    assert error.message.isprintable()
    assert (error.provider_message or "").isprintable()
    assert (error.request_id or "").isprintable()


@pytest.mark.parametrize("trick", ["\x1b[31mred", "a\r\nb", "a\u202eb", "a\x00b", "a\u200bb"])
def test_characters_that_play_tricks_are_taken_out(trick):
    assert explained(said(400, {"providerMessage": trick})).provider_message.isprintable()


@pytest.mark.parametrize(("message", "sentence"), [("Why?", "Why?"), ("Done.", "Done."), ("No", "No."), ("Oh!", "Oh!")])
def test_a_quote_ends_like_a_sentence(message, sentence):
    assert explained(said(400, {"message": message})).message.endswith(f"says: {sentence}")


@pytest.mark.parametrize("answer", [Response(Outcome.BROKEN), said(502, {"message": "Bad gateway"}), said(404, {})])
def test_the_facts_are_the_message_without_what_to_do(answer):
    error = explained(answer)
    assert error.message.startswith(error.facts)
    assert not any(advice in error.facts for advice in ("Run again", "support"))
    # What the message became since holds as a whole.
    assert error.within("It was done.").facts == f"It was done. {error.message}"
