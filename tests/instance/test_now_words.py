"""How it is now, in words: every condition has a sentence, and who does it is never lost."""

from dataclasses import replace

from aios_gui.alerts.model.incident import IncidentBrief, Silence, Unseen
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance import now_words
from aios_gui.instance.model.now import Condition, now_of
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.model.hour import Hour
from aios_gui.text import figures

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
BEAT = RecordedBeat(1, 5, NOW_NS - S // 2, 24_000, 140_000, 0, 0, True, Cause.NONE, (), False, 17.0, 42.0)
RUNNING = Snapshot(state=EngineState.RUNNING, beat=BEAT, calm_since_ns=NOW_NS - 11_520 * S)
CPU = IncidentBrief(
    1,
    "cpu",
    "cpu_percent",
    Level.CRITICAL,
    NOW_NS - 38 * S,
    97.0,
    80.0,
    1,
    Silence.NONE,
    False,
    "python3",
    188.0,
    38 * S,
    NOW_NS - S,
)
BUSY = replace(RUNNING, open_incidents=(CPU,))
SETTLING = replace(RUNNING, open_incidents=(replace(CPU, settling=True, last_over_ns=NOW_NS - 14 * S),))
OVER = replace(CPU, cleared_ns=NOW_NS - 600 * S, last_over_ns=NOW_NS - 600 * S)
FROZEN = Event(
    EventKind.HICCUP, NOW_NS - 3 * S, 5, {"lateness_ns": 4_200_000_000, "cause": int(Cause.FROZEN)}
)


def at(wall_ns: int, seconds: bool = False) -> str:
    return figures.clock_time(wall_ns, NOW_NS, seconds)


def test_every_condition() -> None:
    cases: list[tuple[Snapshot, Condition, Severity, str]] = [
        (RUNNING, Condition.CALM, Severity.OK, "Calm for 3 h 12 min"),
        (replace(RUNNING, calm_since_ns=NOW_NS + S), Condition.CALM, Severity.OK, "Calm for 1 s"),
        (
            replace(RUNNING, broken_parts=(BrokenPart("rules"),)),
            Condition.CALM,
            Severity.WARNING,
            "Calm for 3 h 12 min",
        ),
        (Snapshot(), Condition.STARTING, Severity.INACTIVE, "Starting"),
        (
            replace(RUNNING, state=EngineState.WARMING),
            Condition.WARMING,
            Severity.INACTIVE,
            "Warming up",
        ),
        (replace(RUNNING, state=EngineState.PAUSED), Condition.PAUSED, Severity.INACTIVE, "Paused"),
        (
            replace(BUSY, state=EngineState.PAUSED, paused_since_ns=NOW_NS - 60 * S),
            Condition.PAUSED,
            Severity.INACTIVE,
            f"Paused since {at(NOW_NS - 60 * S)}",
        ),
        (
            replace(RUNNING, state=EngineState.LOST),
            Condition.LOST,
            Severity.CRITICAL,
            "No contact with the recorder",
        ),
        (replace(RUNNING, state=EngineState.STOPPED), Condition.STOPPED, Severity.INACTIVE, "Not running"),
        (replace(RUNNING, beat=None), Condition.WAITING, Severity.INACTIVE, "Waiting for the first beat"),
        (
            replace(RUNNING, beat=replace(BEAT, wall_ns=NOW_NS - 30_000 * S)),
            Condition.WAITING,
            Severity.INACTIVE,
            "Waiting for the next beat",
        ),
        (
            replace(RUNNING, no_beat_since_ns=NOW_NS - 9 * S),
            Condition.NO_BEAT,
            Severity.CRITICAL,
            "No beat for 9 s",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, failed=True)),
            Condition.UNREADABLE,
            Severity.CRITICAL,
            "The CPU and memory figures cannot be read",
        ),
        (BUSY, Condition.ALARM, Severity.CRITICAL, "CPU over 80 % for 38 s: python3"),
        (
            replace(RUNNING, open_incidents=(replace(CPU, level=Level.WARNING),)),
            Condition.ALARM,
            Severity.WARNING,
            "CPU over 80 % for 38 s: python3",
        ),
        (
            SETTLING,
            Condition.SETTLING,
            Severity.WARNING,
            "CPU was over 80 % for 38 s: python3 · settling",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, cpu_percent=93.0, breached=("cpu",)), top_process="make"),
            Condition.STRAINED,
            Severity.WARNING,
            "CPU at 93 %, over 80 %: make",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, cpu_percent=80.31, breached=("cpu",))),
            Condition.STRAINED,
            Severity.WARNING,
            "CPU at 80.31 %, over 80 %",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, memory_percent=91.0, breached=("memory",))),
            Condition.STRAINED,
            Severity.WARNING,
            "Memory at 91 %, over 85 %",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, breached=("cpu", "memory"))),
            Condition.STRAINED,
            Severity.WARNING,
            "CPU at 17 % and memory at 42 %, both over their limits",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, breached=("cpu",)), own_load=True),
            Condition.CALM,
            Severity.OK,
            "Calm for 3 h 12 min",
        ),
        (
            replace(RUNNING, last_hiccup=FROZEN),
            Condition.HICCUP,
            Severity.WARNING,
            "Hiccup of 4.2 s: frozen from outside",
        ),
        (
            replace(RUNNING, hour=Hour(100, duration_ns=100 * 131_000_000)),
            Condition.DEGRADED,
            Severity.WARNING,
            "Beats took 131 ms on average, over 100 ms",
        ),
        (
            replace(RUNNING, hour=Hour(100, failed=100, alerting=100, over=99, minutes=2)),
            Condition.DEGRADED,
            Severity.WARNING,
            "Degraded: score 0.30 over 2 min of the last hour",
        ),
        (
            replace(RUNNING, store=StoreHealth(False, 3, "full", failing_since_ns=NOW_NS - 60 * S)),
            Condition.NOT_RECORDING,
            Severity.CRITICAL,
            f"Not recording since {at(NOW_NS - 60 * S)}",
        ),
    ]
    for snapshot, condition, severity, sentence in cases:
        now = now_of(snapshot, NOW_NS)
        assert (now.condition, now.severity) == (condition, severity)
        assert now_words.headline(now, snapshot, NOW_NS) == sentence


