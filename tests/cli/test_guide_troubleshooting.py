# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guide on troubleshooting tells to do is done. The messages in it are tested beside the modules."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading

import pytest
import trustme
from ansible_collections.cloud_elements.platform.tests.cli.pages import guide
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    follow,
    followed,
    section,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Tls

STRIPE_KEY = "sk_test_made-up-for-the-guide"
# Sections that only show what a module says are compared with that beside the modules.
SECTIONS = sorted({block.section for block in guide("troubleshooting") if block.language != "text"})


@section("troubleshooting", "What a failure reports")
def failure(reader: Reader) -> None:
    reader.write("payments.yml")
    run = reader.next({"STRIPE_API_KEY": STRIPE_KEY, "CLOUD_ELEMENTS_USER_SECRET": "of-another-region"})
    reader.sees(run.output)
    assert "Check user_secret and organization_secret" in run.output and STRIPE_KEY not in run.output


@section("troubleshooting", "Two instances of one name")
def two(reader: Reader) -> None:
    for _dummy in range(2):
        reader.emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    kept, removed = (instance["id"] for instance in reader.emulator.instances)
    listed = reader.next().output
    assert f'"id": {kept}' in listed and f'"id": {removed}' in listed
    reader.next()
    assert reader.stored["id"] == kept


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy for HTTPS. C(asked) is what it was asked for: the method and the address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.asked: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Tunnel(socketserver.StreamRequestHandler):
    """One connection through the proxy, which passes on what it can not read."""

    server: Proxy

    def handle(self) -> None:
        method, address, _version = self.rfile.readline().decode().split()
        self.server.asked.append((method, address))
        while self.rfile.readline().strip():
            pass
        host, port = address.split(":")
        with socket.create_connection((host, int(port))) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self.copy, args=(there, self.connection), daemon=True)
            back.start()
            self.copy(self.connection, there)
            back.join(10)

    @staticmethod
    def copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@section("troubleshooting", "Proxy and custom certificate authority")
def proxy(reader: Reader) -> None:
    home, authority = reader.ansible.home, trustme.CA()
    authority.cert_pem.write_to_path(str(home / "authority.pem"))
    pem = str(home / "server.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    with Proxy() as server, Emulator(strict=True, tls=Tls(pem, pem)) as secure:
        for name in ("payments", "blog"):
            secure.create("stripe", name, {"username": "u", "password": "p"})
        exchanged = {
            "http://proxy.example.com:3128": f"http://127.0.0.1:{server.server_address[1]}",
            "/etc/ssl/example-authority.pem": str(home / "authority.pem"),
        }
        reader.write("reach.yml", exchanged)
        reader.sees(reader.next({**secure.environment, "NO_PROXY": "", "no_proxy": ""}).output)
        assert server.asked == [("CONNECT", secure.url.split("/")[2])]
        server.shutdown()


@section("troubleshooting", "The library requests is installed but not found")
def interpreter(reader: Reader) -> None:
    assert '"executable": "' in reader.next().output


@section("troubleshooting", "What -vvv shows")
def verbose(reader: Reader) -> None:
    run = reader.next()
    reader.sees(run.output)
    assert reader.emulator.url in run.output and reader.emulator.user_secret not in run.output


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("troubleshooting", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("troubleshooting") == set(SECTIONS)
