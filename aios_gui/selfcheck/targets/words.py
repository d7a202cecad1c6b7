"""Targets in words: what each is called, its goal, what was reached, and whether that is enough."""

from __future__ import annotations

from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.selfcheck.targets.model import (
    Target,
    TargetComparison,
    TargetResult,
    TargetState,
    TargetUnit,
)
from aios_gui.text import figures
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_MEGABYTE = 1024 * 1024
_TEXTS: dict[str, tuple[str, str]] = {
    "heartbeat": (N_("Heartbeat, mean"), N_("What a beat took on average, over the last hour.")),
    "fast_path": (N_("Fast path, mean"), N_("The same, of beats that found nothing over a limit.")),
    "p99": (N_("Heartbeat, P99"), N_("99 of 100 beats of the last hour, 3,600 at most, took at most this.")),
    "cpu": (N_("CPU of this program"), N_("Of one core, over its last samples.")),
    "memory": (N_("Memory of this program"), N_("All of its memory, without a window.")),
    "score": (N_("Score"), N_("How well the last hour went, from 0 to 1.")),
    "availability": (
        N_("Availability"),
        N_("Beats made of those that were due, without spans such as sleep or a pause."),
    ),
    "beat_p50": (
        N_("Warm beat, P50"),
        N_("Half of the beats of the last hour, 3,600 at most, took at most this."),
    ),
    "beat_p99_headless": (N_("Warm beat, P99, no window"), N_("99 of 100 beats took at most this.")),
    "beat_p99_window": (N_("Warm beat, P99, with the window"), N_("99 of 100 beats took at most this.")),
    "lateness_p99": (N_("Lateness, P99"), N_("99 of 100 beats were woken at most this late.")),
    "first_beat": (
        N_("First beat ÷ warm beat"),
        N_("What the first beat after the warm-up took, divided by the P50 of all."),
    ),
    "rehearsal_gain": (
        N_("Speed-up by rehearsal"),
        N_("The P50 of beats without their rehearsal, divided by the P50 with it."),
    ),
    "cpu_headless": (N_("CPU without a window"), N_("Of one core, over the last samples.")),
    "cpu_tray": (N_("CPU in the tray"), N_("Of one core, as long as the window was never opened.")),
    "cpu_window": (N_("CPU with the window"), N_("Of one core, over the last samples.")),
    "memory_headless": (N_("Memory without a window"), N_("All of its memory.")),
    "memory_tray": (
        N_("Memory in the tray"),
        N_("Memory that it shares with no other program, as long as the window was never opened."),
    ),
    "memory_window": (
        N_("Memory with the window"),
        N_("Memory that it shares with no other program, once the window was opened."),
    ),
    "availability_own": (N_("Availability, ours"), N_("Beats made of those that were due.")),
    "original_to_warmed": (
        N_("Original ÷ warmed heartbeat"),
        N_("How many times faster the warmed one was in the last benchmark."),
    ),
    "minimal_to_warmed": (
        N_("Minimal ÷ warmed heartbeat"),
        N_("How many times faster the warmed one was in the last benchmark."),
    ),
}


def name(target: Target) -> str:
    """What a target is called."""
    return _(_TEXTS[target.name][0])


def explanation(target: Target) -> str:
    """What is measured, and over what."""
    return _(_TEXTS[target.name][1])


def goal(target: Target) -> str:
    """What is to be reached: ``< 100 ms``, ``≥ 99.99 %``."""
    if target.unit is TargetUnit.SHARE and target.comparison is TargetComparison.AT_LEAST:
        return f"{target.comparison} {target.goal * 100:g} %"
    return f"{target.comparison} {_figure(target.unit, target.comparison, target.goal)}"


def actual(result: TargetResult) -> str:
    """What was reached; a dash where that is not known."""
    if result.actual is None:
        return figures.NONE
    target = result.target
    shown = _figure(target.unit, target.comparison, result.actual)
    # A figure that reads as the goal itself reads as reached of "at most", and as missed of "below".
    reads_as, is_reached = (
        target.comparison.reached(each, target.goal) for each in (target.goal, result.actual)
    )
    if reads_as != is_reached and shown == _figure(target.unit, target.comparison, target.goal):
        above = result.actual > target.goal
        return (_("just over {figure}") if above else _("just under {figure}")).format(figure=shown)
    return shown


def _figure(unit: TargetUnit, comparison: TargetComparison, value: float) -> str:
    match unit:
        case TargetUnit.MS:
            return figures.duration(value * 1e6)
        case TargetUnit.SHARE:
            # Where more is better it is rounded down: 100.00 % means all.
            return (
                figures.availability(value)
                if comparison is TargetComparison.AT_LEAST
                else figures.percent(value * 100)
            )
        case TargetUnit.MB:
            return figures.size(value * _MEGABYTE)
        case TargetUnit.RATIO:
            return figures.times(value)
    return figures.score(value)


def state_word(result: TargetResult) -> str:
    """Whether it is reached, in a word or two."""
    if not result.counts:
        return _("does not apply now")
    return {
        TargetState.PASS: _("reached"),
        TargetState.FAIL: _("missed"),
        TargetState.UNKNOWN: _("not known yet"),
    }[result.state]


def sentence(result: TargetResult) -> str:
    """A target in one line: ``Lateness, P99: 1.4 ms, the target is ≤ 1.0 ms``."""
    return _("{name}: {actual}, the target is {goal}").format(
        name=name(result.target), actual=actual(result), goal=goal(result.target)
    )


def shown_phrase(shown_as: LaunchMode | None) -> str:
    """How the program shows itself."""
    if shown_as is None:
        return ""
    return {
        LaunchMode.HEADLESS: _("without a window"),
        LaunchMode.TRAY: _("in the tray"),
        LaunchMode.WINDOW: _("with the window"),
    }[shown_as]
