# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the tarball of a collection depend on its files only, so that everybody who builds a release gets equal bytes.

What `ansible-galaxy collection build` writes also depends on when and where it runs: the times of files, and the order
in which the file system lists them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile


def repack(built: bytes, epoch: int) -> bytes:
    """Return an equivalent of a collection's tarball in which the order is by name and every time is the same.

    Args:
        built: What `ansible-galaxy collection build` wrote.
        epoch: The time of all files, in seconds since 1970.
    """
    with tarfile.open(fileobj=io.BytesIO(built), mode="r:gz") as tarball:
        members = {member.name: member for member in tarball}
        contents = {name: file.read() for name, member in members.items() if (file := tarball.extractfile(member))}
    listing = json.loads(contents["FILES.json"])
    listing["files"].sort(key=lambda entry: entry["name"])
    contents["FILES.json"] = _dump(listing)
    # The manifest vouches for the listing, and the listing for all other files.
    manifest = json.loads(contents["MANIFEST.json"])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(contents["FILES.json"]).hexdigest()
    contents["MANIFEST.json"] = _dump(manifest)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tarball:
        for name in sorted(members, key=lambda name: (name != "MANIFEST.json", name != "FILES.json", name)):
            member = members[name]
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.linkname, entry.mtime = member.type, member.mode, member.linkname, epoch
            entry.size = len(contents.get(name, b"")) if member.isfile() else 0
            tarball.addfile(entry, io.BytesIO(contents[name]) if member.isfile() else None)
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=epoch)


def _dump(data: object) -> bytes:
    return json.dumps(data, indent=1).encode()
