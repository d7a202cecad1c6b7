"""What a run was, and what is to be said of it: each verdict from a figure, its uncertainty and a limit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from tests.bench.soak.trend import Estimate, ratio_of_percentiles, slope

HOUR_S = 3600.0
ROUND_LOOKS = 3
"""Looks within one round of use; their mean knows nothing of what was done when."""
SERVICE, WINDOW, WITNESS = "service", "window", "witness"
PROCESSES = (SERVICE, WINDOW)


class Outcome(StrEnum):
    """What a verdict says."""

    PASS = "pass"
    FAIL = "FAIL"
    OPEN = "open"
    """The limit lies within the uncertainty, or too little is known: a longer or quieter run tells."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence about one process. ``figure`` is in ``unit``; None where it is unknown."""

    process: str
    what: str
    figure: Estimate | None
    limit: float
    unit: str

    @property
    def outcome(self) -> Outcome:
        """Passed where all of the interval reaches the limit, failed where none of it does."""
        if self.figure is None:
            return Outcome.OPEN
        if self.figure.high <= self.limit:
            return Outcome.PASS
        return Outcome.FAIL if self.figure.low > self.limit else Outcome.OPEN

    @property
    def failed(self) -> bool:
        """Whether the limit is exceeded beyond doubt."""
        return self.outcome is Outcome.FAIL


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a look that is to stay flat. ``limit`` is how much it may rise in an hour, in ``unit``."""

    name: str
    title: str
    limit: float
    unit: str
    scale: float = 1.0
    relative: bool = False
    """The limit is percent of its mean."""
    falls: bool = False
    """It may rise, and is not to fall."""


MEASURES = (
    Measure("rss", "memory", 0.5, "MB", 1e6),
    Measure("heap_used", "in use of the C library's heaps", 0.5, "MB", 1e6),
    Measure("descriptors", "descriptors", 1.0, ""),
    Measure("threads", "threads", 1.0, ""),
    Measure("wakeups_at_rest_per_s", "wake-ups at rest", 5.0, "%", relative=True),
    Measure("objects", "objects of Python", 1.0, "%", relative=True),
    Measure("none_references", "loss of references of None", 1.0, "%", relative=True, falls=True),
    Measure("widgets", "widgets", 3.0, ""),
    Measure("timers", "timers", 1.0, ""),
    Measure("timers_at_work", "timers at work", 1.0, ""),
)


class Run:
    """What a run wrote down, in the order of time."""

    def __init__(self, facts: dict[str, Any], looks: list[dict[str, Any]], troubles: list[str]) -> None:
        self.facts, self.troubles = facts, troubles
        self.looks = {
            name: [look for look in looks if look["process"] == name] for name in (*PROCESSES, WITNESS)
        }
        self.loads = [look["load"] for look in self.looks[SERVICE]]

    @classmethod
    def read(cls, notes: Path) -> Self:
        """The run whose looks are in this file, as far as it has come."""
        facts: dict[str, Any] = {}
        looks, troubles = [], []
        for line in notes.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # being written
                continue
            if "run" in entry:
                facts = entry["run"]
            elif "process" in entry:
                looks.append(entry)
            if "trouble" in entry:
                troubles.append(f"{entry['at_s']:.0f} s: {entry['trouble']}")
        return cls(facts, looks, troubles)

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return max((looks[-1]["at_s"] for looks in self.looks.values() if looks), default=0.0)

    @property
    def settled_s(self) -> float:
        """When it is taken to have settled: after a third, at most an hour, of use."""
        return min(self.seconds / 3, HOUR_S)

    def series(self, process: str, name: str) -> list[tuple[float, float]]:
        """Each moment (s) and figure of one process, where it is known."""
        return [
            (look["at_s"], float(look[name]))
            for look in self.looks[process]
            if isinstance(look.get(name), int | float)
        ]

    def blocks(self, process: str, field: int, start_s: float, end_s: float) -> list[list[float]]:
        """Of the beats of a span, look by look, the duration (0) or the lateness (1), in ns."""
        return [
            [beat[field] for beat in look["beats"]]
            for look in self.looks[process]
            if start_s < look["at_s"] <= end_s
        ]


def by_round(points: Iterable[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Hours and means of whole rounds."""
    known = list(points)
    rounds = [known[n : n + ROUND_LOOKS] for n in range(0, len(known) - ROUND_LOOKS + 1, ROUND_LOOKS)]
    hours = [sum(at_s for at_s, _ in each) / len(each) / HOUR_S for each in rounds]
    return hours, [sum(figure for _, figure in each) / len(each) for each in rounds]


