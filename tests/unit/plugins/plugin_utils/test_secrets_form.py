# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the files of secrets, whatever somebody has written there."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import (
    ChangeError,
    FormError,
    missing_path,
    outcome,
    plan,
    variables_in,
)

SECRETS = [{"variable": "secret_a", "purpose": "The key of a"}, {"variable": "secret_b", "purpose": "The key of b"}]


@pytest.mark.parametrize(
    ("path", "beside"),
    [("secrets.yml", "secrets.missing.yml"), ("/a.b/secrets", "/a.b/secrets.missing"), (".vault", ".vault.missing")],
)
def test_the_file_beside_keeps_stem_and_suffix(path, beside):
    assert missing_path(path) == beside


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        *[(empty, False) for empty in ("", '""', "' '", "~", "null", '!unsafe ""')],
        *[
            (text, True)
            for text in ("a", '"{{ b }}"', "0", "false", "{}", "[a]", "!vault |\n  $ANSIBLE_VAULT;1.1", "|\n  a")
        ],
    ],
)
def test_a_variable_has_a_value_unless_it_is_certainly_empty(value, filled):
    assert variables_in(f"# comment\nsecret_a: {value}\n") == {"secret_a": filled}


@pytest.mark.parametrize("text", ["- a", "a", "a: b\n---\nc: d", "a: [", "a: \x01", "[" * 5000])
def test_what_is_not_a_mapping_is_an_error_that_shows_nothing_of_it(text):
    with pytest.raises(FormError, match=r"it is a list or a text|an error in its YAML in line|it is not YAML"):
        variables_in(text)


@pytest.mark.parametrize("text", ["", "---\n", "# nothing", "{}"])
def test_a_file_without_variables_is_empty(text):
    assert variables_in(text) == {}


@pytest.mark.parametrize("missing", [None, plan(SECRETS, "{}", None).missing, "secret_a: filled in"])
def test_the_form_is_written_once_and_has_everything(missing):
    first = plan(SECRETS, None, missing)
    assert yaml.safe_load(first.form) == {"secret_a": "", "secret_b": ""} and "# The key of b\nsecret_b:" in first.form
    # What was asked for beside it is in the form now.
    assert outcome(first, "s.yml") == "to be filled in in s.yml"
    assert first.missing is None and first.lacking == () and first.remove_missing == ("exported by" in (missing or ""))
    second = plan(SECRETS, first.form, None)
    assert (second.form, second.missing, second.lacking) == (None, None, ())
    assert yaml.safe_load(plan([], None, None).form) == {}


def test_what_the_secrets_lack_goes_beside_them_until_they_have_it():
    lacking = plan(SECRETS, "secret_a: x", None)
    assert lacking.form is None and yaml.safe_load(lacking.missing) == {"secret_b": ""}
    assert lacking.lacking == ("secret_b",)
    assert outcome(lacking, "s.yml") == "1 of them not in s.yml: move them there from s.missing.yml"
    other = plan(SECRETS, "secret_b: x", lacking.missing)
    assert yaml.safe_load(other.missing) == {"secret_a": ""} and not other.remove_missing
    complete = plan(SECRETS, "secret_a: x\nsecret_b: ''", lacking.missing)
    assert (complete.missing, complete.remove_missing, complete.lacking) == (None, True, ())
    assert outcome(complete, "s.yml") == "all of them in s.yml"


def test_a_file_beside_the_secrets_that_was_filled_in_is_never_rewritten():
    filled = plan(SECRETS, "secret_a: x", None).missing.replace('""', '"hunter2"')
    kept = plan(SECRETS, "secret_a: x", filled)
    assert (kept.missing, kept.remove_missing, kept.lacking) == (None, False, ("secret_b",))
    moved = plan(SECRETS, "secret_a: x\nsecret_b: y", filled)
    assert (moved.missing, moved.remove_missing, moved.lacking) == (None, False, ())
    with pytest.raises(
        ChangeError, match=re.escape("it has values for secret_b and does not have secret_a")
    ) as refused:
        plan(SECRETS, "secret_c: x", filled)
    assert "hunter2" not in str(refused.value)


def test_a_file_beside_the_secrets_that_somebody_else_wrote_is_never_rewritten():
    with pytest.raises(ChangeError, match="was not written by this playbook and does not have secret_b"):
        plan(SECRETS, "secret_a: x", "mine:\n")
    assert not plan(SECRETS, "secret_a: x\nsecret_b: y", "mine:\n").remove_missing
