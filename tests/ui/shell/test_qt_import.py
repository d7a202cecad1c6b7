"""Qt is loaded without the source of every module staying in memory."""

import json
import subprocess
import sys

CODE = """
import sys, json, inspect, linecache
before = inspect.getsource
from aios_gui.ui.shell.qt_import import load_qt
load_qt()
import decimal, aios_gui.ui.shell.session
kept = [name for name in linecache.cache if name.endswith(("decimal.py", "session.py", "typing.py"))]
print(json.dumps([kept, inspect.getsource is before, "class" in inspect.getsource(aios_gui.ui.shell.session)]))
"""


def test_no_source_is_kept_and_sources_can_still_be_read() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == [[], True, True]
