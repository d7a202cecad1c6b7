"""Another user's program with a password among its arguments: the password is nowhere in what is kept or handed out."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aios_gui.system.paths import find_paths
from tests.privileges import NOBODY
from tests.processes import answered, incidents_here, service, wait_until

BUSY = (
    '[[rules]]\nname = "busy"\nmeasure = "cpu_percent"\nlimit = 1\nclear = 0\nfor_s = 0\nlevel = "critical"\n'
    'actions = ["capture"]\n'
)
SECRET = "hunter2-of-another-user"
SPIN = ["/bin/sh", "-c", "while :; do :; done", "sh", f"--password={SECRET}", "--token", SECRET]
LINE = "/bin/sh -c while :; do :; done sh --password=*** --token ***"


def handed_out(number: int, *files: Path) -> bytes:
    """All that the commands print of an incident and of the record, and these files."""
    told = [
        answered("incidents", "--json").stdout,
        answered("incidents", "--show", str(number)).stdout,
        answered("incidents", "--show", str(number), "--json").stdout,
        answered("incidents", "--show", str(number), "--markdown").stdout,
        answered("export", "--format", "csv", "--range", "all").stdout,
    ]
    return b"".join([*map(str.encode, told), *(each.read_bytes() for each in files)])


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell's loop")
@pytest.mark.parametrize("wanted", [False, True])
def test_a_password_among_the_arguments_of_another_users_program_is_kept_nowhere(
    aios_home: Path, wanted: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (aios_home / "settings.toml").write_text(f"[diagnosis]\ncommand_lines = {str(wanted).lower()}\n\n{BUSY}")
    user = NOBODY if os.geteuid() == 0 else None
    # In a session of its own, since Linux shares the cores out among sessions: whatever else runs, it stands out.
    with (
        subprocess.Popen(SPIN, user=user, start_new_session=True) as spinner,
        service(find_paths(), "--interval", "0.1") as running,
    ):
        found: list[tuple[int, str]] = []

        def is_found() -> bool:
            found.extend(culprits(incidents_here(capsys), spinner.pid))
            return bool(found)

        try:
            wait_until(is_found, "it is found who did it, and by what command", pause_s=0.1)
        finally:
            spinner.kill()
        running.ask_to_end()
        running.end()
    incident, command = found[0]
    assert command == (LINE if wanted else "sh")
    kept = [each for each in aios_home.rglob("*") if each.is_file() and not each.is_symlink()]
    assert find_paths().store in kept
    assert SECRET.encode() not in handed_out(incident, *kept)


def culprits(incidents: list[dict[str, Any]], pid: int) -> list[tuple[int, str]]:
    """The numbers of the incidents that name this process, and the command that it is named by."""
    return [
        (incident["id"], each["command"])
        for incident in incidents
        for each in incident["culprits"]
        if each["pid"] == pid and each["command"]
    ]
