"""What a diagnosis concluded, as a sentence; its evidence and what could not be read, in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_NAME, _FUNCTION, _TEXT = 60, 80, 200
_STOLEN_PERCENT = 10.0


def finding_sentence(finding: Finding) -> str:
    """The conclusion, as ``cargo (4 processes) kept 1.9 cores busy for 40 s``."""
    sentence = {
        FindingKind.ONE_PROCESS: _one_process,
        FindingKind.SEVERAL_PROCESSES: _several,
        FindingKind.MANY_SMALL: _many_small,
        FindingKind.THIS_PROGRAM: _this_program,
        FindingKind.NO_FREE_CORE: _no_free_core,
        FindingKind.FROZEN: _frozen,
        FindingKind.STOLEN: _stolen,
        FindingKind.MEMORY_GROWN: _memory_grown,
        FindingKind.DISK_BUSY: _disk_busy,
        FindingKind.DISK_FULL: _disk_full,
        FindingKind.MEMORY_SHORT: _memory_short,
        FindingKind.OVER_ALREADY: _over_already,
        FindingKind.MADE_UP: _made_up,
        FindingKind.UNKNOWN: _unknown,
    }[finding.kind](finding)
    ended = _ended(finding)
    if ended:
        sentence = _joined(sentence, ended)
    stolen = _number(finding.evidence.get("steal_percent"))
    if stolen is not None and stolen >= _STOLEN_PERCENT:
        detail = _("{share} of the CPU time went to others on the host of this virtual machine")
        return _joined(sentence, detail.format(share=figures.percent(stolen)))
    return sentence


def _ended(finding: Finding) -> str:
    """That who is named has ended, or had it done by others that have; "" where neither is so."""
    if _fact(finding, "gone"):
        return _("it has ended since")
    if _fact(finding, "ended_children"):
        return _("by processes that it had started, and that have ended")
    return ""


def _not_named(finding: Finding, sentence: str) -> str:
    """``sentence`` on a stall of which no program is known that made it."""
    if finding.partial:
        return _joined(sentence, _("the system did not tell in time which processes ran"))
    together = _fact(finding, "together_percent")
    if together is not None:
        detail = _("many programs together kept {cores} busy, none of them enough to cause it alone")
        return _joined(sentence, detail.format(cores=cores(together)))
    return _joined(sentence, _("no program used more of it than it usually does"))


def _joined(sentence: str, detail: str) -> str:
    return _("{sentence}; {detail}").format(sentence=sentence, detail=detail)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _fact(finding: Finding, name: str) -> float | None:
    return _number(finding.facts.get(name))


def _name(finding: Finding) -> str:
    first = finding.culprits[0].name if finding.culprits else ""
    return plain(finding.facts.get("name", first), _NAME) or "?"


def _processes(finding: Finding) -> int:
    return int(_fact(finding, "processes") or 1)


def cores(percent: float | None) -> str:
    """CPU time in percent of one core as ``1.9 cores``, or as ``22 % of a core`` below one."""
    if percent is None or percent < 100:
        return _("{share} of a core").format(share=figures.percent(percent))
    count = f"{percent / 100:.1f}".removesuffix(".0")
    return ngettext("{count} core", "{count} cores", 1 if count == "1" else 2).format(count=count)


def _used(finding: Finding) -> str:
    """Who used how much CPU."""
    count = _processes(finding)
    # No plural: Chinese has none, and would leave out the count or tell of one process.
    way = _("{name} kept {cores} busy") if count == 1 else _("{name} ({count} processes) kept {cores} busy")
    cpu = _fact(finding, "cpu_percent")
    if cpu is None and finding.culprits:
        cpu = finding.culprits[0].cpu_percent
    return way.format(name=_name(finding), cores=cores(cpu), count=figures.count(count))


def _held(finding: Finding) -> str:
    count = _processes(finding)
    way = _("{name} holds {memory}") if count == 1 else _("{name} holds {memory} in {count} processes")
    memory = figures.size(_fact(finding, "memory_bytes"))
    return way.format(name=_name(finding), memory=memory, count=figures.count(count))


def _of_disk(finding: Finding) -> str:
    way = _("{name} read and wrote {size} a second")
    return way.format(name=_name(finding), size=figures.size(_fact(finding, "io_bytes_per_s")))


def _one_process(finding: Finding) -> str:
    if "memory_bytes" in finding.facts:
        return _held(finding)
    span_s = _fact(finding, "for_s")
    if span_s is None:
        return _used(finding)
    return _("{sentence} for {span}").format(sentence=_used(finding), span=figures.span(span_s * 1e9))


def _several(finding: Finding) -> str:
    count = int(_fact(finding, "programs") or 2)
    programs = Counter(plain(each.name, _NAME) for each in finding.culprits[:count])
    names = _listed([_counted(*each) for each in programs.items()])
    if "cpu_percent" in finding.facts:
        busy = cores(_fact(finding, "cpu_percent"))
        return _("{names} together kept {cores} busy").format(names=names, cores=busy)
    memory = figures.size(_fact(finding, "memory_bytes"))
    return _("{names} hold {memory} together").format(names=names, memory=memory)


def _counted(name: str, programs: int) -> str:
    if programs == 1:
        return name
    return _("{name} ({count} programs)").format(name=name, count=figures.count(programs))


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=_(", ").join(names[:-1]), last=names[-1])


def _many_small(finding: Finding) -> str:
    if "cpu_percent" not in finding.facts:
        memory = figures.size(_fact(finding, "memory_bytes"))
        return _("Many processes hold {memory} together, none of them much").format(memory=memory)
    busy = cores(_fact(finding, "cpu_percent"))
    sentence = _("Many processes together kept {cores} busy, none of them much").format(cores=busy)
    unseen = _fact(finding, "unseen_percent")
    if unseen is None:
        return sentence
    detail = _("{cores} went to processes that ended before they could be seen")
    return _joined(sentence, detail.format(cores=cores(unseen)))


def _this_program(finding: Finding) -> str:
    share = _fact(finding, "share_percent")
    if share is None:
        cpu = _fact(finding, "cpu_percent")
        if cpu is None:
            return _("It was this program itself")
        return _("This program itself kept {cores} busy").format(cores=cores(cpu))
    return _("{share} of the delay was this program's own doing").format(share=figures.percent(share))


def _no_free_core(finding: Finding) -> str:
    share = _fact(finding, "share_percent")
    sentence = _("No core was free")
    if share is not None:
        way = _("{share} of the delay was waiting for a free core")
        sentence = way.format(share=figures.percent(share))
    if "name" in finding.facts:
        return _joined(sentence, _used(finding))
    return _not_named(finding, sentence) if "resource" in finding.facts else sentence


def _frozen(finding: Finding) -> str:
    way = _(
        "For {share} of the delay AIOS Heartbeat itself was suspended, as by a signal, a debugger or a paused "
        "virtual machine; the machine may have been fine"
    )
    return way.format(share=figures.percent(_fact(finding, "share_percent")))


def _stolen(finding: Finding) -> str:
    way = _("For {share} of the delay the host of this virtual machine gave it no processor")
    return way.format(share=figures.percent(_fact(finding, "share_percent")))


def _memory_grown(finding: Finding) -> str:
    count = _processes(finding)
    if count == 1:
        way = _("{name} grew by {grown} within {span}, to {memory}")
    else:
        way = _("{name} grew by {grown} within {span}, to {memory} in {count} processes")
    return way.format(
        name=_name(finding),
        grown=figures.size(_fact(finding, "grown_bytes")),
        span=figures.span((_fact(finding, "span_s") or 0) * 1e9),
        memory=figures.size(_fact(finding, "memory_bytes")),
        count=figures.count(count),
    )


def _disk_busy(finding: Finding) -> str:
    waited, busy = _fact(finding, "io_pressure_percent"), _fact(finding, "busy_percent")
    stalled_ns = _fact(finding, "stalled_ns")
    if stalled_ns is not None:
        way = _("Programs waited for the disk for {span}")
        sentence = way.format(span=figures.span(stalled_ns))
        return (
            _joined(sentence, _of_disk(finding)) if "name" in finding.facts else _not_named(finding, sentence)
        )
    if busy is not None:
        sentence = _("The busiest disk was active {share} of the time").format(share=figures.percent(busy))
    else:
        sentence = _("Something waited for the disk {share} of the time").format(
            share=figures.percent(waited)
        )
    return _joined(sentence, _of_disk(finding)) if "name" in finding.facts else sentence


def _disk_full(finding: Finding) -> str:
    free = _fact(finding, "free_percent")
    sentence = _("The disk is almost full")
    if free is not None:
        sentence = _("{share} of the disk is free").format(share=figures.percent(free))
    return _joined(sentence, _of_disk(finding)) if "name" in finding.facts else sentence


def _memory_short(finding: Finding) -> str:
    way = _("Programs waited for memory for {span}")
    sentence = way.format(span=figures.span(_fact(finding, "stalled_ns") or 0))
    if "name" not in finding.facts:
        return _not_named(finding, sentence)
    detail = _("{name} grew by {grown}, to {memory}").format(
        name=_name(finding),
        grown=figures.size(_fact(finding, "grown_bytes")),
        memory=figures.size(_fact(finding, "memory_bytes")),
    )
    return _joined(sentence, detail)


def _over_already(finding: Finding) -> str:
    busy = figures.percent(_fact(finding, "busy_percent"))
    sentence = _("It was over before it could be looked into: CPU was back at {cpu}").format(cpu=busy)
    if not finding.culprits:
        return sentence
    detail = _("since it was calm, {name} has used most").format(name=plain(finding.culprits[0].name, _NAME))
    return _joined(sentence, detail)


def _unknown(finding: Finding) -> str:
    if finding.partial and not finding.culprits:
        return _("The system did not tell in time which processes ran")
    return _("No process stood out")


def _made_up(_finding: Finding) -> str:
    return _("An example, made up: nothing stalled. Of a real hiccup it says here who kept the cores busy")


def evidence_of(finding: Finding) -> Mapping[str, float | str]:
    """All that a finding rests on, by the names that ``evidence_name`` knows."""
    function = finding.facts.get("function")
    return {"function": str(function), **finding.evidence} if function else finding.evidence


def evidence_name(name: str) -> str:
    """What a piece of evidence is, without its unit; one that a newer program wrote by its own name."""
    names = {
        "busy_percent": _("CPU of the machine"),
        "steal_percent": _("Steal (CPU taken by the host)"),
        "iowait_percent": _("I/O wait"),
        "interrupts_percent": _("Interrupts (with DPCs, or soft ones)"),
        "disk_queue": _("Disk queue length"),
        "cpu_pressure_percent": _("CPU pressure"),
        "cpu_pressure_10s_percent": _("CPU pressure (10 s avg)"),
        "io_pressure_percent": _("I/O pressure"),
        "io_pressure_10s_percent": _("I/O pressure (10 s avg)"),
        "memory_pressure_percent": _("Memory pressure"),
        "memory_pressure_10s_percent": _("Memory pressure (10 s avg)"),
        "cpu_stalled_ns": _("Something waited for a core"),
        "io_stalled_ns": _("Something waited for the disk"),
        "io_full_stalled_ns": _("Everything waited for the disk"),
        "memory_stalled_ns": _("Something waited for memory"),
        "memory_full_stalled_ns": _("Everything waited for memory"),
        "switches_per_s": _("Context switches per second"),
        "major_faults_per_s": _("Pages read back from disk per second"),
        "swapped_in_per_s": _("Pages swapped in per second"),
        "swapped_out_per_s": _("Pages swapped out per second"),
        "oom_kills": _("Processes killed for lack of memory"),
        "processes": _("Processes"),
        "unread_processes": _("Processes that could not be read"),
        "since_calm_s": _("Baseline age"),
        "refused": _("Process table not read"),
        "function": _("Function that was running"),
    }
    return names.get(name) or plain(name.replace("_", " "), _NAME)


def evidence_value(name: str, value: float | str) -> str:
    """The figure of a piece of evidence, with its unit, which its name ends with."""
    if isinstance(value, str):
        return plain(value, _TEXT)
    if name.endswith("_percent"):
        return figures.percent(value)
    if name.endswith("_ns"):
        return figures.spoken_duration(round(value))
    if name.endswith("_s") and not name.endswith("_per_s"):
        return figures.span(value * 1e9)
    return f"{value:.1f}" if name == "disk_queue" else figures.count(round(value))


def unread_phrases(culprit: Culprit) -> list[str]:
    """What could not be read of a culprit, and why, each in a few words."""
    return [_unread(word) for word in culprit.unread]


def _unread(word: str) -> str:
    what, _colon, why = word.partition(":")
    whats = {
        "name": _("name"),
        "started": _("start"),
        "parent": _("parent"),
        "cpu": _("CPU"),
        "memory": _("memory"),
        "io": _("disk"),
        "command": _("command"),
    }
    whys = {
        "denied": _("not allowed"),
        "gone": _("it has ended"),
        "zombie": _("it has ended, and its parent has not noticed"),
        "no_time": _("no time was left"),
        "error": _("the system failed"),
    }
    named = whats.get(what) or plain(what, _NAME)
    return _("{what}: {why}").format(what=named, why=whys[why]) if why in whys else named
