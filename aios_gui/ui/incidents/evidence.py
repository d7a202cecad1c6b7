"""What a diagnosis saw, as rows of tables: who did it, what changed most, and what else was seen."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from aios_gui.alerts.model.incident import Culprit, Finding
from aios_gui.alerts.model.rules import Measure
from aios_gui.alerts.words.findings import evidence_name, evidence_of, evidence_value, unread_phrases
from aios_gui.alerts.words.incidents import culprit_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_NAME_LENGTH, _COMMAND_LENGTH = 60, 500
_MOST = 24
_WHOLE_CORE_PERCENT = 100.0
_LATELY = "_10s_"


class By(Enum):
    """What programs are compared by."""

    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"

    def of(self, culprit: Culprit) -> float | None:
        """That figure of one; None where it could not be read."""
        if self is By.MEMORY:
            return culprit.memory_bytes
        return culprit.io_bytes_per_s if self is By.DISK else culprit.cpu_percent


_BY_MEASURE = {
    Measure.MEMORY: By.MEMORY,
    Measure.SWAP: By.MEMORY,
    Measure.OWN_MEMORY: By.MEMORY,
    Measure.DISK_FREE: By.DISK,
    Measure.DISK_BUSY: By.DISK,
    Measure.IO_STALLED: By.DISK,
    Measure.MEMORY_STALLED: By.MEMORY,
}


def compared_by(measure: str) -> By:
    """What programs are compared by where an incident is about ``measure``: CPU where that says nothing."""
    return _BY_MEASURE.get(Measure(measure), By.CPU) if measure in tuple(Measure) else By.CPU


def culprit_columns(culprits: tuple[Culprit, ...], heading: str, grown: bool = False) -> tuple[Column, ...]:
    """The columns; one for the disk only where something is known of it. ``grown``: memory is what came on top."""
    shown = [
        Column(
            heading,
            right=False,
            tip=_("What changed most between a normal moment and the incident.")
            if grown
            else _("The programs that took the most, the worst first; point at one for its command."),
        ),
        Column(_("PID"), tip=_("The number of the process that did most.")),
        Column(_("CPU"), tip=_("Share of one core: two busy cores are 200 %.")),
        Column("", bar=True),
        Column(
            _("Memory grown") if grown else _("Memory"),
            tip=_("What came on top since then.") if grown else _("What it held at that moment."),
        ),
    ]
    if _with_disk(culprits):
        shown.append(Column(_("Disk"), tip=_("What it read and wrote a second.")))
    return tuple(shown)


def culprit_rows(
    culprits: tuple[Culprit, ...], by: By, tone: str, beside: tuple[Culprit, ...] = ()
) -> list[Row]:
    """A row each, the bar by the share of the greatest, also of those ``beside``; of CPU, of a whole core at least."""
    greatest = max((by.of(each) or 0.0 for each in (*culprits, *beside)), default=0.0)
    if by is By.CPU:
        greatest = max(greatest, _WHOLE_CORE_PERCENT)
    disk = _with_disk(culprits)
    alike = {name for name, count in Counter(each.name for each in culprits).items() if count > 1}
    return [_row(each, by, greatest, tone, disk, each.name in alike) for each in culprits]


def _row(culprit: Culprit, by: By, greatest: float, tone: str, disk: bool, alike: bool) -> Row:
    value = by.of(culprit)
    share = value / greatest if value is not None and greatest > 0 else None
    unread = "\n".join(unread_phrases(culprit))
    cells = [
        Fact(_name(culprit, alike), tip=_tip(culprit, unread)),
        Fact(str(culprit.pid or figures.NONE), tone="muted"),
        Fact(figures.percent(culprit.cpu_percent), tip=unread, strong=by is By.CPU),
        Fact(bar=share, tone=tone),
        Fact(figures.size(culprit.memory_bytes), tip=unread, strong=by is By.MEMORY),
    ]
    if disk:
        rate = culprit.io_bytes_per_s
        text = figures.NONE if rate is None else _("{size}/s").format(size=figures.size(rate))
        cells.append(Fact(text, tip=unread, strong=by is By.DISK))
    return tuple(cells)


def _name(culprit: Culprit, alike: bool) -> str:
    """Its name; where others have the same one, its command, which tells them apart."""
    command = plain(culprit.command, _COMMAND_LENGTH)
    name = command if alike and command and not culprit.gone else culprit_name(culprit)
    return f"{name} ×{culprit.processes}" if culprit.processes > 1 else name


def _with_disk(culprits: tuple[Culprit, ...]) -> bool:
    return any(each.io_bytes_per_s is not None for each in culprits)


def _tip(culprit: Culprit, unread: str) -> str:
    """The command that it was started with, by whom, how many there were, and what could not be read."""
    lines = [plain(culprit.command, _COMMAND_LENGTH) or plain(culprit.name, _NAME_LENGTH)]
    if culprit.parent:
        lines.append(_("started by {name}").format(name=plain(culprit.parent, _NAME_LENGTH)))
    if culprit.processes > 1:
        count = ngettext(
            "{count} process; the PID is its own",
            "{count} processes added up; the PID is that of the busiest",
            culprit.processes,
        )
        lines.append(count.format(count=figures.count(culprit.processes)))
    if culprit.ended_children:
        lines.append(_("by processes that it had started, and that have ended"))
    if culprit.is_new:
        lines.append(_("it was not there while all was calm"))
    if unread:
        lines += [_("could not be read:"), unread]
    return "\n".join(lines)


def unread_sentence(culprits: tuple[Culprit, ...]) -> str:
    """Whose figures are not all there, and which; "" where all are."""
    found = {each.name: each for each in culprits if each.unread}
    if not found:
        return ""
    listed = _("; ").join(
        f"{plain(name, _NAME_LENGTH)} – {', '.join(unread_phrases(each))}" for name, each in found.items()
    )
    return _("Could not be read: {list}").format(list=listed)


def evidence_columns() -> tuple[Column, ...]:
    """What was seen, and the figure."""
    tip = _("What was measured when the incident was looked into.")
    return Column(_("Evidence"), right=False, tip=tip), Column("")


def evidence_rows(finding: Finding) -> list[Row]:
    """A row for each piece of evidence that there was anything of."""
    seen = [pair for pair in evidence_of(finding).items() if pair[1] != 0]
    ordered = sorted(seen, key=lambda pair: _place(pair[0]))
    return [
        (Fact(evidence_name(name), tone="muted"), Fact(evidence_value(name, value)))
        for name, value in ordered[:_MOST]
    ]


def _place(name: str) -> tuple[str, bool]:
    """Figures of the last seconds come after the ones that they are named by."""
    return name.replace(_LATELY, "_"), _LATELY in name
