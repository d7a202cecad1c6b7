"""The facts of the heartbeat as sentences in the language of the user."""

from __future__ import annotations

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import BrokenPart
from aios_gui.record.model.health import StoreHealth
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain


def state_phrase(state: EngineState) -> str:
    """Where the engine stands, in a word or two."""
    return {
        EngineState.STARTING: _("Starting"),
        EngineState.WARMING: _("Warming up"),
        EngineState.RUNNING: _("Beating"),
        EngineState.PAUSED: _("Paused"),
        EngineState.STOPPED: _("Stopped"),
        EngineState.LOST: _("No contact with the recorder"),
    }[state]


def cause_phrase(cause: Cause) -> str:
    """Whose fault a late wake-up was; empty for an ordinary one."""
    return {
        Cause.NONE: "",
        Cause.RUN_QUEUE: _("no free core"),
        Cause.SELF_INFLICTED: _("this program itself"),
        Cause.FROZEN: _("frozen from outside"),
        Cause.UNKNOWN: _("cause unknown"),
        Cause.STOLEN: _("taken by the host"),
    }[cause]


def gap_sentence(gap: Gap, now_ns: int | None = None) -> str:
    """What a gap is, from when to when."""
    length_ns = gap.end_ns - gap.start_ns
    if gap.kind is GapKind.CLOCK_JUMP:
        start = figures.clock_time(gap.start_ns, now_ns)
        way = _("The clock was set back by {span} at {time}")
        if length_ns > 0:
            way = _("The clock was set forward by {span} at {time}")
        return way.format(span=figures.span(abs(length_ns)), time=start)
    way = {
        GapKind.SUSPENDED: _("The machine slept from {start} to {end} ({span})"),
        GapKind.PAUSED: _("Paused from {start} to {end} ({span})"),
    }.get(gap.kind, _("Not recorded from {start} to {end} ({span})"))
    is_short = length_ns < figures.SHORT_SPAN_NS
    start, end = figures.clock_times(gap.start_ns, gap.end_ns, now_ns, seconds=is_short)
    sentence = way.format(start=start, end=end, span=figures.span(length_ns))
    if not gap.unrecorded_beats:
        return sentence
    lost = gap.unrecorded_beats
    unwritten = ngettext("{count} beat could not be written", "{count} beats could not be written", lost)
    return _("{sentence}; {detail}").format(
        sentence=sentence, detail=unwritten.format(count=figures.count(lost))
    )


def store_sentence(store: StoreHealth) -> str:
    """Whether beats are being written and, if not, why and how many are lost."""
    if store.recording and not store.unrecorded_beats:
        return _("Every beat is recorded")
    if store.silent_since_ns:
        return _("Not recording since {time}: the recorder does not answer").format(
            time=figures.clock_time(store.silent_since_ns, seconds=True)
        )
    count = figures.count(store.unrecorded_beats)
    lost = ngettext("{count} beat not recorded", "{count} beats not recorded", store.unrecorded_beats)
    if store.recording:
        return _("Recording again; {lost}").format(lost=lost.format(count=count))
    error = plain(store.error) or _("the record cannot be written")
    if not store.unrecorded_beats:
        return _("Not recording: {error}").format(error=error)
    return _("Not recording: {error}; {lost}").format(error=error, lost=lost.format(count=count))


def parts_sentence(parts: tuple[BrokenPart, ...]) -> str:
    """Which parts of the program do not work, and why; "" where all do."""
    way = _("The part “{part}” of the program does not work: {error}")
    return "; ".join(way.format(part=plain(each.part, 40), error=plain(each.error)) for each in parts)


def yielded_sentence(pid: int) -> str:
    """Why an instance ends by itself: its folder was removed or replaced, and another begins to record there."""
    return _(
        "the folder of this heartbeat was removed or replaced, and another instance (process {pid}) now records "
        "there; this one has ended"
    ).format(pid=pid or "?")


