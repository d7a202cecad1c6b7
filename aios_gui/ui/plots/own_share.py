"""This program's own share of CPU and memory, beside that of the whole machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aios_gui.core.record import ContextSample
from aios_gui.core.series import Series

Floats = npt.NDArray[np.float64]
NAMES = ("own_cpu_percent", "own_memory_percent")
_NS = 1_000_000_000


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

    def points(self, name: str) -> tuple[Floats, Floats]:
        """Seconds since the Unix epoch, and percent."""
        return np.array(self._times), np.array(self._values[name])
