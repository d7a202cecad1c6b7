"""The unit of a process out of its cgroup, as systemd writes it."""

from pathlib import Path

import pytest

from aios_gui.history.who_ran.units import unit_of


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("0::/system.slice/cron.service\n", "cron.service"),
        (
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-12.scope",
            "app-firefox-12.scope",
        ),
        ("0::/user.slice/user-1000.slice/session-2.scope/sub", "session-2.scope"),
        ("12:cpu:/a.service\n0::/\n", ""),
        ("1:name=systemd:/system.slice/old.service\n", ""),
        (
            "0::/system.slice/systemd-fsck@dev-disk-by\\x2dlabel-a.service",
            "systemd-fsck@dev-disk-by-label-a.service",
        ),
        ("", ""),
    ],
)
def test_the_innermost_service_or_scope_of_the_second_version(tmp_path: Path, line: str, unit: str) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "cgroup").write_text(line)
    assert unit_of(7, str(tmp_path)) == unit
    assert unit_of(8, str(tmp_path)) == ""
