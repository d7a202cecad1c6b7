"""What the first beats after a warm-up and after a cooling down took, sorted into the series of a chart."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.heartbeat.model.warmup_stats import FIRST_BEATS, WarmupStatus
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

Points = tuple[tuple[int, int], ...]
"""Number of the beat, 1 to 60, and what it took, ns."""


@dataclass(frozen=True, slots=True)
class FirstBeatsScene:
    """``first_run_ns`` is the cold run that the last warm-up began with; 0 where there is none.

    What a rehearsed beat would have taken without is the first run of its rehearsal; a beat that had none took it.
    """

    rehearsed: Points = ()
    unrehearsed: Points = ()
    cold: Points = ()
    first_run_ns: int = 0

    @classmethod
    def of(cls, picture: WarmupStatus) -> FirstBeatsScene:
        """The series of a picture."""
        first, report = picture.first, picture.report
        pairs = list(enumerate(zip(first.warm, first.unrehearsed, strict=False), start=1))
        return cls(
            tuple((number, warm) for number, (warm, without) in pairs if without),
            tuple((number, without or warm) for number, (warm, without) in pairs),
            tuple(enumerate(first.cold, start=1)),
            report.cold_ns if report is not None else 0,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.unrehearsed or self.cold or self.first_run_ns)

    @property
    def extremes(self) -> tuple[int, int]:
        """The least and the greatest duration, ns; ValueError where it is empty."""
        found = [ns for points in (self.rehearsed, self.unrehearsed, self.cold) for _number, ns in points]
        found += [self.first_run_ns] if self.first_run_ns else []
        return min(found), max(found)


def median_ns(points: Points) -> int:
    """The median of what they took; ValueError where there are none."""
    ranked = sorted(ns for _number, ns in points)
    return ranked[(len(ranked) - 1) // 2] if ranked else 0


def description(scene: FirstBeatsScene) -> str:
    """The figures of a scene in words, for who cannot see it."""
    parts = []
    for points, sentence in (
        (scene.rehearsed, _("{count} rehearsed beats, median {duration}")),
        (scene.unrehearsed, _("{count} not rehearsed, median {duration}")),
        (scene.cold, _("{count} after cooling down, median {duration}")),
    ):
        if points:
            parts.append(
                sentence.format(count=len(points), duration=figures.spoken_duration(median_ns(points)))
            )
    if scene.first_run_ns:
        parts.append(
            _("first run of the warm-up {duration}").format(
                duration=figures.spoken_duration(scene.first_run_ns)
            )
        )
    return "; ".join(parts) or _("No beats yet")


def columns() -> tuple[Column, ...]:
    """Of the table of the same values."""
    return (
        Column(_("Beat"), right=False),
        Column(_("Rehearsed")),
        Column(_("Not rehearsed")),
        Column(_("After cooling down")),
    )


def rows(scene: FirstBeatsScene) -> list[Row]:
    """A row a beat; the run before the first is the one that the warm-up began with."""
    made: list[Row] = []
    if scene.first_run_ns:
        made.append((Fact(_("First run")), Fact(), Fact(figures.duration(scene.first_run_ns)), Fact()))
    series = [dict(points) for points in (scene.rehearsed, scene.unrehearsed, scene.cold)]
    for number in range(1, FIRST_BEATS + 1):
        if any(number in each for each in series):
            found = [Fact(figures.duration(each.get(number))) for each in series]
            made.append((Fact(str(number)), *found))
    return made
