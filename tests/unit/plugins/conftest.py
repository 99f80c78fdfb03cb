# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings for all unit tests of the plugins, whichever runner starts them."""

from __future__ import annotations

import hypothesis

# ansible-test forks for every test: a database would be written by many at once, and a deadline would measure the fork.
hypothesis.settings.register_profile("forked", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("forked")
# Where it only counts whether a test fails, nobody reads the smallest example.
hypothesis.settings.register_profile("verdict", phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate])
