"""Uses the real service and the real window for hours and looks for what creeps.

``python3 packaging/dev.py soak --hours 2 --interval 0.1`` ends with a page of plots and verdicts. What was seen lies
beside the page as JSON Lines; ``--page FILE`` makes the page of it again, also while the run goes on. Exit status 1
where a verdict failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import psutil

from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import Command, CoolDown, Done, Pause, Resume, WarmUp
from tests.bench import growth
from tests.bench.display import Display
from tests.bench.environment import MODULE, ROOT, Home
from tests.bench.process import Child
from tests.bench.progress import say
from tests.bench.soak.looks import Watched
from tests.bench.soak.page import write_page
from tests.bench.soak.use import COMMANDS, FIRST, WINDOW
from tests.bench.soak.verdicts import SERVICE, WITNESS, Run, judge, sentence
from tests.bench.soak.verdicts import WINDOW as WINDOW_NAME

_STEP_S = 2.2
"""A round of use is no minute, so that what the program does once a minute falls upon each of its steps by turns."""
_LOOK_EVERY = 8
"""Steps between two looks, so that every look of a round comes upon the same use."""
_COMMAND_EVERY = 3
_HOG_EVERY = 4 * len(WINDOW)
_REST_FROM = len(WINDOW) - 2
"""The step that hides the window; the next asks for nothing, and ends with a look."""
_HOG = "import time; end = time.monotonic() + 4\nwhile time.monotonic() < end: pass"
_START_S = 5.0
_KEPT_S, _KEPT_TOGETHER = 32 * 3600, 200
"""How much the record has when the run begins: more than Live reads, which is its longest span and a quarter.

