# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module that reads the catalog of elements, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._api.catalog import Element
from .._api.client import Client
from .._api.run import Run
from .._secrets.argument_spec import Options
from .instance.options import element_key_from

ELEMENT_FILTER = Options(spec={"element_key": {"type": "str", "no_log": False}})


def list_elements(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the elements of the catalog, or the one asked for, each with the configuration that it takes."""
    key = element_key_from(params["element_key"])
    if key is not None:
        element = run.client.elements.get(key)
        elements: tuple[Element, ...] = (element,) if element else ()
    else:
        elements = run.client.elements.list()
    return {"changed": False, "elements": [_element(element, run.client) for element in elements]}


def _element(element: Element, client: Client) -> dict[str, t.Any]:
    """Return an element as results show it. Rows of the catalog may lack the configuration."""
    whole = element if element.entries is not None else client.elements.get(element.key) or element
    return {
        "key": whole.key,
        "name": whole.name,
        "hub": whole.hub,
        "authentication": whole.authentication,
        "configuration": [
            {
                "key": entry.key,
                "name": entry.name,
                "required": entry.required,
                "secret": entry.secret,
                "default": entry.default,
                "type": entry.type,
            }
            for entry in whole.entries or ()
        ],
    }
