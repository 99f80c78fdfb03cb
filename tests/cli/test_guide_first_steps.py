# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first steps are taken. Installing with pip is played: what the guide names is there already."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._version import collection_version
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT, page
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)

STRIPE = {"STRIPE_API_KEY": "sk_test_made-up-for-the-first-steps"}

# It takes what is installed for installed, and fails for all else.
PIP = f"""\
#!{sys.executable}
import importlib.metadata, sys
assert sys.argv[1] == "install"
for name in sys.argv[2:]:
    importlib.metadata.version(name)
"""


@section("first_steps", "Install")
def install(reader: Reader) -> None:
    ansible = reader.ansible
    pip = ansible.home / "pip"
    pip.write_text(PIP)
    pip.chmod(0o700)
    reader.next({"PATH": f"{ansible.home}:{ansible.environment['PATH']}"})
    ansible.forget_checkout()
    home, ansible.home = ansible.home, ROOT
    installed = reader.next()
    tarball = reader.next()
    ansible.home = home
    assert "was installed successfully" in installed.output and "was installed successfully" in tarball.output
    listed = reader.next().output
    assert str(home / ".ansible" / "collections") in listed
    assert re.search(rf"^cloud_elements\.platform +{re.escape(collection_version())} *$", listed, re.MULTILINE)
    assert "cloud_elements.platform.cloud_elements_instance " in listed


@section("first_steps", "With an account")
def account(reader: Reader) -> None:
    names = ("CLOUD_ELEMENTS_USER_SECRET", "CLOUD_ELEMENTS_ORGANIZATION_SECRET", "STRIPE_API_KEY")
    typed = ("made-up-user-secret", "made-up/organization+secret=", "sk_test_made-up")
    seen = reader.next(dict.fromkeys(names, ""), *typed, then="env").output
    for name, text in zip(names, typed, strict=True):
        assert f"{name}={text}\n" in seen
    assert "CLOUD_ELEMENTS_BASE_URL=https://api.cloud-elements.com/elements/api-v2\n" in seen


@section("first_steps", "Without an account")
def no_account(reader: Reader) -> None:
    (options,) = re.findall(r"``python3 noxfile.py -s emulator -- (.*?)``", page("docs/docsite/rst/first_steps.rst"))
    exports = reader.ansible.home / "emulator.sh"
    # As the session does it, but on a free port.
    command = f"exec {sys.executable} -m tests.emulator {options} --port 0"
    with subprocess.Popen(
        command, shell=True, cwd=ROOT, env=reader.ansible.environment, stdout=-1, text=True
    ) as process:
        try:
            assert process.stdout is not None
            listens = process.stdout.readline()
            assert exports.exists()
            seen = reader.next(dict.fromkeys(reader.emulator.environment, ""), then="env").output
        finally:
            process.terminate()
    (url,) = re.findall(r"listens on (\S+)", listens)
    assert f"CLOUD_ELEMENTS_BASE_URL={url}\n" in seen
    assert re.search(r"^CLOUD_ELEMENTS_USER_SECRET=\S+$", seen, re.MULTILINE)
    assert re.search(r"^CLOUD_ELEMENTS_ORGANIZATION_SECRET=\S+$", seen, re.MULTILINE)
    assert re.search(r"^STRIPE_API_KEY=\S+$", seen, re.MULTILINE)


@section("first_steps", "The first instance")
def first(reader: Reader) -> None:
    reader.write("first.yml")
    predicted = reader.next(STRIPE)
    reader.sees(predicted.output)
    assert reader.sent() == [] and reader.emulator.instances == []
    done = reader.next(STRIPE)
    reader.sees(done.output)
    assert [method for method, _body in reader.sent()] == ["POST"]
    again = reader.next(STRIPE)
    reader.sees(again.output)
    assert not changed(again) and reader.sent() == []
    for run in (predicted, done, again):
        for secret in (STRIPE["STRIPE_API_KEY"], reader.stored["token"], reader.emulator.user_secret):
            assert secret not in run.output


@section("first_steps", "Remove it again")
def remove(reader: Reader) -> None:
    reader.emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    reader.sees(reader.next().output)
    assert reader.emulator.instances == []


@pytest.mark.parametrize("title", sections("first_steps"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("first_steps", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("first_steps") == set(sections("first_steps"))
