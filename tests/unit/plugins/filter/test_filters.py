# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters as a template calls them. What they compute is tested beside `plugin_utils`."""

from __future__ import annotations

import importlib
import pathlib

import jinja2
import pytest
from ansible_collections.cloud_elements.platform.plugins import filter as package

FOLDER = pathlib.Path(package.__path__[0])


@pytest.fixture
def render():
    """Return what evaluates an expression with variables."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    for path in FOLDER.glob("*.py"):
        module = importlib.import_module(f"{package.__name__}.{path.stem}")
        environment.filters.update(module.FilterModule().filters())
    return lambda expression, **variables: environment.compile_expression(expression)(**variables)


def test_the_variables_of_secrets_are_those_of_the_template(render):
    fleet = [{"name": "a", "secret_configuration": {"password": ""}}]
    told = render("fleet | cloud_elements_fleet_problem", fleet=fleet, secret_a="", secret_b="x", other="")
    assert told.splitlines()[1:] == ["- password of a, element not given", "The variables that are empty: secret_a."]


@pytest.mark.parametrize(("purpose", "words"), [("compare", ""), ("remove", "fleet_instances must be a list")])
def test_the_problem_depends_on_the_purpose(render, purpose, words):
    assert render("[] | cloud_elements_fleet_problem(purpose)", purpose=purpose).startswith(words)


@pytest.mark.parametrize("name", ["cloud_elements_fleet_problem", "cloud_elements_fleet_for"])
def test_an_unknown_purpose_is_refused(render, name):
    with pytest.raises(ValueError, match="The purpose must be"):
        render(f"[] | {name}('improve')")


def test_a_fleet_is_reduced_to_what_its_purpose_needs(render):
    fleet = [{"name": "a", "api_key": "key"}]
    assert render("(fleet | cloud_elements_fleet_for('compare'))[0].api_key", fleet=fleet) == "not-compared"
    assert render("(fleet | cloud_elements_fleet_for('remove'))[0].state", fleet=fleet) == "absent"


@pytest.mark.parametrize("tags", ["prod, eu", ["prod", "eu"]])
def test_tags_are_a_list_or_a_text_with_commas(render, tags):
    assert render("[] | cloud_elements_report(tags=tags)", tags=tags)["tags"] == ["prod", "eu"]


def test_lines_are_said_in_the_words_of_the_caller(render):
    rows = [{"name": "a", "element_key": "stripe", "id": 1, "action": "remove", "error": None}]
    assert render("rows | cloud_elements_lines({'remove': 'gone'})", rows=rows) == [
        "gone    instance 'a' of element 'stripe' with id 1"
    ]
