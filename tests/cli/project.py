# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project as the playbook init writes it, and GitHub as far as its workflows see it."""

from __future__ import annotations

import base64
import io
import json
import pathlib
import re
import sys
import typing as t
import zipfile
from collections.abc import Mapping, Sequence

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Change, Directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._project import skeleton
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible, Run
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

URL = "https://api.cloud-elements.com/elements/api-v2"
"""The region of each account in a new project."""

# Installs nothing, as everything is there, and stands for GitHub: one pull request, its comments, and a secret.
PROGRAMS = {
    "pip": "assert pathlib.Path(arguments[-1]).is_file()",
    "ansible-galaxy": "assert pathlib.Path(arguments[-1]).is_file()",
    "gh": """
def option(name):
    return arguments[arguments.index(name) + 1]

comments = pathlib.Path(HOME, "comments.json")
known = json.loads(comments.read_text()) if comments.exists() else []
if arguments[:2] == ["repo", "create"]:
    subprocess.run(["git", "init", "--quiet", "--bare", f"{HOME}/origin.git"], check=True)
    subprocess.run(["git", "remote", "add", "origin", f"{HOME}/origin.git"], check=True)
elif arguments[:2] == ["secret", "set"]:
    pathlib.Path(HOME, arguments[2]).write_text(sys.stdin.read().rstrip())
elif arguments[:3] == ["pr", "comment", "7"]:
    body = pathlib.Path(option("--body-file")).read_text().strip().replace("\\n", "\\r\\n")
    comments.write_text(json.dumps([*known, {"author": {"login": "github-actions"}, "body": body}]))
else:
    pulls = ["api", "repos/me/accounts/commits/merged/pulls", "--jq"]
    assert arguments[:3] == pulls or arguments[:5] == ["pr", "view", "7", "--json", "comments"], arguments
    data = [{"number": 7}] if arguments[0] == "api" else {"comments": known}
    print(*jq.compile(option("--jq")).input_value(data).all())
""",
}
GITHUB = {"GITHUB_SHA": "merged", "GIT_AUTHOR_NAME": "me", "GIT_COMMITTER_NAME": "me", "EMAIL": "me@example.com"}


class Vaulted(str):
    """A text that YAML shows as encrypted by itself."""


