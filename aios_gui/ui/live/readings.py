"""The lines below the current values: what they are measured against."""

from __future__ import annotations

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.figures import duration, percent, size, size_parts
from aios_gui.ui.plots.quantity import DURATION_TARGET_NS

_SEPARATOR = " · "


def duration_foot(snapshot: Snapshot, largest_ns: float) -> str:
    """The largest in view, and whether the last hour's P99 is within the target."""
    parts = []
    if largest_ns > 0:
        parts.append(_("max {figure}").format(figure=duration(largest_ns)))
    if snapshot.duration.count:
        met = snapshot.duration.p99 <= DURATION_TARGET_NS
        parts.append(_("target ✓") if met else _("P99 over target"))
    return _SEPARATOR.join(parts)


def lateness_foot(hiccups: int) -> str:
    """How many hiccups are in view."""
    if not hiccups:
        return _("no hiccup in view")
    return ngettext("{count} hiccup in view", "{count} hiccups in view", hiccups).format(count=hiccups)


def cpu_foot(snapshot: Snapshot) -> str:
    """This program's share, of one core."""
    if snapshot.context is None or snapshot.context.own_cpu_percent is None:
        return ""
    return _("this program {share} of a core").format(share=percent(snapshot.context.own_cpu_percent))


def memory_foot(snapshot: Snapshot) -> str:
    """Used of all, and this program's own."""
    context, beat = snapshot.context, snapshot.beat
    if context is None:
        return ""
    parts = []
    if context.memory_total_bytes and beat is not None and beat.memory_percent is not None:
        used = size_parts(context.memory_total_bytes * beat.memory_percent / 100)
        total = size_parts(context.memory_total_bytes)
        first = used[0] if used[1] == total[1] else " ".join(used)
        parts.append(f"{first} / {' '.join(total)}")
    if context.own_memory_bytes is not None:
        parts.append(_("this program {size}").format(size=size(context.own_memory_bytes)))
    return _SEPARATOR.join(parts)
