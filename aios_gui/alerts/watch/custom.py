"""Measures that plug-ins offer: called on a thread of their own, so that a slow one holds nothing up."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aios_gui.alerts.model.rules import OffReason
from aios_gui.system.threads import Thread

GROUP = "aios_heartbeat.measures"
"""The entry points by which a plug-in offers a measure: each names a callable that returns a number or None."""
EVERY_NS = 10_000_000_000
PATIENCE_NS, LOAD_PATIENCE_NS = 1_000_000_000, 10_000_000_000

log = logging.getLogger(__name__)
Measuring = Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A measure that is not asked, and why; ``error`` is what it raised, or the type of what it gave."""

    name: str
    reason: OffReason
    error: str = ""


def offered(names: Iterable[str]) -> tuple[dict[str, Measuring], list[SwitchedOff]]:
    """The callables of those names, and why some are not to be had. Whatever a plug-in raises is such a reason."""
    from importlib.metadata import entry_points

    found: dict[str, Measuring] = {}
    off: list[SwitchedOff] = []
    points = {point.name: point for point in entry_points(group=GROUP)}
    for name in names:
        if name not in points:
            off.append(SwitchedOff(name, OffReason.NOT_OFFERED))
            continue
        try:
            found[name] = points[name].load()
        except BaseException as error:  # noqa: BLE001 - also SystemExit: it is foreign code
            off.append(SwitchedOff(name, OffReason.FAILED, _shown(error)))
    return found, off


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]


class CustomMeasures:
    """Asks each measure every ten seconds and never waits for it. Use it on one thread.

    One that raises, that gives no number, or that takes over a second is switched off; so is one that cannot be
    loaded within ten. ``load`` gives the callables of some names, and tells of those that are not to be had; it is
    called on a thread of its own, too, since what a plug-in does when it is imported is as unknown.
    """

    def __init__(
        self,
        load: Callable[[Iterable[str]], tuple[dict[str, Measuring], list[SwitchedOff]]] = offered,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._load = load
        self._now_ns = now_ns
        self._measures: dict[str, Measuring | None] = {}
        """None: not loaded yet."""
        self._off: list[SwitchedOff] = []
        self._asked_ns = -EVERY_NS
        self._answer: _Answer | None = None
        self._wanted: frozenset[str] = frozenset()

    @property
    def is_asking(self) -> bool:
        """Whether a measure has not answered yet."""
        return self._answer is not None and not self._answer.is_over

    def want(self, names: Iterable[str]) -> None:
        """Ask the measures of these names from now on; one that was switched off stays so while it is wanted."""
        wanted = frozenset(names)
        if wanted == self._wanted:
            return
        new = wanted - self._wanted
        self._measures = {name: measure for name, measure in self._measures.items() if name in wanted}
        self._measures |= dict.fromkeys(sorted(new))
        self._wanted = wanted

    def take(self) -> dict[str, float]:
        """What was measured since last asked; begins to measure again where it is time."""
        if not self._measures:
            return {}
        now_ns = self._now_ns()
        values: dict[str, float] = {}
        if self._answer is not None:
            answer = self._answer
            if not self.is_asking:
                self._answer = None
                values = {name: value for name, value in answer.values.items() if name in self._measures}
                self._take_over(answer)
            elif now_ns - self._asked_ns > (LOAD_PATIENCE_NS if answer.is_loading else PATIENCE_NS):
                # Its thread is left to itself; the measures after it get their turn with the next one.
                self._answer = None
                self._take_over(answer)
                self._switch_off(SwitchedOff(answer.asking, OffReason.NO_ANSWER))
        elif now_ns - self._asked_ns >= EVERY_NS:
            self._asked_ns = now_ns
            self._answer = _Answer(dict(self._measures), self._load)
        return values

    def switched_off(self) -> list[SwitchedOff]:
        """Measures that were switched off since last asked."""
        off, self._off = self._off, []
        return off

    def _take_over(self, answer: _Answer) -> None:
        """Keep what was loaded, and switch off what failed."""
        for name, measure in tuple(answer.loaded.items()):
            if name in self._measures:
                self._measures[name] = measure
        for off in tuple(answer.failed):
            self._switch_off(off)

    def _switch_off(self, off: SwitchedOff) -> None:
        if off.name in self._measures:
            del self._measures[off.name]
            log.warning("a measure of a plug-in is switched off: %s", off)
            self._off.append(off)


class _Answer:
    """One round of asking, on a thread of its own."""

    def __init__(
        self,
        measures: dict[str, Measuring | None],
        load: Callable[[Iterable[str]], tuple[dict[str, Measuring], list[SwitchedOff]]],
    ) -> None:
        self.values: dict[str, float] = {}
        self.loaded: dict[str, Measuring] = {}
        self.failed: list[SwitchedOff] = []
        self.asking = next(iter(measures))
        self.is_loading = False
        self.is_over = False
        self._load = load
        Thread(target=self._run, args=(measures,), name="custom-measures", daemon=True).start()

    def _run(self, measures: dict[str, Measuring | None]) -> None:
        for name, measure in measures.items():
            self.asking = name
            try:
                self._ask(name, measure or self._loaded(name))
            except BaseException as error:  # noqa: BLE001 - also SystemExit: it is foreign code
                self.failed.append(SwitchedOff(name, OffReason.FAILED, _shown(error)))
        self.is_over = True

    def _loaded(self, name: str) -> Measuring | None:
        self.is_loading = True
        found, off = self._load([name])
        self.is_loading = False
        self.loaded |= found
        self.failed += off
        return found.get(name)

    def _ask(self, name: str, measure: Measuring | None) -> None:
        value = measure() if measure is not None else None
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.failed.append(SwitchedOff(name, OffReason.NO_NUMBER, type(value).__name__))
        elif math.isfinite(value):
            self.values[name] = float(value)