What Live reads grows with the record for a day; in two hours on an empty one that would look like a leak. So the record
is that of a day of the same use: also the pauses and warm-ups of its rounds are in it.
"""
_LEFT_S = 4 * 3600
"""So much of it is left to be sealed: the memory that the first sealings take is kept and used by the later ones."""
_NO_DESKTOP = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
_STEERING: dict[int, tuple[Command[Done], ...]] = {5: (Pause(),), 6: (Resume(),), 14: (CoolDown(), WarmUp())}
"""What is asked of the service by its channel, at which step of a round."""


class Used:
    """A process in use, in a home of its own."""

    def __init__(self, name: str, interval_s: float, environ: dict[str, str], record: Path) -> None:
        self.name = name
        settings = {"beat.interval_s": interval_s, "window.close_button": "tray", "window.language": "en"}
        self.home = Home(settings)
        self.home.paths.store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(record, self.home.paths.store)
        self.environ = self.home.environ({**_NO_DESKTOP, **environ})
        self.child = Child([sys.executable, "-m", "tests.bench.soak.inside", name], self.environ, talks=True)
        self._watched = Watched(self.child.pid, self.home.paths)

    def look(self, at_s: float) -> dict[str, Any]:
        """What is seen of it, from outside once it has given back what lies free in it."""
        self.child.check_running()
        facts = {"process": self.name, "at_s": round(at_s, 2), "load": os.getloadavg()[0]}
        return {**facts, **self.child.ask({"do": "look"}), **self._watched.look(at_s)}

    def rest(self, at_s: float) -> None:
        """From now until the next look it is left alone."""
        self._watched.rest(at_s)

    def end(self) -> None:
        """End it in order."""
        self.child.end()

    def remove(self) -> None:
        """See to it that nothing of it is left."""
        self.child.abandon()
        self.home.remove()


class Soak:
    """One run; every look is written down at once."""

    def __init__(self, service: Used, window: Used, witness: Child, notes: TextIO) -> None:
        self._service, self._window, self._witness, self._notes = service, window, witness, notes
        self._commands: list[subprocess.Popen[bytes]] = []
        self._began = time.monotonic()

    @property
    def at_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def run(self, seconds: float) -> None:
        """Use both by turns until the time is up; the last look is the last thing."""
        for number in self._steps(seconds):
            for name, value in (*(FIRST if number == 0 else ()), *WINDOW[number % len(WINDOW)]):
                answer = self._window.child.ask({"do": name, "value": value})
                if answer:
                    self._note({"trouble": answer, "at_s": self.at_s})
            if number % _COMMAND_EVERY == 0:
                self._command(MODULE + list(COMMANDS[number // _COMMAND_EVERY % len(COMMANDS)]))
            for command in _STEERING.get(number % len(WINDOW), ()):
                self._steer(command)
            if number % _HOG_EVERY == _HOG_EVERY - 4:
                self._command([sys.executable, "-c", _HOG])
            if number % _LOOK_EVERY == _LOOK_EVERY - 1:
                self._look()
            if number % len(WINDOW) == _REST_FROM:
                for used in (self._service, self._window):
                    used.rest(self.at_s)
        self._look()

    def finish(self) -> None:
        """Wait for what was started beside."""
        for command in self._commands:
            try:
                command.wait(30)
            except subprocess.TimeoutExpired:
                command.kill()
                command.wait()

    def _steps(self, seconds: float) -> Iterator[int]:
        number = 0
        while (due_s := number * _STEP_S) < seconds:
            time.sleep(max(0.0, due_s - self.at_s))
            yield number
            number += 1

    def _look(self) -> None:
        for used in (self._service, self._window):
            self._note(used.look(self.at_s))
        at_s = round(self.at_s, 2)
        self._note({"process": WITNESS, "at_s": at_s, **self._witness.ask({"do": "look"})})

    def _steer(self, command: Command[Done]) -> None:
        try:
            ChannelClient(self._service.home.paths, 10.0).execute(command)
        except ChannelError as error:
            self._note({"trouble": f"{command}: {error}", "at_s": self.at_s})

    def _command(self, command: list[str]) -> None:
        for ended in [each for each in self._commands if each.poll() is not None]:
            self._commands.remove(ended)
            if ended.returncode not in (0, 1):
                self._note({"trouble": f"{ended.args!r} ended with {ended.returncode}", "at_s": self.at_s})
        quiet = subprocess.DEVNULL
        self._commands.append(
            subprocess.Popen(
                command, cwd=ROOT, env=self._service.environ, stdin=quiet, stdout=quiet, stderr=quiet
            )
        )

    def _note(self, facts: dict[str, Any]) -> None:
        self._notes.write(json.dumps(facts) + "\n")
        self._notes.flush()


def _record_of_a_day(folder: Path, interval_s: float) -> Path:
    """A record of the last day and more, made by the real writer and sealed as it would have been, but for an hour."""
    record = folder / "record.sqlite3"
    beats, last, interval_ns = (
        round(each) for each in (_KEPT_S / interval_s, _LEFT_S / interval_s, interval_s * 1e9)
    )
    began_ns = time.time_ns() - beats * interval_ns
    round_ns = round(len(WINDOW) * _STEP_S * 1e9)
    growth.grow(record, beats - last, interval_ns, began_ns, _KEPT_TOGETHER, round_ns)
    growth.seal(record)
    growth.grow(record, last, interval_ns, began_ns + (beats - last) * interval_ns, _KEPT_TOGETHER, round_ns)
    return record


def soak(hours: float, interval_s: float, notes: Path) -> None:
    """Run and write down what is seen."""
    with ExitStack() as stack:
        has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        environ = {} if has_display else stack.enter_context(Display()).environ
        file = stack.enter_context(notes.open("w", encoding="utf-8"))
        record = _record_of_a_day(Path(stack.enter_context(TemporaryDirectory())), interval_s)
        used = []
        for name in (SERVICE, WINDOW_NAME):
            used.append(Used(name, interval_s, environ, record))
            stack.callback(used[-1].remove)
        bare = [sys.executable, "-m", "tests.bench.soak.witness", str(interval_s)]
        witness = Child(bare, os.environ, talks=True)
        stack.callback(witness.abandon)
        time.sleep(_START_S)
        facts = {"interval_s": interval_s, "hours": hours, "cores": psutil.cpu_count(), "at": time.time()}
        file.write(json.dumps({"run": {**facts, "python": sys.version.split()[0]}}) + "\n")
        run = Soak(used[0], used[1], witness, file)
        stack.callback(run.finish)
        run.run(hours * 3600)
        for each in used:
            each.end()


def main() -> int:
    """Run, or read a run, then print the verdicts and write the page."""
    parser = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--interval", type=float, default=0.1, metavar="S", help="seconds from beat to beat")
    parser.add_argument("--output", type=Path, default=Path("soak"), metavar="FOLDER")
    parser.add_argument("--page", type=Path, metavar="FILE", help="only make the page of what a run wrote")
    options = parser.parse_args()
    notes = options.page
    if notes is None:
        options.output.mkdir(parents=True, exist_ok=True)
        notes = options.output / "looks.jsonl"
        say(f"{options.hours:g} hours of use at {1 / options.interval:g} Hz; what is seen goes to {notes}")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(KeyboardInterrupt):  # ended before its time, it tells what it has seen
            soak(options.hours, options.interval, notes)
    run = Run.read(notes)
    verdicts = judge(run)
    page = notes.with_name("soak.html")
    page.write_text(write_page(run, verdicts), encoding="utf-8")
    for verdict in verdicts:
        print(sentence(verdict))
    say(f"the page: {page}")
    return 1 if any(verdict.failed for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
