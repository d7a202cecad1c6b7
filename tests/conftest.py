"""What every test gets: a home of its own, one language, and a Qt that needs no display."""

import compileall
import faulthandler
import gc
import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from pytestqt.qtbot import QtBot

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system import logs
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths, find_paths
from aios_gui.text.catalogue import use_language
from tests.fakes import WALL, Kept

PATIENCE_S = 60.0
UI = Path(__file__).parent / "ui"
PROGRAM = Path(__file__).parents[1] / "aios_gui"
_home_numbers = itertools.count()

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    # Before anything imports Qt: the platform is chosen when the application object is made.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What was started in the background, or to outlive its terminal, ignores these and would hand that on to every program
# under test, which could then not be asked to end.
for name in ("SIGINT", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

# Otherwise each worker would compile all tests again, and each process under test all of the program.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test depends on the language of the machine it runs on, nor on how a pipe is written there.
os.environ.update(PYTHONIOENCODING="utf-8", LC_ALL="C.UTF-8", LANG="C.UTF-8")
os.environ.pop("LANGUAGE", None)

# How long one example takes says how busy the machine is, and nothing of the program. The suite tries the same examples
# each time, so that it fails for what was changed only; --long looks for new ones.
hypothesis_settings.register_profile(
    "short", deadline=None, max_examples=15, stateful_step_count=30, derandomize=True
)
hypothesis_settings.register_profile("long", deadline=None, max_examples=1000, stateful_step_count=60)


QT_PATIENCE_MS = 60_000
"""How long a test waits on something of Qt at most, also where others have the cores."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the tests that take minutes."""
    parser.addoption(
        "--long", action="store_true", help="run the tests marked as long, too, and try many more examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples are tried, before any test is read."""
    hypothesis_settings.load_profile("long" if config.getoption("--long") else "short")
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        # Otherwise the workers, which begin together, would each compile the whole program.
        compileall.compile_dir(PROGRAM, quiet=2, workers=0)
    for wait in (QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil, QtBot.waitExposed, QtBot.waitActive):
        assert wait.__kwdefaults__ is not None
        wait.__kwdefaults__["timeout"] = QT_PATIENCE_MS


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is read of the tests stays to the end: no collection of garbage looks at it, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --long the long tests are not part of the suite, so that those which are skipped are counted alone."""
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """With --long a test may take longer than what it has otherwise until the stacks of a hang are printed."""
    if item.config.getoption("--long"):
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True)
def aios_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test, and every process it starts, an empty home for data, settings and logs.

    The path is kept short, because a local socket in it may have little more than 100 characters.
    """
    # Not by mktemp, which looks through the folders of all tests to find a number that is free.
    home = tmp_path_factory.getbasetemp() / "h" / str(next(_home_numbers))
    home.mkdir(mode=0o700, parents=True)
    monkeypatch.setenv("AIOS_HOME", str(home))
    return home


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    """Where everything lies in the home of this test; the folders are there."""
    paths = find_paths()
    for folder in (paths.data, paths.config, paths.logs):
        make_private(folder)
    return paths


@pytest.fixture
def dead_pid() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    return gone.pid


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Every test begins and ends in English."""
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(autouse=True)
def no_log_left() -> Iterator[None]:
    """Close a log that a command has opened: it lies in the home of this test, and is of no use to the next.

    What is not handled goes to pytest again, which otherwise would not see it in later tests.
    """
    level, hook, thread_hook = logging.getLogger().level, sys.excepthook, threading.excepthook
    yield
    if sys.excepthook is not hook or threading.excepthook is not thread_hook:
        logs.stop_logging()
        logging.getLogger().setLevel(level)
        sys.excepthook, threading.excepthook = hook, thread_hook


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when threads outlive the test or automatic collection is still off; the window has its own check."""
    if UI in request.path.parents:
        yield
        return
    before = set(threading.enumerate())
    collections = gc.get_stats()[-1]["collections"]
    yield
    deadline = time.monotonic() + PATIENCE_S
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads outlive the test: {sorted(thread.name for thread in left)}"
    assert gc.isenabled(), "automatic collection was not given back"
    if gc.get_stats()[-1]["collections"] != collections:
        # An instance has looked at all there is, and thawed it. The next one need not take as long.
        gc.freeze()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A store with a record of its own, closed after the test."""
    kept = Kept(tmp_path / "data" / "heartbeat.sqlite3")
    yield kept
    kept.store.close(0, WALL)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SqliteWriter]:
    """A new record, open to be written into, in the folder of the test."""
    writer = SqliteWriter(tmp_path / "heartbeat.sqlite3", RECORD_SCHEMA)
    writer.open()
    yield writer
    writer.close()