yaml.SafeDumper.add_representer(Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", text, style="|"))


def workflow_steps(name: str) -> list[dict[str, t.Any]]:
    """Return the steps of the only job of a workflow in a new project."""
    return t.cast(
        "list[dict[str, t.Any]]", yaml.safe_load(skeleton()[f".github/workflows/{name}.yml"])["jobs"][name]["steps"]
    )


def encrypted(secrets: Mapping[str, str], vault_password: str) -> dict[str, Vaulted]:
    """Return variables with their values encrypted one by one."""
    vault = VaultLib([("default", VaultSecret(vault_password.encode()))])
    return {name: Vaulted(vault.encrypt(value).decode()) for name, value in secrets.items()}


def write_project(folder: pathlib.Path) -> None:
    """Write a new project, as the playbook init does."""
    Directory(str(folder)).apply(Change(name, None, text) for name, text in skeleton().items())


def write_accounts(
    folder: pathlib.Path,
    emulator: Emulator,
    groups: Mapping[str, Sequence[str]],
    vault_password: str,
    fleet: str = "fleet_instances: []\n",
    **secrets: str,
) -> None:
    """Put accounts of an emulator into a project, each with its secrets encrypted one by one.

    Args:
        folder: The project.
        emulator: The platform with these accounts.
        groups: The names of the accounts by environment.
        vault_password: The password of ansible-vault.
        fleet: The instances that each account is to have.
        secrets: More secrets of each account.
    """
    hosts = {group: {"hosts": dict.fromkeys(names)} for group, names in groups.items()}
    (folder / "inventory/hosts.yml").write_text(yaml.safe_dump(hosts))
    for name in (name for names in groups.values() for name in names):
        user, organization = secrets_typed(emulator.environment_of(name))
        own = {"cloud_elements_user_secret": user, "cloud_elements_organization_secret": organization, **secrets}
        variables = {"cloud_elements_base_url": emulator.url, **encrypted(own, vault_password)}
        (folder / f"inventory/host_vars/{name}.yml").write_text(yaml.safe_dump(variables))
        (folder / f"accounts/{name}").mkdir(parents=True)
        (folder / f"accounts/{name}/fleet.yml").write_text(fleet)


class Project:
    """A project in a directory of its own, whose user works in a shell."""

    def __init__(self, ansible: Ansible) -> None:
        self.home = ansible.home
        self.path = self.home / "project"
        self.ansible = ansible
        write_project(self.path)
        programs = self.home / "programs"
        programs.mkdir()
        for name, code in PROGRAMS.items():
            head = f"#!{sys.executable}\nimport jq, json, pathlib, subprocess, sys\n"
            head += f"HOME, arguments = {str(self.home)!r}, sys.argv[1:]\n"
            (programs / name).write_text(head + code)
            (programs / name).chmod(0o700)
        environment = self.ansible.environment
        environment["PATH"] = f"{programs}:{environment['PATH']}"
        environment.update(GITHUB)

    def shell(self, text: str, *typed: str, rc: int = 0, **environment: str) -> Run:
        """Run a script in the project, with the lines that its user types."""
        words = ("bash", "-eo", "pipefail", "-c", f"cd '{self.path}'\n{text}")
        run = self.ansible.command(*words, stdin="\n".join([*typed, ""]), **environment)
        assert run.rc == rc, run.output
        return run

    def encrypt(self, account: str, secrets: Sequence[str]) -> None:
        """Add the two secrets of an account to its variables, encrypted as the page of the project does it."""
        names = ("cloud_elements_user_secret", "cloud_elements_organization_secret")
        password = (self.home / ".vault-password").read_text().strip()
        with (self.path / f"inventory/host_vars/{account}.yml").open("a") as file:
            yaml.safe_dump(encrypted(dict(zip(names, secrets, strict=True)), password), file)

    def exchange(self, name: str, old: str, new: str) -> None:
        """Exchange a text in a file of the project."""
        text = (self.path / name).read_text("utf-8")
        assert old in text
        (self.path / name).write_text(text.replace(old, new), "utf-8")

    def workflow(self, name: str, rc: int = 0) -> Run:
        """Run the only job of a workflow, as far as a step fails, and return what its last command did."""
        steps = self._yaml(f".github/workflows/{name}.yml")["jobs"][name]["steps"]
        expressions = {
            "secrets.VAULT_PASSWORD": (self.home / "VAULT_PASSWORD").read_text(),
            "github.token": "made-up",
            "github.repository": "me/accounts",
            "github.event.pull_request.number": "7",
        }
        environment = {"RUNNER_TEMP": str(self.home), "GITHUB_ENV": str(self.home / "github-env")}
        (self.home / "github-env").write_text("")
        return self._steps(steps, expressions, environment, rc)

    def _steps(
        self, steps: list[dict[str, t.Any]], expressions: Mapping[str, str], environment: dict[str, str], rc: int
    ) -> Run:
        run = Run(0, "", [])
        for step in steps:
            given = {key: _filled(value, expressions) for key, value in step.get("env", step.get("with", {})).items()}
            if step.get("uses", "").startswith("./"):
                inner = self._yaml(f"{step['uses']}/action.yml")["runs"]["steps"]
                run = self._steps(inner, {f"inputs.{key}": value for key, value in given.items()}, environment, 0)
            elif "run" in step:
                last = step is steps[-1]
                run = self.shell(step["run"], rc=rc if last else 0, **environment, **given)
            lines = (self.home / "github-env").read_text().splitlines()
            environment.update(dict(line.split("=", 1) for line in lines))
        return run

    def _yaml(self, name: str) -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", yaml.safe_load((self.path / name).read_text("utf-8")))

    def comments(self) -> list[str]:
        """Return the comments on the pull request."""
        return [comment["body"] for comment in json.loads((self.home / "comments.json").read_text())]


def _filled(text: str, expressions: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: expressions[match[1]], str(text))


def secrets_typed(environment: Mapping[str, str]) -> list[str]:
    """Return what the user of an account types when asked for its secrets."""
    return [environment["CLOUD_ELEMENTS_USER_SECRET"], environment["CLOUD_ELEMENTS_ORGANIZATION_SECRET"]]


def editor(home: pathlib.Path, text: str) -> dict[str, str]:
    """Return the environment in which the editor leaves one line in a file."""
    script = home / "editor"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "{text}" > "$1"\n')
    script.chmod(0o700)
    return {"EDITOR": str(script)}


def unpacked(stream: bytes) -> str:
    """Return what a stream of ansible-runner holds, with the files in its archive."""
    archives = re.findall(rb'^\{"zipfile": \d+\}\n([A-Za-z0-9+/=]+)', stream, re.MULTILINE)
    assert archives, "nothing was looked at"
    texts = [stream.decode()]
    for archive in archives:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))) as files:
            texts += [files.read(name).decode(errors="replace") for name in files.namelist()]
    return "\n".join(texts)
