"""What is kept and shown of a run: recorded beats, context samples, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aios_gui.heartbeat.model.beat import Beat, Cause, LatenessSplit, Outcome, Path, outcome_of, path_of
from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.lateness import cut_to
from aios_gui.heartbeat.model.stall import Stall


@dataclass(frozen=True, slots=True)
class RecordedBeat:
    """A beat as the record keeps it; ``wall_ns`` is when it started, ns since the Unix epoch.

    ``unrehearsed_ns`` is what the first run of its rehearsal took; None where it had none, or it was not measured.
    """

    session: int
    seq: int
    wall_ns: int
    duration_ns: int
    lateness_ns: int
    start_offset_ns: int
    missed: int
    rehearsed: bool
    cause: Cause
    breached: tuple[str, ...]
    failed: bool
    cpu_percent: float | None
    memory_percent: float | None
    unrehearsed_ns: int | None = None

    @property
    def path(self) -> Path:
        """The fast path unless a threshold was breached or the sample failed."""
        return path_of(self.breached, self.failed)

    @property
    def outcome(self) -> Outcome:
        """The word for this beat's result."""
        return outcome_of(self.breached, self.failed)


def recorded(beat: Beat, session: int) -> RecordedBeat:
    """The lasting form of ``beat``."""
    return RecordedBeat(
        session,
        beat.seq,
        beat.wall_ns,
        beat.duration_ns,
        beat.lateness_ns,
        beat.start_offset_ns,
        beat.missed,
        beat.rehearsed,
        beat.cause,
        beat.breached,
        bool(beat.sample.error),
        beat.sample.cpu_percent,
        beat.sample.memory_percent,
        beat.unrehearsed_ns,
    )


@dataclass(frozen=True, slots=True)
class ContextSample:
    """What surrounds the beats, taken at a slower rate; None where the system does not tell.

    ``own_cpu_percent`` is of one core; rates are per second since the sample before; ``disk_free_percent`` is of the
    disk that the record lies on; ``disk_busy_percent`` is the share of the time since the sample before in which the
    busiest disk had something to do. ``cpu_stalled_percent`` is the share of that time in which something waited for a
    core, ``io_stalled_percent`` and ``memory_stalled_percent`` that in which something waited for the disk or for
    memory.
    """

    wall_ns: int
    own_cpu_percent: float | None = None
    own_memory_bytes: int | None = None
    own_threads: int | None = None
    memory_total_bytes: int | None = None
    swap_percent: float | None = None
    disk_read_bytes_per_s: float | None = None
    disk_written_bytes_per_s: float | None = None
    network_received_bytes_per_s: float | None = None
    network_sent_bytes_per_s: float | None = None
    disk_free_percent: float | None = None
    disk_busy_percent: float | None = None
    cpu_stalled_percent: float | None = None
    io_stalled_percent: float | None = None
    memory_stalled_percent: float | None = None

    @property
    def own_memory_percent(self) -> float | None:
        """This program's share of the machine's memory, 0 to 100."""
        if self.own_memory_bytes is None or not self.memory_total_bytes:
            return None
        return self.own_memory_bytes / self.memory_total_bytes * 100


class EventKind(StrEnum):
    """What can happen beside the beats; the words are stored."""

    HICCUP = "hiccup"
    RESOURCE_STALL = "resource_stall"
    """A stall by the kernel's account, which the beat's thread need not have felt."""
    STUCK = "stuck"
    STORE_SET_ASIDE = "store_set_aside"
    STORE_CARRIED_OVER = "store_carried_over"
    """What could be read of a record that was set aside is in the new one."""
    HOUR_DAMAGED = "hour_damaged"
    """The sealed beats of an hour cannot be read any more."""
    STORE_UNAVAILABLE = "store_unavailable"
    STORE_RECOVERED = "store_recovered"
    INTERVAL_CHANGED = "interval_changed"
    SAMPLER_FALLBACK = "sampler_fallback"
    SETTINGS_SET_ASIDE = "settings_set_aside"
    WARMED_UP = "warmed_up"
    COOLED_DOWN = "cooled_down"
    REHEARSAL_CHANGED = "rehearsal_changed"
    MEASURE_OFF = "measure_off"
    RULE_FIRED = "rule_fired"
    PART_FAILED = "part_failed"
    """A part of the program met an error that was not expected; it is tried again."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment, with its facts (figures in ns or bytes as their names say)."""

    kind: EventKind
    wall_ns: int
    seq: int | None = None
    facts: dict[str, int | float | str] = field(default_factory=dict)


def hiccup_event(stall: Stall) -> Event:
    """The event of a stall, as of its end: how long, how many beats were missed, and whose fault it was."""
    facts: dict[str, int | float | str] = {
        "lateness_ns": stall.length_ns,
        "missed": stall.missed,
        "seen_by": stall.seen_by,
    }
    if stall.split is not None:
        split = cut_to(stall.split, stall.length_ns)
        facts |= {
            "cause": int(split.cause),
            "run_queue_ns": split.run_queue_ns,
            "self_inflicted_ns": split.self_inflicted_ns,
            "frozen_ns": split.frozen_ns,
            "stolen_ns": split.stolen_ns,
            "culprit": split.culprit,
        }
    return Event(EventKind.HICCUP, stall.wall_ns, stall.seq, facts)


def hiccup_length_ns(event: Event) -> int:
    """How long the stall of a hiccup's event lasted; it ended at the event's time, and began after 1970."""
    length_ns = event.facts.get("lateness_ns", 0)
    return min(int(length_ns), event.wall_ns) if isinstance(length_ns, int | float) else 0


def hiccup_split(event: Event) -> LatenessSplit | None:
    """The delay of a hiccup's event by cause, together at most its length; None where the record does not tell."""
    facts = event.facts
    if "run_queue_ns" not in facts:
        return None
    names = "run_queue_ns", "self_inflicted_ns", "frozen_ns", "stolen_ns"
    run_queue_ns, own_ns, frozen_ns, stolen_ns = (
        max(0, int(value)) if isinstance(value := facts.get(name), int | float) else 0 for name in names
    )
    told = facts.get("cause")
    cause = Cause(told) if isinstance(told, int) and told in tuple(Cause) else Cause.UNKNOWN
    split = LatenessSplit(run_queue_ns, own_ns, frozen_ns, cause, str(facts.get("culprit", "")), stolen_ns)
    return cut_to(split, hiccup_length_ns(event))


LiveItem = RecordedBeat | ContextSample | Gap | Event
