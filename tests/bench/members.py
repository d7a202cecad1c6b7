"""The programs that are measured side by side: how each is started and where its beats are read."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from aios_gui.alerts.model.rules import Rule
from tests.bench.arithmetic import Figures
from tests.bench.environment import MODULE, Home
from tests.bench.process import Child
from tests.bench.record import Beats, beats_of, read_beats, wait_for_beats

_START_TIMEOUT_S = 30.0


class Member(Protocol):
    """One of the programs of a group."""

    name: str
    child: Child

    def start_at(self, phase_ns: int | None) -> int:
        """Start it so that it beats at ``phase_ns`` of the interval if given; returns the phase it got (wall clock)."""
        ...

    def beats(self, start_ns: int, end_ns: int) -> Beats:
        """What it recorded in a span of the wall clock, after its end."""
        ...

    def remove(self) -> None:
        """Delete its files, after whatever happened."""
        ...


class Product:
    """The program itself, by any of its commands; it beats with its own warm-up, so that its phase is aimed at."""

    def __init__(
        self,
        name: str,
        interval_ns: int,
        command: list[str] | None = None,
        settings: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
        rules: tuple[Rule, ...] | None = None,
    ) -> None:
        self.name = name
        self._interval_ns = interval_ns
        self._command = command or [*MODULE, "service"]
        self._environ = environ or {}
        self.home = Home({"beat.interval_s": interval_ns / 1e9, **(settings or {})}, rules)
        self._lag_ns = 0
        """From start to first beat, as it was the last time."""

    def start_at(self, phase_ns: int | None) -> int:
        """Start it; with a phase, wait first so that its first beat falls on it, judged by the last start."""
        if phase_ns is not None:
            time.sleep((phase_ns - self._lag_ns - time.time_ns()) % self._interval_ns / 1e9)
        self.child = Child(self._command, self.home.environ(self._environ))
        first = wait_for_beats(self.home.paths.store, 1, _START_TIMEOUT_S, self.child.check_running)
        mine = next(beat for beat in first if beat.session == first[-1].session)
        self._lag_ns = mine.wall_ns - self.child.started_wall_ns
        return mine.wall_ns % self._interval_ns

    def restart_at(self, phase_ns: int) -> int:
        """End it, forget its record, start it again."""
        self.child.end()
        self.home.paths.store.unlink(missing_ok=True)
        return self.start_at(phase_ns)

    def beats(self, start_ns: int, end_ns: int) -> Beats:
        """What its store holds of the span."""
        return beats_of(read_beats(self.home.paths.store, start_ns, end_ns))

    def remove(self) -> None:
        """Delete its home."""
        if hasattr(self, "child"):
            self.child.abandon()
        self.home.remove()


class Seed:
    """The seed's warmed minimal heartbeat at the same cadence."""

    name = "seed"

    def __init__(self, interval_ns: int) -> None:
        self._interval_ns = interval_ns
        self._home = Home()
        self._output: Path = self._home.folder / "beats.json"

    def start_at(self, phase_ns: int | None) -> int:
        """Start it; it finds its phase by itself."""
        phase_ns = time.time_ns() % self._interval_ns if phase_ns is None else phase_ns
        options = [
            "--interval-ns",
            str(self._interval_ns),
            "--phase-ns",
            str(phase_ns),
            "--output",
            str(self._output),
        ]
        command = [sys.executable, "-m", "tests.bench.seed_minimal", *options]
        self.child = Child(command, self._home.environ())
        return phase_ns

    def beats(self, start_ns: int, end_ns: int) -> Beats:
        """Its beats of the span."""
        found = [beat for beat in json.loads(self._output.read_text()) if start_ns <= beat[0] < end_ns]
        return Beats(Figures.of([beat[1] for beat in found]), Figures.of([beat[2] for beat in found]))

    def remove(self) -> None:
        """Delete its files."""
        if hasattr(self, "child"):
            self.child.abandon()
        self._home.remove()
