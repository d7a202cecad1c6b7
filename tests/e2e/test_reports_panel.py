"""A window in a process of its own writes a real HTML report from its Reports panel."""

import os
import subprocess
import sys
from pathlib import Path

from aios_gui.reports.past import past_reports
from aios_gui.system.own_program import own_folder
from aios_gui.system.paths import find_paths


def test_the_panel_writes_a_page_that_a_browser_can_show(aios_home: Path, tmp_path: Path) -> None:
    written = tmp_path / "written"
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.write_report", str(written)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=own_folder(),
        capture_output=True,
        text=True,
        timeout=59,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = written.iterdir()
    assert done.stdout.strip() == str(file)
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Performance summary" in page
    assert page.rstrip().endswith("</html>")
    assert [each.path for each in past_reports(find_paths())] == [file]
