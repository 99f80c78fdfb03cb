# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A large account: instances of every element, common resources of three levels, and formulas that call each other."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.holdings import CANARY, HOSTILE, fill

# The whole account, or a quarter of it, which has everything once.
SIZES = (500, 40, 120, 150) if os.environ.get("FAULTS") == "all" else (125, 10, 30, 38)
INSTANCES, COMMON_RESOURCES, FORMULAS, FORMULA_INSTANCES = SIZES
LEVELS = ("organization", "account", "account", "account", "instance")
CHAIN = 10
"""How many formulas call each other in a row."""

SCRIPTS = (
    "let a = 'single', b = \"double\", c = `backtick ${a}`;\ndone({a: a});\n",
    "// {{ lookup('pipe', 'false') }} {% raw %} {# no comment #}\n\tdone({tab: '\\t'});\n",
    "/******** banner ********/\nif (a < b && c > d) { done({html: '<b>&amp;</b>'}); }\n",
    "done({\r\n  crlf: true\r\n});\r\n",
    "// 🙂 日本 ünïcödé é é\ndone({emoji: '🙂'});",
    "  // leading white space, and trailing  \n\n\ndone({});  \n\n",
    "%YAML 1.2\n--- # no document\n- !unsafe\n& *\n? a : b\ndone({});\n...\n",
    "a\u2028b\u2029c\u0085d\x0b\x0ce\nvar x = '''' + \"\"\"\"; done(x);\n",
)


def fill_estate(emulator: Emulator) -> None:
    """Put all of it into an account."""
    fill(emulator, INSTANCES)
    instances = emulator.instances
    _fill_common_resources(emulator, instances)
    _fill_formulas(emulator, instances)


def _fill_common_resources(emulator: Emulator, instances: list[dict[str, t.Any]]) -> None:
    for number in range(COMMON_RESOURCES):
        level, owner = LEVELS[number % len(LEVELS)], instances[number]
        place = {"level": level, "owner_id": owner["id"]} if level == "instance" else {"level": level}
        name = f"resource {number}" if number % 2 else f"Resource{number}.v{number}"
        fields = [{"path": f"field{each}.of[*].it", "type": "string"} for each in range(1 + number % 4)]
        emulator.seed.definition(name, fields, **place)
        mapping = {
            "vendorName": f"object-{number}",
            "fields": [{**each, "vendorPath": each["path"].upper()} for each in fields],
            "configuration": [{"type": "passThrough", "properties": {"toVendor": number % 3 == 0}}],
            "script": {"body": SCRIPTS[number % len(SCRIPTS)]},
        }
        emulator.seed.transformation(name, owner["element"]["key"], mapping, **place)


def _fill_formulas(emulator: Emulator, instances: list[dict[str, t.Any]]) -> None:
    made: list[dict[str, t.Any]] = []
    for number in range(FORMULAS):
        length = 58 if number % 40 == 7 else 1 + number % 5
        steps = [
            {
                "name": f"step {each}",
                "type": "script",
                "properties": {"body": SCRIPTS[(number + each) % len(SCRIPTS)]},
                "onSuccess": [f"step {each + 1}"] if each + 1 < length else [],
            }
            for each in range(length)
        ]
        if number % CHAIN:
            steps.append({"name": "call", "type": "formula", "properties": {"formulaId": str(made[-1]["id"])}})
        if number % 9 == 0:
            url = f"amqps://user:{CANARY}-{number}@mq.example.com/vhost"
            steps.append({"name": "send", "type": "amqpRequest", "properties": {"url": url, "queue": "q"}})
        made.append(
            emulator.seed.formula(
                {
                    # The called one comes after the one that calls it in the order of names.
                    "name": f"{chr(ord('z') - number % CHAIN)} {HOSTILE[number % len(HOSTILE)]} {number}",
                    "description": HOSTILE[-1 - number % len(HOSTILE)],
                    "active": number % 4 != 0,
                    "configuration": [
                        {"key": "system", "name": "System", "type": "elementInstance", "required": True},
                        {"key": "cron", "name": "Schedule", "type": "value", "required": False},
                        {"key": "api.key", "name": "Key", "type": "value", "required": False},
                    ],
                    "triggers": [{"type": "manual", "onSuccess": ["step 0"]}],
                    "steps": steps,
                }
            )
        )
    for number in range(FORMULA_INSTANCES):
        configuration = {
            "system": str(instances[number * 3]["id"]),
            "cron": HOSTILE[number % len(HOSTILE)],
            **({"api.key": f"{CANARY}-api-{number}"} if number % 3 == 0 else {}),
        }
        body = {
            "name": f"{HOSTILE[number % len(HOSTILE)]} {number}",
            "configuration": configuration,
            "active": number % 5 != 0,
            "settings": {"notification.email": "ops@example.com"} if number % 2 else {},
        }
        emulator.seed.formula_instance(made[number % FORMULAS]["id"], body)