def judge(run: Run) -> list[Verdict]:
    """All that can be said of a run."""
    found = []
    for process in PROCESSES:
        known = [measure for measure in MEASURES if run.series(process, measure.name)]
        found += [_flat(run, process, measure) for measure in known]
        found += [_lost(run, process), *_missed(run, process), *_slower(run, process)]
    found.append(Verdict("both", "orders not carried out", _exactly(len(run.troubles)), 0, ""))
    return found


def _flat(run: Run, process: str, measure: Measure) -> Verdict:
    settled = [point for point in run.series(process, measure.name) if point[0] >= run.settled_s]
    hours, means = by_round(settled)
    figure = slope(hours, means)
    scale = measure.scale
    if measure.relative:
        scale = sum(means) / len(means) / 100 if means and sum(means) > 0 else 1.0
    unit = f"{measure.unit} an hour".strip()
    if figure is None:
        return Verdict(process, measure.title, None, measure.limit, unit)
    low, value, high = (each / scale for each in (figure.low, figure.value, figure.high))
    if measure.falls:
        low, value, high = -high, -value, -low
    return Verdict(process, measure.title, Estimate(value, low, high), measure.limit, unit)


def _lost(run: Run, process: str) -> Verdict:
    lost = sum(look.get("lost", 0) for look in run.looks[process])
    return Verdict(process, "beats made and not recorded", _exactly(lost), 0, "")


def _missed(run: Run, process: str) -> tuple[Verdict, Verdict]:
    """How many beats were missed, and how many of them not because the host gave this machine no processor."""
    last = next((look for look in reversed(run.looks[process]) if look.get("due")), None)
    all_missed = own = None
    if last is not None:
        missed, stolen = last["due"] - last["made"], sum(look.get("stolen", 0) for look in run.looks[process])
        all_missed, own = (_exactly(100 * max(0, each) / last["due"]) for each in (missed, missed - stolen))
    what = "beats due and not made"
    return (
        Verdict(process, what, all_missed, 0.01, "%"),
        Verdict(process, f"{what}, but for those that the host took", own, 0.01, "%"),
    )


def _slower(run: Run, process: str) -> tuple[Verdict, Verdict]:
    """How much slower the beat became, and how much of that a bare loop beside it did not."""
    span_s = min(HOUR_S, run.seconds / 2)
    (first, last), (bare_first, bare_last) = (
        (run.blocks(name, 0, 0.0, span_s), run.blocks(name, 0, run.seconds - span_s, run.seconds))
        for name in (process, WITNESS)
    )
    what = f"P99 of the beat, last {'hour' if span_s == HOUR_S else 'half'} to first"
    alone = ratio_of_percentiles([last], [first], 0.99)
    over_bare = ratio_of_percentiles([last, bare_first], [first, bare_last], 0.99)
    return (
        Verdict(process, what, alone, 1.1, "times"),
        Verdict(process, f"{what}, over a bare loop's", over_bare, 1.1, "times"),
    )


def _exactly(value: float) -> Estimate:
    return Estimate(value, value, value)


def sentence(verdict: Verdict) -> str:
    """The verdict as a line of text."""
    return "  ".join(
        (f"{verdict.outcome:<4}", f"{verdict.process:<7}", f"{verdict.what:<55}", figure_text(verdict))
    )


def figure_text(verdict: Verdict) -> str:
    """The figure, its uncertainty and the limit as text."""
    limit = f"(at most {verdict.limit:g} {verdict.unit})".replace(" )", ")")
    if verdict.figure is None:
        return f"unknown {limit}"
    number: Callable[[float], str] = "{:.3g}".format
    figure = verdict.figure
    span = f" [{number(figure.low)} … {number(figure.high)}]" if figure.high > figure.low else ""
    return f"{number(figure.value)}{span} {limit}"
