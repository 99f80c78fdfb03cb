# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the emulator until it is told to stop: `python -m tests.emulator`."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import tempfile
import threading
from pathlib import Path

from .server import ORGANIZATION_SECRET, USER_SECRET, Emulator, Tls
from .switches import Switches


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    switches = Switches(latency=options.latency)
    for text in options.switch:
        name, equals, value = text.partition("=")
        try:
            if not equals:
                raise ValueError(f"a switch is given as NAME=VALUE, not {text}")
            switches.set(name, value)
        except ValueError as error:
            parser.error(str(error))
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
    )
    try:
        emulator.start()
    except OSError as error:
        print(f"emulator: can not listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    for number in range(1, options.instances + 1):
        emulator.create("stripe", f"instance {number}", {"username": f"key-{number}", "password": "secret"})
    exports = "".join(f"export {name}={_quoted(value)}\n" for name, value in emulator.environment.items())
    try:
        if options.environment:
            _write(options.environment, exports)
    except OSError as error:
        print(f"emulator: can not write {options.environment}: {error}", file=sys.stderr)
        emulator.stop()
        return 1
    print(
        f"# The emulator listens on {emulator.url} (control: {emulator.origin}/emulator)\n{exports}", end="", flush=True
    )
    stopped.wait()
    emulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8080, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--strict", action="store_true", help="refuse requests that the contract does not allow")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="see README.md; repeatable")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="added to every answer")
    parser.add_argument("--instances", type=int, default=0, metavar="N", help="start with so many")
    parser.add_argument("--certfile", metavar="FILE", help="serve https with this certificate (PEM)")
    parser.add_argument("--keyfile", metavar="FILE", help="and its key (PEM)")
    parser.add_argument("--environment", metavar="FILE", help="write the exports to this file once it listens")
    parser.add_argument("--user-secret", default=USER_SECRET, metavar="SECRET")
    parser.add_argument("--organization-secret", default=ORGANIZATION_SECRET, metavar="SECRET")
    return parser


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