def test_an_incident_is_told_the_one_first_that_is_still_over_its_limit_and_not_seen() -> None:
    memory = replace(CPU, id=2, measure="memory_percent", level=Level.WARNING, acknowledged=True)
    quiet = replace(CPU, id=3, silence=Silence.MUTED)
    settling = replace(CPU, settling=True)
    for incidents, told in (
        ((CPU, memory, quiet), CPU),
        ((settling, memory), memory),
        ((settling, quiet), settling),
        (
            (replace(CPU, acknowledged=True), replace(memory, acknowledged=False)),
            replace(memory, acknowledged=False),
        ),
    ):
        assert now_of(replace(RUNNING, open_incidents=incidents), NOW_NS).incident == told
    assert now_of(replace(RUNNING, open_incidents=(quiet,)), NOW_NS).condition is Condition.CALM


def test_every_shorter_form_names_the_process() -> None:
    strained = replace(RUNNING, beat=replace(BEAT, breached=("cpu",)), top_process="make")
    for snapshot, name in ((BUSY, "python3"), (SETTLING, "python3"), (strained, "make")):
        forms = now_words.headlines(now_of(snapshot, NOW_NS), snapshot, NOW_NS)
        assert all(name in form for form in forms)
        assert sorted(forms, key=len, reverse=True) == list(forms)
        assert len(forms[-1]) < 25
    assert now_words.headlines(now_of(BUSY, NOW_NS), BUSY, NOW_NS)[1:] == (
        "CPU over 80 %: python3",
        "CPU: python3",
    )


def second(snapshot: Snapshot, throttled: ThrottleReason = ThrottleReason.NONE) -> str:
    return now_words.second_line(now_of(snapshot, NOW_NS, throttled), snapshot, NOW_NS)


def test_where_many_did_it_together_the_headline_blames_none_that_only_runs() -> None:
    many = replace(CPU, culprit="", culprit_percent=None, of_many=True)
    snapshot = replace(BUSY, open_incidents=(many,), top_process="python", top_process_percent=46.0)
    for form in now_words.headlines(now_of(snapshot, NOW_NS), snapshot, NOW_NS):
        assert form.endswith(": many programs together")


