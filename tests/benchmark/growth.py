# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an unchanged fleet task grows with the fleet: its requests, CPU time and memory, in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import typing as t

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet


def main() -> None:
    """Run the engine against the emulator's instances, as many as the argument says, and print what it took."""
    count = int(sys.argv[1])
    connection: dict[str, t.Any] = {name: entry.get("default") for name, entry in CONNECTION.spec.items()}
    connection |= {
        name: os.environ[variable] for name, variable in CONNECTION.fallbacks.items() if variable in os.environ
    }
    nothing = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}
    instances = [
        {
            **nothing,
            "name": f"instance {number}",
            "element_key": "stripe",
            "tags": ["fleet"],
            "api_key": f"key-{number}",
        }
        for number in range(count)
    ]
    params = {
        **connection,
        **{name: entry.get("default") for name, entry in FLEET.spec.items()},
        "instances": instances,
    }
    task = Run(params, (), check_mode=False)
    before = time.process_time()
    result = ensure_fleet(params, task)
    cpu = time.process_time() - before
    if result["summary"]["unchanged"] != count:
        sys.exit(f"Not all {count} instances were unchanged: {result['summary']}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"count": count, "cpu": cpu, "memory": memory, "requests": sum(task.api_calls().values())}))


if __name__ == "__main__":
    main()