def not_closed_sentence() -> str:
    """What is said where the program leaves without having closed everything."""
    return _(
        "A part of the program did not end in time, so not all of it was closed. The last beats may be lost."
    )


def event_sentence(event: Event) -> str:
    """What happened, with its figures."""
    match event.kind:
        case EventKind.HICCUP:
            return _hiccup(event)
        case EventKind.RESOURCE_STALL:
            return _resource_stall(event)
        case EventKind.STUCK:
            return _stuck(event)
        case EventKind.INTERVAL_CHANGED:
            return _interval_changed(event)
        case EventKind.STORE_RECOVERED:
            return _recovered(event)
        case EventKind.STORE_CARRIED_OVER:
            return _carried_over(event)
        case EventKind.WARMED_UP:
            return _warmed_up(event)
        case EventKind.REHEARSAL_CHANGED:
            return _rehearsal_changed(event)
        case EventKind.MEASURE_OFF:
            return _measure_off(event)
        case EventKind.RULE_FIRED:
            return _rule_fired(event)
        case EventKind.PART_FAILED:
            return _part_failed(event)
    sentence = {
        EventKind.STORE_SET_ASIDE: _(
            "The record held what this program did not put there; it was set aside and a new one begun"
        )
        if event.facts.get("foreign")
        else _("The record was damaged; it was set aside and a new one begun"),
        EventKind.HOUR_DAMAGED: _hour_damaged(event),
        EventKind.STORE_UNAVAILABLE: _("The record cannot be written"),
        EventKind.SAMPLER_FALLBACK: _("Reading CPU and memory the slower way, because the quick one failed"),
        EventKind.COOLED_DOWN: _("Cooled down on request: the next beats are cold and not rehearsed"),
        EventKind.SETTINGS_SET_ASIDE: _(
            "The settings were damaged; they were set aside and the defaults are used"
        ),
    }[event.kind]
    facts = [plain(event.facts[name]) for name in ("path", "error", "reason") if event.facts.get(name)]
    return _("{sentence}: {detail}").format(sentence=sentence, detail=facts[0]) if facts else sentence


def _hour_damaged(event: Event) -> str:
    begin_ns = (_number(event, "hour") or 0) * 3600 * 1_000_000_000
    return _("The beats of the hour from {start} are damaged in the record, and lost").format(
        start=figures.moment(begin_ns)
    )


def _resource_stall(event: Event) -> str:
    return _("Stall of {duration}: {cause}").format(
        duration=figures.spoken_duration(_number(event, "lateness_ns")), cause=blame_phrase(event)
    )


def _number(event: Event, name: str) -> int | None:
    value = event.facts.get(name)
    return int(value) if isinstance(value, int | float) else None


def blame_phrase(event: Event) -> str:
    """Whose fault the stall of a hiccup's event was, or what all waited for."""
    if event.kind is EventKind.RESOURCE_STALL:
        waits = {
            "cpu": _("programs waited for a core"),
            "io": _("programs waited for the disk"),
            "memory": _("programs waited for memory"),
        }
        return waits.get(str(event.facts.get("resource"))) or cause_phrase(Cause.UNKNOWN)
    try:
        cause = Cause(_number(event, "cause") or 0)
    except ValueError:  # written by a newer version that knows more causes
        cause = Cause.UNKNOWN
    return cause_phrase(cause) or cause_phrase(Cause.UNKNOWN)


def _hiccup(event: Event) -> str:
    missed = _number(event, "missed") or 0
    sentence = _("Hiccup of {duration}: {cause}").format(
        duration=figures.spoken_duration(_number(event, "lateness_ns")), cause=blame_phrase(event)
    )
    if not missed:
        return sentence
    detail = ngettext("{count} beat missed", "{count} beats missed", missed).format(
        count=figures.count(missed)
    )
    return _("{sentence}; {detail}").format(sentence=sentence, detail=detail)


