# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator keeps to the contract: every operation is there, and no request makes it answer something else."""

from __future__ import annotations

import hypothesis
import pytest
import schemathesis
import yaml
from ansible_collections.cloud_elements.platform.tests.contract.support import Client
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, contract
from ansible_collections.cloud_elements.platform.tests.emulator.app import BASE_PATH
from openapi_spec_validator import validate
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

DOCUMENT = yaml.load(contract.PATH.read_text(encoding="utf-8"), Loader=contract.LOADER)
EMULATOR = Emulator()
# The phases that walk through every corner of every parameter take longer than all other tests.
CONFIG = schemathesis.config.SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
SCHEMA = schemathesis.openapi.from_dict({**DOCUMENT, "servers": [{"url": BASE_PATH}]}, config=CONFIG)


@pytest.fixture(scope="module", autouse=True)
def running():
    with EMULATOR:
        EMULATOR.create()
        yield
    assert [seen for seen in EMULATOR.requests if seen.notes and "failed" in seen.notes[-1]] == []


def test_the_contract_is_valid():
    validate(DOCUMENT)


def test_every_operation_is_served_and_documented():
    routes = {
        (route.method, route.resource.canonical.removeprefix(BASE_PATH).removesuffix("{_slash}"))
        for route in EMULATOR._app.web.router.routes()
        if route.resource.canonical.startswith(BASE_PATH)
    }
    assert routes == set(contract.load())


@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_no_request_gets_an_answer_that_the_contract_does_not_know(case):
    instance = EMULATOR.create(configuration={"username": "u", "password": "p"})
    client = Client(EMULATOR)
    token = instance["token"] if case.operation.definition.raw.get("x-element-token") else None
    if "id" in (case.path_parameters or {}) and "formulas" not in case.path:
        case.path_parameters["id"] = instance["id"]
    case.headers = {**(case.headers or {}), "Authorization": client.header(token=token)}
    case.call_and_validate(
        base_url=EMULATOR.url,
        checks=[
            checks.not_a_server_error,
            openapi_checks.status_code_conformance,
            openapi_checks.response_schema_conformance,
            openapi_checks.response_headers_conformance,
            openapi_checks.content_type_conformance,
        ],
    )
