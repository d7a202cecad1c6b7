"""Small child processes that behave as the program's own commands do, and proof that they are gone."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

PATIENCE_MS = 60_000
"""The longest that is waited for what a child does: no measure of it, as the machine may have much else to do."""
_PREAMBLE = """
import json, os, signal, sys, threading, time
def watch():
    while os.read(0, 4096):
        pass
    os._exit(130)
def tell(**facts):
    print(json.dumps(facts), flush=True)
"""
POLITE = "threading.Thread(target=watch, daemon=True).start()\n"
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
FOR_LONG = "tell(progress=0.25, remaining_s=61.4, now='minimal', pid=os.getpid())\ntime.sleep(600)\n"


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> Path:
    """Let the window start this code instead of the program's command line; returns where its arguments go."""
    script, asked = folder / "child.py", folder / "asked.txt"
    note = f"open({str(asked)!r}, 'a', encoding='utf-8').write(json.dumps(sys.argv[1:]) + chr(10))\n"
    script.write_text(_PREAMBLE + note + code, encoding="utf-8")
    monkeypatch.setattr(
        "aios_gui.ui.widgets.own_process.own_command",
        lambda *asked: [sys.executable, "-S", str(script), *asked],
    )
    return asked


def is_alive(pid: int) -> bool:
    """Whether a process of this number still runs."""
    return psutil.pid_exists(pid)
