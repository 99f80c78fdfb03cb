# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a release of the collection on clones of the checkout, and try it before anybody gets it.

Two clones are built, and their tarballs must be equal byte for byte. The checkout itself is only changed by
`--in-place`, and only after everything passed. CONTRIBUTING.md says how to release.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import typing as t

import yaml

from .commands import RefusedError, run
from .repack import repack
from .try_release import try_release

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION_LINE = re.compile(r"^version: (\S+)$", re.MULTILINE)


def stated_version(tree: pathlib.Path) -> str:
    """Return the version that galaxy.yml states."""
    (version,) = VERSION_LINE.findall((tree / "galaxy.yml").read_text(encoding="utf-8"))
    return str(version)


def released(tree: pathlib.Path) -> dict[str, t.Any]:
    """Return what the changelog says of each release, by version."""
    path = tree / "changelogs" / "changelog.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["releases"]) if path.exists() else {}


def fragments(tree: pathlib.Path) -> list[str]:
    """Return the names of the changelog fragments that no release has used."""
    return sorted(path.name for path in (tree / "changelogs" / "fragments").glob("*.y*ml"))


def prepare(tree: pathlib.Path, version: str, date: datetime.date) -> None:
    """State a version in galaxy.yml, and make its changelog of the fragments, if the tree does not have it yet.

    Raises:
        RefusedError: If the tree contradicts the release: another version or date, or fragments that came after it.
    """
    if version not in released(tree):
        if not fragments(tree):
            raise RefusedError("changelogs/fragments/ has no fragment, so there is nothing to release.")
        path = tree / "galaxy.yml"
        path.write_text(VERSION_LINE.sub(f"version: {version}", path.read_text(encoding="utf-8")), encoding="utf-8")
        run("antsibull-changelog", "release", "--version", version, "--date", date.isoformat(), cwd=tree)
    if stated_version(tree) != version:
        raise RefusedError(
            f"galaxy.yml states {stated_version(tree)}, but {version} is in the changelog. Is it released?"
        )
    if left := fragments(tree):
        raise RefusedError(f"{version} is in the changelog, but {', '.join(left)} came later. Release another version.")
    dated = str(released(tree)[version]["release_date"])
    if dated != date.isoformat():
        raise RefusedError(f"The changelog dates {version} {dated}, not {date}. Leave out --date, or give this date.")


def build(tree: pathlib.Path, folder: pathlib.Path, date: datetime.date) -> pathlib.Path:
    """Build the tarball of a tree into a new folder, with a date as the time of all files, and return its path."""
    run("ansible-galaxy", "collection", "build", "--output-path", str(folder), str(tree), cwd=tree)
    (tarball,) = folder.glob("*.tar.gz")
    midnight = datetime.datetime.combine(date, datetime.time(), datetime.timezone.utc)
    tarball.write_bytes(repack(tarball.read_bytes(), int(midnight.timestamp())))
    return tarball


def digest(tarball: pathlib.Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(tarball.read_bytes()).hexdigest()


def clone(folder: pathlib.Path, umask: int) -> pathlib.Path:
    """Clone what is committed in the checkout, as a user with this umask would."""
    tree = folder / "ansible_collections" / "cloud_elements" / "platform"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(tree)], check=True, umask=umask)
    return tree


def make(arguments: argparse.Namespace, folder: pathlib.Path) -> pathlib.Path:
    """Build the release from two clones in a folder, and return the path of the tarball.

    Raises:
        RefusedError: If something is not committed or contradicts the release, or if the two tarballs differ.
    """
    if changed := run("git", "status", "--porcelain", cwd=ROOT):
        raise RefusedError(f"A release is made of what is committed. Commit or stash first:\n{changed}")
    version = arguments.version or stated_version(ROOT)
    if arguments.as_committed and version not in released(ROOT):
        raise RefusedError(
            f"The changelog of this commit does not have {version}. Release it with --in-place, commit, tag."
        )
    known = released(ROOT).get(version, {}).get("release_date")
    today = datetime.datetime.now(datetime.timezone.utc).date()
    arguments.version = version
    arguments.date = arguments.date or (datetime.date.fromisoformat(str(known)) if known else today)
    tarballs = []
    for name, umask in (("one", 0o022), ("another", 0o077)):
        tree = clone(folder / name, umask)
        prepare(tree, version, arguments.date)
        tarballs.append(build(tree, folder / name, arguments.date))
        print(f"{digest(tarballs[-1])}  {tarballs[-1].name}, from {name} clone", flush=True)
    if digest(tarballs[0]) != digest(tarballs[1]):
        raise RefusedError("The two tarballs differ, so nobody could check that a release is what the repository has.")
    return tarballs[0]


def parse(words: list[str]) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python3 noxfile.py -s release --", description=__doc__.partition("\n")[0])
    parser.add_argument("version", nargs="?", type=_version, help="by default, the one that galaxy.yml states")
    parser.add_argument("--date", type=datetime.date.fromisoformat, help="YYYY-MM-DD, by default today in UTC")
    parser.add_argument("--output", type=pathlib.Path, help="a folder for the tarball")
    parser.add_argument("--in-place", action="store_true", help="also change galaxy.yml and the changelog here")
    parser.add_argument("--as-committed", action="store_true", help="fail if the changelog lacks the version")
    return parser.parse_args(words)


def _version(text: str) -> str:
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a version such as 1.0.0")
    return text


def main(words: list[str]) -> None:
    """Make a release, try it, and say what it is."""
    arguments = parse(words)
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        try:
            tarball = make(arguments, pathlib.Path(name))
            try_release(ROOT, tarball, pathlib.Path(name))
            if arguments.in_place:
                prepare(ROOT, arguments.version, arguments.date)
        except RefusedError as why:
            sys.exit(f"Not released: {why}")
        print(f"\nsha256 {digest(tarball)}  {tarball.name}")
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            print(f"Written to {shutil.copy(tarball, arguments.output)}")


if __name__ == "__main__":
    main(sys.argv[1:])
