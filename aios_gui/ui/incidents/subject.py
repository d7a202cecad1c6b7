"""What the chart of an incident shows: the quantity that its measure is about, or the nearest to it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Measure
from aios_gui.alerts.words.incidents import short_measure
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.plots.curve import Rows
from aios_gui.ui.plots.quantity import QUANTITIES, Quantity
from aios_gui.ui.plots.series_buffer import BUCKETS, RAW_LIMIT
from aios_gui.ui.plots.value_scale import PercentScale, ValueScale

_BY_KEY = {quantity.key: (place, quantity) for place, quantity in enumerate(QUANTITIES)}
_OF_MEASURE = {
    Measure.LATENESS: "lateness",
    Measure.MISSED: "lateness",
    Measure.DURATION_MEAN: "duration",
    Measure.DURATION_P95: "duration",
    Measure.DURATION_P99: "duration",
    Measure.MEMORY: "memory",
    Measure.SWAP: "memory",
    Measure.DISK_FREE: "memory",
    Measure.DISK_BUSY: "memory",
    Measure.IO_STALLED: "memory",
    Measure.MEMORY_STALLED: "memory",
    Measure.OWN_MEMORY: "memory",
}
_LIMIT_SCALE = {
    Measure.CPU: 1.0,
    Measure.MEMORY: 1.0,
    Measure.SWAP: 1.0,
    Measure.DISK_FREE: 1.0,
    Measure.DISK_BUSY: 1.0,
    Measure.CPU_STALLED: 1.0,
    Measure.IO_STALLED: 1.0,
    Measure.MEMORY_STALLED: 1.0,
    Measure.OWN_CPU: 1.0,
    Measure.LATENESS: 1e6,
    Measure.DURATION_MEAN: 1e6,
    Measure.DURATION_P95: 1e6,
    Measure.DURATION_P99: 1e6,
}
"""By how much the limit is multiplied to stand on the axis; measures that have none stand on no axis."""
_OF_SAMPLES: dict[str, Callable[[ContextSample], float | None]] = {
    Measure.SWAP: lambda sample: sample.swap_percent,
    Measure.DISK_FREE: lambda sample: sample.disk_free_percent,
    Measure.DISK_BUSY: lambda sample: sample.disk_busy_percent,
    Measure.CPU_STALLED: lambda sample: sample.cpu_stalled_percent,
    Measure.IO_STALLED: lambda sample: sample.io_stalled_percent,
    Measure.MEMORY_STALLED: lambda sample: sample.memory_stalled_percent,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A quantity with its place among the columns of the series; ``of_sample`` where context samples have it."""

    measure: str
    place: int
    quantity: Quantity
    limit: float | None
    of_sample: Callable[[ContextSample], float | None] | None

    def title(self) -> str:
        """What is drawn, as ``Lateness around it``; where that is not the measure itself, it says what it is."""
        if self.of_sample is not None:
            return _("{measure} around it").format(measure=short_measure(self.measure))
        return _("{measure} around it").format(measure=_(self.quantity.title))

    def scale(self) -> ValueScale:
        """The value axis: logarithmic for what spans decades."""
        if self.of_sample is not None:
            return PercentScale()
        return (self.quantity.logarithmic or self.quantity.linear)()


def subject_of(incident: Incident) -> Subject:
    """What to draw; the CPU of the machine for a measure that has no column in the record."""
    measure = incident.measure
    place, quantity = _BY_KEY[
        _OF_MEASURE.get(Measure(measure), "cpu") if measure in tuple(Measure) else "cpu"
    ]
    factor = _LIMIT_SCALE.get(Measure(measure)) if measure in tuple(Measure) else None
    limit = None if factor is None else incident.limit * factor
    return Subject(measure, place, quantity, limit, _OF_SAMPLES.get(measure))


def rows_of(at_s: array[float], found: array[float]) -> Rows:
    """A quantity of context samples as rows, at place 0; of very many samples, several make a row."""
    times, values = np.array(at_s, dtype=float), np.array(found, dtype=float)
    together = -(-len(times) // BUCKETS) if len(times) > RAW_LIMIT else 1
    begins = np.arange(0, len(times), together)
    times, lows, highs = (
        times[begins],
        np.minimum.reduceat(values, begins),
        np.maximum.reduceat(values, begins),
    )
    steps = np.diff(times)
    hole_s = 3.5 * float(np.median(steps)) if len(steps) else np.inf
    return Rows(times, (lows,), (highs,), together > 1, hole_s)
