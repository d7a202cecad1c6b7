"""A span as metrics in text for Prometheus and its kin (OpenMetrics), which is also right as a `.prom` file.

Without ``every_ns`` it is one value for the whole span, without a time. With it, counters and histograms grow from
stretch to stretch, with the time at which each ends, as `promtool tsdb create-blocks-from openmetrics` takes them.

Counters have help but no type: OpenMetrics names the type of `x_total` for `x`, the text form of Prometheus for
`x_total`, and each takes the other's for a fault. Without one it is right in both.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import accumulate
from tempfile import TemporaryFile
from typing import BinaryIO

from aios_gui import __version__
from aios_gui.history.stretches import stretches
from aios_gui.record.model.histogram import Histogram, highest_of
from aios_gui.reports.formats.raw_data import RawData

_NS = 1_000_000_000
_BOUNDS_NS = tuple(
    digit * 10**power for power in range(3, 11) for digit in (1, 2, 5) if 5_000 <= digit * 10**power <= 10**10
)
_BOUNDS = (*(repr(bound / _NS) for bound in _BOUNDS_NS), "+Inf")
_PREFIX = "aios_heartbeat_"
_HISTOGRAMS = {
    "duration": "What beats took.",
    "lateness": "How late the machine woke the beats.",
}


def write(data: RawData, out: BinaryIO) -> int:
    """Write the metrics; returns how many beats are in them."""
    count = _write_stretches(data, out) if data.every_ns else _write_span(data, out)
    out.write(b"# EOF\n")
    return count


def _write_span(data: RawData, out: BinaryIO) -> int:
    history, span = data.history, data.covered
    coverage = history.coverage(span)
    hiccups = history.reader.hiccup_lengths(span.start_ns, span.end_ns)
    gaps_s = {str(kind): gap.length_ns / _NS for kind, gap in coverage.gaps.items()}

    def family(name: str, kind: str, words: str, samples: Iterable[tuple[str, object]]) -> None:
        out.write(_head(name, kind, words))
        out.writelines(_sample(data.machine, name, labels, value) for labels, value in samples)

    family("build_info", "gauge", "The program that wrote this.", [(f'version="{__version__}"', 1)])
    family("range_start_timestamp_seconds", "gauge", "From when on.", [("", span.start_ns / _NS)])
    family("range_end_timestamp_seconds", "gauge", "Until when.", [("", span.end_ns / _NS)])
    family("beats_total", "", "Beats made.", [("", coverage.made)])
    family("missed_beats_total", "", "Beats that were due and not made.", [("", coverage.missed)])
    family("hiccups_total", "", "Stalls over the hiccup threshold.", [("", len(hiccups))])
    family(
        "hiccup_seconds_total",
        "",
        "How long these were together.",
        [("", sum(length_ns for _at_us, length_ns in hiccups) / _NS)],
    )
    family(
        "gap_seconds_total",
        "",
        "Time without beats that no one is to blame for.",
        [(f'kind="{kind}"', length_s) for kind, length_s in sorted(gaps_s.items())],
    )
    family("coverage_ratio", "gauge", "The share of the time that is recorded.", [("", coverage.share or 0)])
    distributions = history.distribution(span)
    for measure, words in _HISTOGRAMS.items():
        found = getattr(distributions, measure).raw
        out.write(_head(f"{measure}_seconds", "histogram", words))
        buckets = _Buckets(data.machine, measure)
        buckets.add(found.histogram, found.total_ns)
        out.write(buckets.lines())
    return coverage.made


def _write_stretches(data: RawData, out: BinaryIO) -> int:
    """Family by family, as the form wants it: each is put aside until all stretches were read."""
    with ExitStack() as stack:

        def family(name: str, kind: str, words: str) -> Callable[[bytes], object]:
            file = stack.enter_context(TemporaryFile())
            files.append(file)
            file.write(_head(name, kind, words))
            return file.write

        files: list[BinaryIO] = []
        beats = family("beats_total", "", "Beats made.")
        missed = family("missed_beats_total", "", "Beats that were due and not made.")
        timings = {
            name: (family(f"{name}_seconds", "histogram", words), _Buckets(data.machine, name))
            for name, words in _HISTOGRAMS.items()
        }
        made = lost = 0
        for each in stretches(data.history.reader, data.covered, data.every_ns):
            data.on_beats(made)
            at = f" {-(-each.end_ns // _NS)}"
            made, lost = made + each.beats, lost + each.missed
            beats(_sample(data.machine, "beats_total", "", made, at))
            missed(_sample(data.machine, "missed_beats_total", "", lost, at))
            for name, added, added_ns in (
                ("duration", each.duration, each.duration_total_ns),
                ("lateness", each.lateness, each.lateness_total_ns),
            ):
                put, buckets = timings[name]
                buckets.add(added, added_ns)
                put(buckets.lines(at))
        for file in files:
            file.seek(0)
            shutil.copyfileobj(file, out)
    return made


def _head(name: str, kind: str, words: str) -> bytes:
    lines = [f"# HELP {_PREFIX}{name} {words}"]
    if kind:
        lines.insert(0, f"# TYPE {_PREFIX}{name} {kind}")
    return "".join(f"{line}\n" for line in lines).encode()


def _sample(machine: str, name: str, labels: str, value: object, at: str = "") -> bytes:
    return f"{_PREFIX}{name}{{{_labels(machine, labels)}}} {value}{at}\n".encode()


class _Buckets:
    """How many times are no longer than each bound; a time counts as the longest of its count in the histogram."""

    def __init__(self, machine: str, measure: str) -> None:
        self._machine, self._name = machine, f"{measure}_seconds"
        self._counts = [0] * (len(_BOUNDS_NS) + 1)
        self._total_ns = 0

    def add(self, histogram: Histogram, total_ns: int) -> None:
        """Take in times, and their sum."""
        for index, count in histogram.counts.items():
            self._counts[bisect_left(_BOUNDS_NS, highest_of(index))] += count
        self._total_ns += total_ns

    def lines(self, at: str = "") -> bytes:
        """Buckets, count and sum."""
        counts = list(accumulate(self._counts))
        lines = [
            _sample(self._machine, f"{self._name}_bucket", f'le="{bound}"', count, at)
            for bound, count in zip(_BOUNDS, counts, strict=True)
        ]
        lines.append(_sample(self._machine, f"{self._name}_count", "", counts[-1], at))
        lines.append(_sample(self._machine, f"{self._name}_sum", "", self._total_ns / _NS, at))
        return b"".join(lines)


def _labels(machine: str, labels: str) -> str:
    name = machine.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'host="{name}"' + (f",{labels}" if labels else "")
