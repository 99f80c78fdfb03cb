# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook as one that is run often: in check mode, and again."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator


def test_check_mode_writes_no_page_and_the_same_account_makes_the_same_one(tmp_path):
    with Emulator(strict=True) as emulator:
        emulator.create(name="payments")
        ansible = Ansible(tmp_path, emulator.environment)
        words = ["cloud_elements.platform.report", "-e", "report_time=", "-e", "report_dest=page.html"]
        checked = ansible.playbook(*words, "--check", "--diff")
        assert checked.rc == 0 and "changed=1" in checked.output and "<html" not in checked.output
        assert not (tmp_path / "page.html").exists()
        assert f"page.html would show 1 instance at {emulator.url}." in checked.output
        first = ansible.playbook(*words)
        assert "changed=1" in first.output
        # Once more in the same run, and then to a file that somebody else wrote.
        notes = tmp_path / "notes.html"
        notes.write_text("<!DOCTYPE html>\n<title>canary notes</title>\n")
        places = ["page.html", "notes.html"]
        plays = [{"import_playbook": words[0], "vars": {"report_dest": place, "report_time": ""}} for place in places]
        second = ansible.playbook(plays, "-vvv")
        assert second.rc != 0 and "changed=0" in second.output and second.output.count("TASK [Draw the page]") == 1
        assert f"{notes} is there and is not a report" in second.output and "canary" not in second.output
        assert notes.read_text() == "<!DOCTYPE html>\n<title>canary notes</title>\n"
        assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o644
        assert {seen.method for seen in emulator.requests} == {"GET"} and emulator.violations == []
