# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and fail where it says that it left something out, whatever its exit code says.

ansible-test exits 0 after "All targets skipped", after "Required program ... not found", and where pytest ran nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys

REFUSED = re.compile(r"All targets skipped|Required program|No tests found|no tests ran|WARNING: (Skipping|Excluding)")


def main(command: list[str]) -> int:
    refused = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if REFUSED.search(line):
                refused.append(line.strip())
    if process.returncode:
        return process.returncode
    for line in refused:
        print(f"Refused, although {command[0]} passed: {line}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
