"""This program's own share of CPU and memory, beside that of the whole machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.record.model.series import Series
from aios_gui.ui.plots.curve import Layout

Floats = npt.NDArray[np.float64]
NAMES = ("own_cpu_percent", "own_memory_percent")
_NS = 1_000_000_000
_HOLE = 3
_USUAL_S = 10.0


class OwnShare:
    """Points of the context samples, thinned to what a plot can show."""

    def __init__(self, most: int) -> None:
        """``most``: how many points a loaded series keeps."""
        self._most = most
        self._times: list[float] = []
        self._values: dict[str, list[float]] = {name: [] for name in NAMES}

    def load(self, series: Series) -> None:
        """Hold the own share of this series; of a long one, every so many-th point."""
        step = max(1, -(-len(series.own_time_s) // self._most))
        self._times = list(series.own_time_s[::step])
        self._values = {name: list(getattr(series, name)[::step]) for name in NAMES}

    def append(self, sample: ContextSample, least_apart_s: float) -> bool:
        """Add a sample unless the last one is closer than ``least_apart_s``; whether it was added."""
        at_s = sample.wall_ns / _NS
        while self._times and at_s < self._times[-1]:
            self._times.pop()
            for values in self._values.values():
                values.pop()
        if self._times and at_s - self._times[-1] < least_apart_s:
            return False
        self._times.append(at_s)
        for name in NAMES:
            value = getattr(sample, name)
            self._values[name].append(np.nan if value is None else value)
        return True

    def trim(self, start_s: float) -> None:
        """Forget points before ``start_s``, but for one."""
        gone = max(0, int(np.searchsorted(self._times, start_s)) - 1)
        if gone:
            del self._times[:gone]
            for values in self._values.values():
                del values[:gone]

    def points(
        self, name: str, until_s: float = -np.inf, broken_at_s: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Seconds since the Unix epoch, and percent; NaN where samples are missing or at ``broken_at_s``.

        The last value holds until ``until_s``, as the next sample may be a while off.
        """
        times, values = np.array(self._times), np.array(self._values[name])
        if not len(times):
            return times, values
        apart_s = np.diff(times)
        usual_s = float(np.median(apart_s)) if len(apart_s) else _USUAL_S
        if times[-1] < until_s <= times[-1] + _HOLE * max(usual_s, _USUAL_S):
            times, values = np.append(times, until_s), np.append(values, values[-1])
        broken = np.diff(times, prepend=times[0]) > _HOLE * usual_s
        at = np.searchsorted(times, np.empty(0) if broken_at_s is None else broken_at_s)
        broken[at[at < len(times)]] = True
        layout = Layout.of(times, broken, 1, np.zeros(len(times)))
        return layout.x, layout.y(values, values)