def _stuck(event: Event) -> str:
    length_ns = _number(event, "stuck_ns")
    # The last line of the stack is where it stands: "function (file:line)".
    stack = str(event.facts.get("stack", "")).splitlines()
    where = plain(stack[-1].partition(" (")[0], 80) if stack else ""
    if length_ns is None:
        sentence = _("A beat is stuck")
    else:
        sentence = _("A beat has been stuck for {span}").format(span=figures.span(length_ns))
    return _("{sentence}, in {function}").format(sentence=sentence, function=where) if where else sentence


def _interval_changed(event: Event) -> str:
    after_ns = _number(event, "interval_ns")
    if after_ns is None:
        return _("The interval was changed")
    return _("Now beating every {span}").format(span=figures.interval(after_ns))


def _recovered(event: Event) -> str:
    lost = _number(event, "unrecorded_beats") or 0
    if not lost:
        return _("Beats are being recorded again")
    sentence = ngettext(
        "Beats are being recorded again; {count} was lost",
        "Beats are being recorded again; {count} were lost",
        lost,
    )
    return sentence.format(count=figures.count(lost))


def _carried_over(event: Event) -> str:
    saved = {name: _number(event, f"{name}_rows") or 0 for name in ("beat", "incident", "event")}
    if not any(saved.values()):
        return _("Nothing could be read of the record that was set aside")
    parts = (
        ngettext("{count} beat", "{count} beats", saved["beat"]),
        ngettext("{count} incident", "{count} incidents", saved["incident"]),
        ngettext("{count} event", "{count} events", saved["event"]),
    )
    found = [part.format(count=figures.count(saved[name])) for part, name in zip(parts, saved, strict=True)]
    return _("What could be read of the record that was set aside is in the new one: {found}").format(
        found=_(", ").join(found)
    )


def _measure_off(event: Event) -> str:
    sentence = {
        "not_offered": _("No plug-in offers the measure “{measure}”"),
        "no_answer": _("The measure “{measure}” of a plug-in is switched off: it does not answer"),
        "no_number": _("The measure “{measure}” of a plug-in is switched off: it gives no number ({error})"),
    }.get(
        str(event.facts.get("reason")),
        _("The measure “{measure}” of a plug-in is switched off: it failed ({error})"),
    )
    facts = event.facts
    return sentence.format(measure=plain(facts.get("measure", ""), 60), error=plain(facts.get("error", "")))


def _rule_fired(event: Event) -> str:
    sentence = _("The rule “{rule}” fired").format(rule=plain(event.facts.get("rule", ""), 60))
    culprit = plain(event.facts.get("culprit", ""), 60)
    return _("{sentence}: {detail}").format(sentence=sentence, detail=culprit) if culprit else sentence


def _part_failed(event: Event) -> str:
    part, error = plain(event.facts.get("part", ""), 40), plain(event.facts.get("error", ""))
    if event.facts.get("broken"):
        return parts_sentence((BrokenPart(part, error),))
    return _("The part “{part}” of the program failed and is tried again: {error}").format(
        part=part, error=error
    )


def _warmed_up(event: Event) -> str:
    beats = _number(event, "beats") or 0
    sentence = ngettext("Warmed up with {count} beat", "Warmed up with {count} beats", beats)
    sentence = sentence.format(count=figures.count(beats))
    cold_ns, warm_ns = _number(event, "cold_ns"), _number(event, "after_ns")
    if not cold_ns or not warm_ns:
        return sentence
    detail = _("the first took {cold}, the last ones {warm}")
    detail = detail.format(cold=figures.duration(cold_ns), warm=figures.duration(warm_ns))
    return _("{sentence}; {detail}").format(sentence=sentence, detail=detail)


def _rehearsal_changed(event: Event) -> str:
    return {
        "on": _("Every beat is rehearsed from now on"),
        "off": _("Beats are not rehearsed from now on"),
    }.get(str(event.facts.get("mode")), _("Beats are rehearsed from now on while that fits the interval"))
