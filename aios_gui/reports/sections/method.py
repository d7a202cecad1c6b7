"""Sections on how the figures come about: the machine, and the method with its accounting."""

from __future__ import annotations

import time
from collections.abc import Iterator

from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Fact, Facts, Items, Section
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext


def machine(material: Material) -> Section:
    """What was measured on, and by what."""
    found = material.machine
    facts = (
        Fact(_("processor"), found.processor or figures.NONE),
        Fact(_("cores"), figures.count(found.cores)),
        Fact(_("system"), found.system or figures.NONE),
        Fact(_("program"), f"AIOS Heartbeat {found.version}".rstrip()),
        Fact("Python", found.python or figures.NONE),
    )
    return Section("machine", _("Machine"), (Facts(facts),))


def method(material: Material) -> Section:
    """How the figures come about, and what the heartbeat did while the report was made."""
    return Section("method", _("Method"), (Items(tuple(_method_sentences(material))),))


def _method_sentences(material: Material) -> Iterator[str]:
    from aios_gui.history.model.distribution import LARGEST_ERROR

    interval_ns = material.analysis.interval_ns
    if interval_ns:
        yield _("A beat is due every {interval}, on a grid that nothing moves.").format(
            interval=figures.interval(interval_ns)
        )
    yield _(
        "Down is a point of the grid that passed while a beat was late. It is counted as missed and never made up "
        "for. Availability is beats made over beats due."
    )
    yield _(
        "Gaps are spans in which the program did not run, the machine slept, a person had paused it, or the clock was "
        "changed. They count neither as up nor as down; recorded is the share of the span without them."
    )
    yield _(
        "Duration is from a beat’s start to its end; lateness is how much later than it asked the machine woke it. A "
        "hiccup is a stall over the threshold, seen by a beat or between two beats."
    )
    yield _(
        "Percentiles are by nearest rank, out of every beat, at most {error} too long and never too short. Mean, "
        "fastest and slowest are exact."
    ).format(error=figures.percent(LARGEST_ERROR * 100))
    yield _(
        "Corrected is for coordinated omission: the beats that a long one kept from being made count with the time "
        "that they would have waited."
    )
    yield _("Days and hours are those of the local clock, also where it was moved.")
    yield _(
        "The P99 band of a day is what at most one beat in a hundred is worse than, by duration or lateness. A few "
        "long hiccups do not change it: they are counted beside it."
    )
    if material.is_slice:
        return
    durations, latenesses = material.beside()
    took = figures.span(time.time_ns() - material.began_ns)
    if durations:
        beats = ngettext("{count} beat", "{count} beats", len(durations)).format(
            count=figures.count(len(durations))
        )
        yield _(
            "While this report was made, which took {span}, the heartbeat went on: {beats}, the longest {duration}, "
            "woken at most {lateness} late."
        ).format(
            span=took,
            beats=beats,
            duration=figures.spoken_duration(max(durations)),
            lateness=figures.spoken_duration(max(latenesses)),
        )
    else:
        yield _("While this report was made, which took {span}, no heartbeat was recorded.").format(span=took)
