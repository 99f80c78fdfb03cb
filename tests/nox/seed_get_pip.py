# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put pip where ansible-test looks before it downloads get-pip.py from ci-files.testing.ansible.com.

ansible-test makes virtual environments without pip and bootstraps it with ~/.ansible/test/cache/get_pip_<version>.py.
This writes that file from the pip wheel on the package index, so that only the package index is needed.
Run it with the interpreter that has ansible-core.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import ansible_test

source = pathlib.Path(ansible_test.__path__[0], "_internal", "python_requirements.py").read_text(encoding="utf-8")
match = re.search(r"\bpip='([\d.]+)'", source)
if not match:
    sys.exit("This ansible-test does not name the pip that it wants.")
version = match[1]
cache = pathlib.Path.home() / ".ansible" / "test" / "cache"
cache.mkdir(parents=True, exist_ok=True)
wheel = cache / f"pip-{version}-py3-none-any.whl"
if not wheel.exists():
    download = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:", "-d", str(cache)]
    subprocess.run([*download, f"pip=={version}"], check=True)
target = cache / f"get_pip_{version.replace('.', '_')}.py"
target.write_text(
    f"""import os, sys
os.environ.pop("GET_PIP", None)
sys.path.insert(0, {str(wheel)!r})
args = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
args = [{str(wheel)!r} if a == "pip=={version}" else a for a in args]
from pip._internal.cli.main import main
sys.exit(main(["install", "-q", *args]))
""",
    encoding="utf-8",
)