def test_below_the_headline_stands_what_happened_last() -> None:
    assert second(RUNNING) == "No hiccup so far"
    earlier = replace(FROZEN, wall_ns=NOW_NS - 120 * S)
    last = f"Last hiccup {at(earlier.wall_ns)}, 4.2 s: frozen from outside"
    assert second(replace(RUNNING, last_hiccup=earlier)) == last
    over = f"CPU was over 80 % for 38 s: python3 · until {at(NOW_NS - 600 * S)}"
    assert second(replace(RUNNING, last_incident=OVER)) == over
    assert second(replace(RUNNING, last_incident=OVER, last_hiccup=earlier)) == last
    assert second(replace(RUNNING, last_incident=OVER, last_hiccup=replace(earlier, wall_ns=S))) == over
    unseen = replace(RUNNING, last_incident=OVER, last_hiccup=earlier, unseen=(Unseen(OVER.id, OVER.level),))
    assert second(unseen) == over, "what no one has seen is not displaced"
    assert second(replace(RUNNING, last_hiccup=FROZEN)) == (
        f"It began at {at(FROZEN.wall_ns - 4_200_000_000, seconds=True)} and is over"
    )


def test_below_an_alarm_stands_how_much_is_used() -> None:
    assert second(replace(BUSY, top_process="make", top_process_percent=188.0)) == "make is using 1.9 cores"
    assert second(replace(BUSY, top_process="make")) == "make is using the most", (
        "and stands still between looks"
    )
    full = replace(RUNNING, beat=replace(BEAT, breached=("memory",), memory_percent=91.0), top_process="make")
    assert second(replace(full, top_process_percent=12.0)) == "make is using the most", "memory, not CPU"
    assert second(BUSY) == "No hiccup so far", "what it used when it was looked for is not what it uses now"


def test_what_the_program_does_for_its_own_sake_displaces_nothing() -> None:
    earlier = replace(RUNNING, last_hiccup=replace(FROZEN, wall_ns=NOW_NS - 120 * S))
    for reason in (ThrottleReason.BUSY, ThrottleReason.OWN_COST):
        assert second(earlier, reason).startswith(second(earlier) + " · slower refresh")
    own = replace(RUNNING, beat=replace(BEAT, breached=("cpu",)), own_load=True, top_process="AIOS Heartbeat")
    assert second(own) == "No hiccup so far · AIOS Heartbeat itself keeps the CPU busy"


def test_why_nothing_is_recorded_stands_below() -> None:
    assert second(replace(RUNNING, store=StoreHealth(False, 3, "full"))) == (
        "Not recording: full; 3 beats not recorded"
    )


def test_the_tip_counts_what_no_one_has_seen() -> None:
    snapshot = replace(
        RUNNING,
        unseen=(Unseen(1, Level.WARNING), Unseen(2, Level.CRITICAL)),
        hour=Hour(3600, duration_ns=3600 * 25_000),
    )
    now = now_of(snapshot, NOW_NS)
    assert (now.unseen, now.unseen_is_critical) == (2, True)
    lines = now_words.tooltip(now, snapshot, NOW_NS).splitlines()
    assert lines == ["Calm for 3 h 12 min", "No hiccup so far", "Score 1.00 · 2 incidents not seen yet"]


def test_a_warning_for_a_broken_part_says_so() -> None:
    snapshot = replace(RUNNING, broken_parts=(BrokenPart("rules", "KeyError: 'x'"),))
    tip = now_words.tooltip(now_of(snapshot, NOW_NS), snapshot, NOW_NS)
    assert tip.endswith("The part “rules” of the program does not work: KeyError: 'x'")


def test_of_very_many_not_seen_the_count_is_no_lie() -> None:
    assert now_words.unseen_phrase(0) == ""
    assert now_words.unseen_phrase(999) == "999 incidents not seen yet"
    assert now_words.unseen_phrase(1000) == "1,000 or more incidents not seen yet"


def test_a_cell_of_the_strip_says_when_how_long_and_how_it_was() -> None:
    time = at(NOW_NS, seconds=True)
    assert now_words.cell_sentence(Severity.OK, (NOW_NS, 24_000), NOW_NS) == f"{time} · 24 µs · OK"
    gap = now_words.cell_sentence(Severity.INACTIVE, (NOW_NS, 90 * S), NOW_NS)
    assert gap == f"{time} · 1 min · no beats"
    assert len({now_words.cell_sentence(cell, None, NOW_NS) for cell in Severity}) == len(Severity)


def test_every_severity_has_words() -> None:
    assert len({now_words.severity_phrase(each) for each in Severity}) == len(Severity)


def test_slow_interval_is_not_taken_for_silence() -> None:
    slow = replace(RUNNING, interval_ns=60 * S, beat=replace(BEAT, wall_ns=NOW_NS - 59 * S))
    assert now_of(slow, NOW_NS).condition is Condition.CALM
