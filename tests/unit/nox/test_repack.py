# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tarballs of the same files, made at another time and in another order, become equal."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

from ansible_collections.cloud_elements.platform.tests.nox.repack import repack

FILES = {"plugins": None, "plugins/b.py": b"b = 2\n", "plugins/a.py": b"a = 1\n", "README.md": b"Read me.\n"}
EPOCH = 1_700_000_000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def built(names, time, owner):
    """Return what ansible-galaxy would build of these files where they are listed in this order."""
    entries = [{"name": name, "chksum_sha256": FILES[name] and sha256(FILES[name])} for name in names]
    listing = json.dumps({"files": entries}).encode()
    manifest = {"collection_info": {"name": "x"}, "file_manifest_file": {"chksum_sha256": sha256(listing)}}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tarball:
        for name, content in [
            ("MANIFEST.json", json.dumps(manifest).encode()),
            ("FILES.json", listing),
            *((name, FILES[name]) for name in names),
        ]:
            entry = tarfile.TarInfo(name)
            entry.mtime, entry.uname, entry.mode = time, owner, 0o755 if content is None else 0o644
            entry.type, entry.size = (tarfile.DIRTYPE, 0) if content is None else (tarfile.REGTYPE, len(content))
            tarball.addfile(entry, io.BytesIO(content or b""))
    return stream.getvalue()


def test_neither_the_order_nor_the_time_nor_the_owner_counts():
    one, other = built(list(FILES), 1, "ann"), built(list(reversed(FILES)), 2, "bob")
    assert one != other
    assert repack(one, EPOCH) == repack(other, EPOCH)


def test_a_changed_file_and_another_time_do_count(monkeypatch):
    before = repack(built(list(FILES), 1, "ann"), EPOCH)
    assert repack(built(list(FILES), 1, "ann"), EPOCH + 1) != before
    monkeypatch.setitem(FILES, "README.md", b"Read it.\n")
    assert repack(built(list(FILES), 1, "ann"), EPOCH) != before


def test_it_stays_a_valid_tarball_of_the_same_files():
    packed = repack(built(list(FILES), 1, "ann"), EPOCH)
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tarball:
        members = {member.name: member for member in tarball}
        contents = {name: tarball.extractfile(name).read() for name, member in members.items() if member.isfile()}
    assert list(members) == ["MANIFEST.json", "FILES.json", *sorted(FILES)]
    assert {(member.mtime, member.uname, member.uid) for member in members.values()} == {(EPOCH, "", 0)}
    assert members["plugins"].isdir() and members["plugins"].mode == 0o755
    assert {name: contents.get(name) for name in FILES} == FILES
    manifest, listing = json.loads(contents["MANIFEST.json"]), json.loads(contents["FILES.json"])
    assert manifest["file_manifest_file"]["chksum_sha256"] == sha256(contents["FILES.json"])
    assert manifest["collection_info"] == {"name": "x"}
    assert {entry["name"]: entry["chksum_sha256"] for entry in listing["files"]} == {
        name: content and sha256(content) for name, content in FILES.items()
    }
