"""The four quantities that are plotted: what each is called, where its figures come from, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.history.model.distribution import BAND_LIMITS_NS
from aios_gui.selfcheck.targets.model import TARGETS
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.figures import duration, duration_parts, percent, percent_parts
from aios_gui.ui.plots.curve import Rows
from aios_gui.ui.plots.value_scale import LinearScale, LogScale, PercentScale, ValueScale

_GOALS_MS = {target.name: target.goal for target in TARGETS}


def duration_target_ns(mode: Mode) -> float:
    """What 99 of 100 warmed beats are to stay within, by what makes them."""
    return _GOALS_MS["beat_p99_headless" if mode is Mode.SERVICE else "beat_p99_window"] * 1e6


@dataclass(frozen=True, slots=True)
class Quantity:
    """One plotted quantity. ``key`` is also the name of its colour among the tokens of the theme.

    ``low`` and ``high`` name the columns of a series; ``own`` that of this program's own share, or is empty.
    ``target_label`` tells whether the dotted line is a target of the program or the limit of a rule. All texts are
    marked for translation and translated when shown.
    """

    key: str
    title: str
    subtitle: str
    tip: str
    value_tip: str
    low: str
    high: str
    own: str
    of_beat: Callable[[RecordedBeat], float | None]
    target: Callable[[Thresholds, Mode], float]
    target_label: str
    written: Callable[[float | None], str]
    parts: Callable[[float | None], tuple[str, str]]
    linear: Callable[[], ValueScale]
    logarithmic: Callable[[], ValueScale] | None = None
    bands: tuple[float, ...] = ()


QUANTITIES = (
    Quantity(
        key="duration",
        title=N_("Beat duration"),
        subtitle=N_("what one check costs"),
        tip=N_("How long the beat itself took: one short look at the machine, once an interval."),
        value_tip=N_(
            "The last beat; the longest one in view; and P99, which 99 of 100 beats of the last hour, 3,600 at most, "
            "stayed within."
        ),
        low="duration_min_ns",
        high="duration_max_ns",
        own="",
        of_beat=lambda beat: beat.duration_ns,
        target=lambda _thresholds, mode: duration_target_ns(mode),
        target_label=N_("target {figure}"),
        written=duration,
        parts=duration_parts,
        linear=lambda: LinearScale(duration_target_ns(Mode.WINDOW) * 1.2),
        logarithmic=lambda: LogScale(4, 6),
        bands=BAND_LIMITS_NS,
    ),
    Quantity(
        key="lateness",
        title=N_("Lateness"),
        subtitle=N_("how late the machine woke it"),
        tip=N_(
            "How late the machine woke the program for its beat. From the limit on it is a hiccup: "
            "a stall that you would notice as a stutter."
        ),
        value_tip=N_("The last beat, and how many hiccups are in view."),
        low="lateness_min_ns",
        high="lateness_max_ns",
        own="",
        of_beat=lambda beat: beat.lateness_ns,
        target=lambda thresholds, _mode: thresholds.hiccup_ns,
        target_label=N_("limit {figure}"),
        written=duration,
        parts=duration_parts,
        linear=lambda: LinearScale(100e3),
        logarithmic=lambda: LogScale(5, 8),
    ),
    Quantity(
        key="cpu",
        title=N_("CPU"),
        subtitle=N_("machine, and this program dashed"),
        tip=N_("How busy all cores of the machine were together; dashed, this program's part in it."),
        value_tip=N_("The machine at the last beat, and what this program used of one core."),
        low="cpu_min_percent",
        high="cpu_max_percent",
        own="own_cpu_percent",
        of_beat=lambda beat: beat.cpu_percent,
        target=lambda thresholds, _mode: thresholds.cpu_percent,
        target_label=N_("limit {figure}"),
        written=percent,
        parts=percent_parts,
        linear=PercentScale,
    ),
    Quantity(
        key="memory",
        title=N_("Memory"),
        subtitle=N_("machine, and this program dashed"),
        tip=N_("How much of the machine's memory was in use; dashed, this program's part of it."),
        value_tip=N_("The machine at the last beat: used of all there is, and what this program uses."),
        low="memory_min_percent",
        high="memory_max_percent",
        own="own_memory_percent",
        of_beat=lambda beat: beat.memory_percent,
        target=lambda thresholds, _mode: thresholds.memory_percent,
        target_label=N_("limit {figure}"),
        written=percent,
        parts=percent_parts,
        linear=PercentScale,
    ),
)
"""In the order of the panel, top first."""


def reach(quantity: Quantity, rows: Rows, index: int) -> str:
    """From where to where a quantity goes in these rows, for those who do not see its plot."""
    least, most = rows.smallest(index), rows.largest(index)
    if least > most:
        return without_values(rows.largest(0) >= 0)
    return _("{low} to {high}").format(low=quantity.written(least), high=quantity.written(most))


def without_values(has_beats: bool) -> str:
    """What is said of a quantity that no beat of a span knows: where sampling failed, there are beats nonetheless."""
    return _("Not known") if has_beats else _("No beats")
