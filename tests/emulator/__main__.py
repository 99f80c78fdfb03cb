# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the emulator of the platform API until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import errno
import os
import re
import shlex
import signal
import sys
import tempfile
import threading
from pathlib import Path

import yaml

from .server import ACCOUNT, ORGANIZATION_SECRET, USER_SECRET, Emulator, Tls
from .switches import Switches


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    switches = _switches(parser, options)
    accounts = options.account or [ACCOUNT]
    if len(set(accounts)) < len(accounts):
        parser.error("--account: the names must differ")
    if bool(options.certfile) != bool(options.keyfile):
        parser.error("--certfile and --keyfile are given together")
    stopped = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stopped.set())
    emulator = Emulator(
        options.strict,
        switches,
        host=options.host,
        port=options.port,
        tls=Tls(options.certfile, options.keyfile) if options.certfile else None,
        user_secret=options.user_secret,
        organization_secret=options.organization_secret,
        accounts=accounts,
    )
    try:
        emulator.start()
    except OSError as error:
        advice = "; --port 0 takes a free port" if error.errno == errno.EADDRINUSE else ""
        print(f"emulator: cannot listen on {options.host}:{options.port}: {error}{advice}", file=sys.stderr)
        return 1
    for account in emulator.accounts.values():
        for number in range(1, options.instances + 1):
            account.create("stripe", f"instance {number}", {"username": f"key-{number}", "password": "secret"})
    exports = "".join(f"export {name}={_quoted(value)}\n" for name, value in emulator.environment.items())
    inventory = yaml.safe_dump(emulator.inventory, sort_keys=False)
    for target, text in ((options.environment, exports), (options.inventory, inventory)):
        try:
            if target:
                _write(target, text)
        except OSError as error:
            print(f"emulator: cannot write {target}: {error}", file=sys.stderr)
            emulator.stop()
            return 1
    print(f"# The emulator listens on {emulator.url} (control: {emulator.origin}/emulator)\n{exports}", end="")
    if options.account:
        print(f"# This is the account {accounts[0]}. All accounts: {', '.join(accounts)}")
    if options.inventory:
        print(f"# Inventory: {shlex.quote(options.inventory)}")
    sys.stdout.flush()
    stopped.wait()
    emulator.stop()
    return 0


def _switches(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Switches:
    switches = Switches(latency=options.latency)
    for text in options.switch:
        name, equals, value = text.partition("=")
        try:
            if not equals:
                raise ValueError(f"a switch is given as NAME=VALUE, not {text}")
            switches.set(name, value)
        except ValueError as error:
            parser.error(str(error))
    return switches


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__, epilog="See README.md.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="listen on this address (default: %(default)s)")
    add("--port", type=_port, default=8080, help="listen on this port; 0 takes a free one (default: %(default)s)")
    add("--strict", action="store_true", help="refuse requests that the contract does not allow")
    add("--switch", action="append", default=[], metavar="NAME=VALUE", help="set a switch; can be repeated")
    add("--latency", type=float, default=0.0, metavar="SECONDS", help="wait before each answer (default: %(default)s)")
    add(
        "--account",
        action="append",
        type=_account,
        metavar="NAME",
        help="serve an account of this name, with its own secrets and data; can be repeated",
    )
    add(
        "--instances",
        type=int,
        default=0,
        metavar="N",
        help="start with N instances of stripe in each account (default: %(default)s)",
    )
    add("--certfile", metavar="FILE", help="serve https with this certificate (PEM); needs --keyfile")
    add("--keyfile", metavar="FILE", help="the private key of the certificate (PEM)")
    add("--environment", metavar="FILE", help="write the environment variables of the first account to this file")
    add(
        "--inventory",
        type=_inventory,
        metavar="FILE",
        help="write an Ansible inventory with a host for each account to this file, which ends in .yml or .yaml",
    )
    add("--user-secret", default=USER_SECRET, metavar="SECRET", help="the user secret of the first account")
    add(
        "--organization-secret",
        default=ORGANIZATION_SECRET,
        metavar="SECRET",
        help="the organization secret of the first account",
    )
    return parser


def _account(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", text):
        raise argparse.ArgumentTypeError(f"not letters, digits, '.', '_' and '-' only: {text}")
    return text


def _inventory(text: str) -> str:
    if not text.endswith((".yml", ".yaml")):
        raise argparse.ArgumentTypeError(f"Ansible reads this inventory only if its name ends in .yml or .yaml: {text}")
    return text


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return number


def _quoted(value: str) -> str:
    return f"'{value}'" if "'" not in value else shlex.quote(value)


def _write(target: str, text: str) -> None:
    """Write a file that is either not there or complete, readable by its owner only."""
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)


if __name__ == "__main__":
    sys.exit(main())
