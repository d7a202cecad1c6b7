"""The watch: what fires is recorded, asked about and pictured; what goes on from before goes on; silence is kept."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.diagnosis.port import Answer
from aios_gui.alerts.kept import KeptAlerts
from aios_gui.alerts.model.action import ActionResult, ActionState, Why
from aios_gui.alerts.model.alarm import Alarm
from aios_gui.alerts.model.demonstration import demonstration
from aios_gui.alerts.model.health import FiringCount
from aios_gui.alerts.model.incident import (
    MOST_UNSEEN,
    Culprit,
    Finding,
    FindingKind,
    HiccupFinding,
    Incident,
    IncidentMark,
    IncidentState,
    Mute,
    Silence,
    Undo,
    Unseen,
)
from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Level, Measure, OffReason, Rule
from aios_gui.alerts.watch.custom import CustomMeasures, SwitchedOff
from aios_gui.alerts.watch.rule_watch import FINDING_GRACE_NS, RuleWatch, is_allowed, local_minute
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.stalled import StalledRound
from tests.alerts.watch.fakes import BUSY, FULL, Watching
from tests.fakes import WALL, S, recorded_beat
from tests.processes import wait_until

PYTHON = Finding(FindingKind.ONE_PROCESS, culprits=(Culprit("Python.EXE", 7),))
LATER = Finding(FindingKind.ONE_PROCESS, culprits=(Culprit("cargo", 8),))
HOSTILE = "<script>alert('心跳')</script>"


def test_calm_beats_write_nothing_and_ask_nobody() -> None:
    watching = Watching(*DEFAULT_RULES)
    assert watching.beat(*[20.0] * 50) == []
    assert watching.open == []
    assert watching.watch.worst is None
    assert watching.diagnosis.questions == []


def test_what_fires_is_written_at_once_and_asked_about() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 95, 85)
    (incident,) = watching.incidents.values()
    assert (incident.rule, incident.started_ns, incident.peak, incident.limit) == ("busy", WALL, 95.0, 80.0)
    assert incident.id == WALL // S
    (question,) = watching.diagnosis.questions
    assert (question.incident, question.rule) == (incident, BUSY)
    assert question.start_ns < WALL < question.end_ns
    assert question.known["cpu_percent"] == 85.0
    assert watching.open == ["busy"]
    assert watching.watch.worst is Level.WARNING


def test_what_clears_is_written_and_leaves_the_picture() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90, 50, 50, 50)
    assert watching.last.state is IncidentState.CLEARED
    assert watching.last.cleared_ns == WALL + 3 * S
    assert watching.open == []


def test_flapping_is_one_incident_that_is_looked_into_again_now_and_then() -> None:
    watching = Watching(replace(BUSY, for_s=0.0))
    watching.beat(*[90, 10] * 10)
    assert len(watching.incidents) == 1
    assert watching.last.count == 10
    asked = [(each.end_ns - WALL, each.again) for each in watching.diagnosis.questions]
    assert asked == [(0, False), (10 * S, True)]


def test_what_is_over_is_looked_into_once_more_and_its_last_finding_stays() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    number = watching.last.id
    watching.diagnosis.waiting = [Answer(number, PYTHON)]
    watching.beat(50, 50, 50)
    (last,) = watching.diagnosis.last
    assert (last.incident.id, last.incident.cleared_ns) == (number, WALL + 3 * S)
    watching.diagnosis.waiting = [Answer(number, LATER)]
    watching.beat(50)
    assert watching.last.finding is LATER
    assert watching.last.state is IncidentState.CLEARED


def test_each_stall_is_looked_into_and_kept_and_its_incident_has_the_longest() -> None:
    watching = Watching(Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0))
    stalls = [(90, 0), (400, 1), (60, 2)]
    found = []
    for length_ms, second in stalls:
        facts: dict[str, int | float | str] = {"lateness_ns": length_ms * 1_000_000}
        hiccup = Event(EventKind.HICCUP, WALL + second * S, second, facts)
        watching.round([hiccup])
        assert watching.diagnosis.hiccups[-1].hiccup is hiccup
        finding = replace(PYTHON, facts=dict(facts))
        found.append(HiccupFinding(hiccup.wall_ns, second, finding))
        watching.diagnosis.waiting.append(found[-1])
        watching.second = second + 1
        watching.round()
    assert [each for each in watching.written if isinstance(each, HiccupFinding)] == found
    assert watching.last.count == 3
    assert watching.last.finding is found[1].finding
    assert watching.diagnosis.last == []


def test_each_further_stall_may_be_notified_of_though_it_is_the_same_incident() -> None:
    watching = Watching(Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0))
    for second in range(3):
        hiccup = Event(EventKind.HICCUP, WALL + second * S, second, {"lateness_ns": 90_000_000})
        watching.second = second
        watching.round([hiccup])
        assert watching.diagnosis.questions[-1].hiccup is hiccup
    assert [each.again for each in watching.diagnosis.questions] == [False, True, True]


def test_what_is_found_of_a_stall_that_no_beat_felt_is_kept_apart_from_the_incident() -> None:
    watching = Watching(Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0))
    hiccup = Event(EventKind.HICCUP, WALL, 0, {"lateness_ns": 90_000_000})
    watching.round([hiccup])
    own = HiccupFinding(WALL, 0, replace(PYTHON, facts={"lateness_ns": 90_000_000}))
    longer = HiccupFinding(WALL, None, replace(PYTHON, facts={"lateness_ns": 9_000_000_000}))
    watching.diagnosis.waiting += [own, longer]
    watching.second = 1
    watching.round()
    assert longer in watching.written
    assert watching.last.finding is own.finding


def stalled(second: int, **percent: int) -> StalledRound:
    start_ns = WALL + second * S
    return StalledRound(start_ns, start_ns + S, {name: share * S // 100 for name, share in percent.items()})


def test_stalled_time_is_watched_second_by_second() -> None:
    watching = Watching(Rule("disk-stalled", Measure.IO_STALLED, 50.0, for_s=2.0, clear=30.0))
    for second, percent in enumerate((90, 10, 60, 60, 60)):
        watching.watch.take_stalled(stalled(second, io=percent, cpu=99))
        watching.second = second + 1
        watching.round()
    assert watching.open == ["disk-stalled"]
    assert watching.last.peak == 60.0
    # Where nothing is told, nothing changes.
    watching.round()
    assert watching.open == ["disk-stalled"]


def test_a_disk_that_programs_wait_for_fires_a_rule_that_is_there_from_the_start() -> None:
    watching = Watching(*DEFAULT_RULES)
    for second in range(70):
        watching.watch.take_stalled(stalled(second, io=58))
        watching.second = second + 1
        watching.round()
    assert watching.open == ["disk-stalled"]


def test_a_stall_is_looked_into_with_what_was_waited_for_meanwhile() -> None:
    watching = Watching(Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0))
    watching.watch.take_stalled(stalled(0, io=80))
    watching.round([Event(EventKind.HICCUP, WALL, 0, {"lateness_ns": 90_000_000})])
    told = Event(
        EventKind.RESOURCE_STALL, WALL + S, None, {"resource": "io", "stalled_ns": 7, "lateness_ns": 9}
    )
    watching.round([told])
    assert [dict(each.stalled) for each in watching.diagnosis.hiccups] == [{"io": 8 * S // 10}, {"io": 7}]
    # It is none that the beat has felt.
    assert watching.last.count == 1


def test_a_beat_tells_the_diagnosis_how_busy_the_machine_is() -> None:
    watching = Watching(BUSY)
    watching.round()
    watching.beat(12.5)
    assert watching.diagnosis.ticks == [None, 12.5]


def test_two_rules_that_fire_with_one_beat_have_numbers_of_their_own() -> None:
    watching = Watching(BUSY, replace(BUSY, name="busier", level=Level.CRITICAL))
    watching.beat(90, 90, 90)
    assert len(watching.incidents) == 2
    assert watching.open == ["busier", "busy"]
    assert watching.watch.worst is Level.CRITICAL


def test_a_peak_is_written_now_and_then_and_when_it_clears() -> None:
    watching = Watching(replace(BUSY, for_s=0.0))
    assert len(watching.beat(*[81 + second / 10 for second in range(25)])) == 3
    watching.beat(50)
    assert watching.last.peak == 83.4


def test_context_measures_are_watched_too() -> None:
    watching = Watching(FULL)
    watching.swap(95)
    assert watching.open == ["full"]
    watching.swap(20)
    assert watching.open == []


def test_unknown_figures_change_nothing() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90)
    watching.round([recorded_beat(2, watching.wall_ns, cpu_percent=None)])
    watching.second += 1
    assert watching.open == []
    watching.beat(90)
    assert watching.open == ["busy"]


def test_what_was_done_is_taken_back_when_it_is_over() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    assert watching.diagnosis.taken_back == []
    watching.beat(50, 50, 50)
    assert set(watching.diagnosis.taken_back) == {(WALL // S, None)}


def test_one_action_is_taken_back_on_request() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    watching.watch.request(Undo(WALL // S, "renice:cargo"))
    watching.watch.request(Undo(5, "of another incident"))
    assert watching.round() == []
    assert watching.diagnosis.taken_back == [(WALL // S, "renice:cargo")]


def test_the_late_beat_goes_along_with_the_question() -> None:
    watching = Watching(Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0))
    hiccup = Event(EventKind.HICCUP, WALL, 0, {"lateness_ns": 90_000_000})
    watching.round([recorded_beat(0, WALL, lateness_ns=90_000_000), hiccup])
    assert watching.diagnosis.questions[0].hiccup is hiccup
    watching = Watching(BUSY)
    watching.round([Event(EventKind.HICCUP, WALL - 900 * S, 0, {})])
    watching.beat(90, 90, 90)
    assert watching.diagnosis.questions[0].hiccup is None


def test_of_very_many_that_are_not_seen_the_newest_are_told() -> None:
    unseen = tuple(Unseen(number, Level.WARNING) for number in range(1, MOST_UNSEEN + 1))
    watching = Watching(HICCUP, kept=KeptAlerts(highest=MOST_UNSEEN, unseen=unseen))
    _stalled(watching)
    told = watching.watch.picture.unseen
    assert [each.id for each in told] == [*range(2, MOST_UNSEEN + 1), watching.last.id]


def test_of_two_stalls_in_a_round_each_is_asked_about_by_itself() -> None:
    watching = Watching(HICCUP)
    long, short = (
        Event(EventKind.HICCUP, WALL + at_ms * 1_000_000, at_ms, {"lateness_ns": length_ms * 1_000_000})
        for at_ms, length_ms in ((500, 3000), (700, 60))
    )
    watching.second = 1
    watching.round([long, short])
    assert [each.hiccup for each in watching.diagnosis.questions] == [long, short]


# Silence


def test_a_muted_rule_is_recorded_and_alerts_nobody_until_its_time_is_over() -> None:
    watching = Watching(BUSY)
    watching.watch.request(Mute("busy", WALL + 6 * S))
    assert watching.round() == [Mute("busy", WALL + 6 * S)]
    watching.beat(90, 90, 90)
    assert watching.last.silence is Silence.MUTED
    assert watching.watch.worst is None
    assert watching.watch.mutes == (Mute("busy", WALL + 6 * S),)
    watching.beat(90, 90, 90, 90)
    assert Mute("busy", 0) in watching.written
    assert watching.last.silence is Silence.NONE
    assert watching.watch.worst is Level.WARNING


def test_a_mute_can_be_ended() -> None:
    watching = Watching(BUSY, kept=KeptAlerts(mutes=(Mute("busy", WALL + 3600 * S),)))
    watching.beat(90, 90, 90)
    assert watching.last.silence is Silence.MUTED
    watching.watch.request(Mute("busy", 0))
    watching.beat(90)
    assert watching.last.silence is Silence.NONE


def test_quiet_hours_are_quiet_and_end() -> None:
    watching = Watching(replace(BUSY, quiet_from="22:00", quiet_to="07:00"))
    watching.minute = 23 * 60
    watching.beat(90, 90, 90)
    assert watching.last.silence is Silence.QUIET_HOURS
    assert watching.watch.open_incidents[0].silence is Silence.QUIET_HOURS
    watching.minute = 7 * 60
    watching.beat(90)
    assert watching.last.silence is Silence.NONE


def test_a_process_that_is_allowed_excuses_the_incident() -> None:
    watching = Watching(replace(BUSY, allow=("python",)))
    watching.beat(90, 90, 90)
    assert watching.last.silence is Silence.ALLOWED
    watching.diagnosis.waiting.append(Answer(watching.last.id, PYTHON))
    watching.beat(90)
    assert (watching.last.silence, watching.last.finding) == (Silence.ALLOWED, PYTHON)
    assert watching.watch.open_incidents[0].culprit == "Python.EXE"


def _stalled(watching: Watching) -> None:
    hiccup = Event(EventKind.HICCUP, watching.wall_ns, watching.second, {"lateness_ns": 90_000_000})
    watching.round([hiccup])
    watching.second += 1


HICCUP = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0)


def test_a_stall_is_silent_while_its_rule_is_muted_or_quiet_though_it_is_over_at_once() -> None:
    watching = Watching(replace(HICCUP, quiet_from="22:00", quiet_to="07:00"))
    watching.watch.request(Mute("hiccup", WALL + 2 * S))
    _stalled(watching)
    assert watching.last.silence is Silence.MUTED
    assert watching.diagnosis.questions[-1].incident.silence is Silence.MUTED
    assert watching.watch.picture.unseen == ()
    watching.second, watching.minute = 3, 23 * 60
    _stalled(watching)
    assert watching.last.silence is Silence.QUIET_HOURS
    watching.minute = 12 * 60
    _stalled(watching)
    assert (watching.last.silence, watching.last.count) == (Silence.NONE, 3)
    written = len(watching.written)
    watching.watch.request(Mute("hiccup", WALL + 99 * S))
    watching.watch.request(IncidentMark(watching.last.id, note="mine"))
    watching.round()
    assert (watching.last.silence, watching.last.note) == (Silence.NONE, "mine")
    assert len(watching.written) == written + 3


@pytest.mark.parametrize(("allow", "silence"), [("python", Silence.ALLOWED), ("make", Silence.NONE)])
@pytest.mark.parametrize("answered", [True, False])
def test_a_stall_is_excused_by_the_process_that_made_it(allow: str, silence: Silence, answered: bool) -> None:
    watching = Watching(replace(HICCUP, allow=(allow,)))
    _stalled(watching)
    assert watching.last.silence is Silence.ALLOWED
    if answered:
        watching.diagnosis.waiting = [HiccupFinding(WALL, 0, PYTHON)]
    watching.second += FINDING_GRACE_NS // S
    watching.round()
    assert watching.last.silence is (silence if answered else Silence.NONE)


@pytest.mark.parametrize("answered", [True, False])
def test_neither_another_process_nor_a_diagnosis_that_never_comes_excuses_it(answered: bool) -> None:
    watching = Watching(replace(BUSY, allow=("pyth", "make")))
    watching.beat(90, 90, 90)
    if answered:
        watching.diagnosis.waiting.append(Answer(watching.last.id, PYTHON))
    watching.beat(*[90] * (1 if answered else FINDING_GRACE_NS // S))
    assert watching.last.silence is Silence.NONE


@pytest.mark.parametrize(
    ("process", "allow", "allowed"),
    [
        ("MsMpEng.exe", ["msmpeng"], True),
        ("cc1", ["CC1.exe"], True),
        ("cc1plus", ["cc1"], False),
        ("", [], False),
    ],
)
def test_processes_are_named_whole(process: str, allow: list[str], allowed: bool) -> None:
    assert is_allowed(process, allow) == allowed


# What people and the diagnosis say


def test_answers_join_the_incident_each_in_its_turn() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    number = watching.last.id
    running = ActionResult("run:nice", ActionState.RUNNING)
    done = replace(running, state=ActionState.DONE)
    watching.diagnosis.waiting += [
        Answer(number, PYTHON, (running,)),
        Answer(number, None, (done,)),
        Answer(1),
    ]
    watching.beat(90)
    assert (watching.last.finding, watching.last.actions) == (PYTHON, (done,))
    assert watching.watch.fixed == 0
    watching.beat(10, 10, 10)
    assert watching.watch.fixed == 1
    watching.second -= 100
    watching.round()
    assert watching.watch.fixed == 0, "the clock was ahead"
    watching.second += 100 + 301
    watching.round()
    assert watching.watch.fixed == 0


def test_a_message_that_was_sent_stays_so_where_a_later_one_is_refused() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    number = watching.last.id
    sent = ActionResult("notify", ActionState.DONE)
    refused = replace(sent, state=ActionState.REFUSED, detail=Why.SHORT_STALL)
    for first, second, told in ((refused, sent, sent), (sent, refused, sent)):
        watching.diagnosis.waiting += [Answer(number, None, (first,)), Answer(number, None, (second,))]
        watching.beat(90)
        assert watching.last.actions == (told,)


def test_acknowledging_and_notes_are_kept_with_what_follows() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    number = watching.last.id
    for mark in (IncidentMark(number, WALL), IncidentMark(number, note=HOSTILE), IncidentMark(1, WALL)):
        watching.watch.request(mark)
        assert mark in watching.round()
    watching.beat(10, 10, 10)
    assert (watching.last.acknowledged_ns, watching.last.note) == (WALL, HOSTILE)


def test_an_acknowledgement_is_taken_back() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    for at_ns in (WALL, 0):
        watching.watch.request(IncidentMark(watching.last.id, at_ns))
        watching.round()
    watching.beat(10, 10, 10)
    assert watching.last.acknowledged_ns is None


def test_a_made_up_hiccup_is_written_and_counted_nowhere() -> None:
    watching = Watching(BUSY)
    count = FiringCount(WALL)
    watching.beat(90, 90, 90)
    real = watching.last
    assert count.take([real]) == 1
    watching.watch.request(demonstration(WALL + 3 * S, 50_000_000))
    (made_up,) = [each for each in watching.round() if isinstance(each, Incident) and each.rule == "example"]
    assert made_up.id > real.id
    assert not made_up.is_unseen
    assert (made_up.silence, made_up.acknowledged_ns) == (Silence.MADE_UP, WALL + 3 * S)
    assert (made_up.peak, made_up.limit, made_up.cleared_ns) == (380.0, 50.0, WALL + 3 * S)
    assert count.take([made_up]) == 0
    assert [each.rule for each in watching.watch.open_incidents] == [real.rule]
    assert demonstration(WALL, 300_000_000).peak == 600.0


# Going on


def test_a_restart_in_the_middle_goes_on_with_the_incident() -> None:
    before = Watching(BUSY)
    before.beat(90, 99, 90)
    kept = KeptAlerts((before.last,), before.last.id)
    after = Watching(BUSY, kept=kept, start_s=20)
    settling, going_on = after.beat(90)
    assert settling == replace(before.last, settling=True), "whether it still is over is not known yet"
    assert isinstance(going_on, Incident)
    assert not going_on.settling
    assert after.beat(90, 90, 90) == []
    assert after.open == ["busy"]
    assert after.diagnosis.questions == []
    after.beat(10, 10, 10)
    assert after.last == replace(
        before.last, cleared_ns=WALL + 24 * S, over_ns=6 * S, last_over_ns=WALL + 23 * S
    ), "the time in which nothing was watched counts to no length"


def test_one_that_was_not_watched_for_longer_than_its_cooldown_is_over() -> None:
    before = Watching(BUSY)
    before.beat(90, 99, 90)
    kept = KeptAlerts((before.last,), before.last.id)
    after = Watching(BUSY, kept=kept, start_s=1000)
    (over,) = after.beat(90)
    assert over == replace(before.last, cleared_ns=before.last.last_over_ns)
    after.beat(90, 90)
    assert after.last.id != before.last.id, "what happens now is another one"
    assert after.last.over_ns == 3 * S


def test_one_that_cleared_shortly_before_a_restart_is_taken_up_again() -> None:
    before = Watching(BUSY)
    before.beat(90, 90, 90, 10, 10, 10)
    after = Watching(BUSY, kept=KeptAlerts((before.last,), before.last.id), start_s=20)
    after.beat(90, 90, 90)
    assert after.last == replace(
        before.last, cleared_ns=None, count=2, over_ns=6 * S, last_over_ns=WALL + 22 * S
    )


def test_numbers_go_on_where_the_clock_was_set_back() -> None:
    watching = Watching(BUSY, kept=KeptAlerts((), WALL))
    watching.beat(90, 90, 90)
    assert watching.last.id == WALL + 1


def test_a_record_that_can_only_be_read_later_is_taken_up_then() -> None:
    open_before = replace(Watching(BUSY).watch_one(), id=3)
    watching = Watching(BUSY, FULL, kept=None)
    watching.beat(10, 10)
    watching.kept = KeptAlerts((open_before,), 3)
    watching.beat(10)
    assert watching.open == ["busy"]
    watching.beat(10, 10, 10)
    assert watching.last == replace(open_before, cleared_ns=WALL + 2 * S)


def test_what_fired_before_the_record_could_be_read_stays_and_the_former_is_over() -> None:
    open_before = replace(Watching(BUSY).watch_one(), id=3)
    watching = Watching(BUSY, kept=None)
    watching.beat(90, 90, 90)
    watching.kept = KeptAlerts((open_before,), 3)
    watching.beat(90)
    assert watching.open == ["busy"]
    assert watching.incidents[3].cleared_ns == watching.wall_ns - S


@pytest.mark.parametrize("change", ["removed", "disabled", "other measure"])
def test_the_incident_of_a_rule_that_is_gone_is_over(change: str) -> None:
    watching = Watching(BUSY, FULL)
    watching.beat(90, 90, 90)
    other = {
        "removed": (FULL,),
        "disabled": (replace(BUSY, enabled=False), FULL),
        "other measure": (replace(BUSY, measure=str(Measure.MEMORY)), FULL),
    }[change]
    watching.watch.change_rules(other)
    watching.beat(90)
    assert watching.last.state is IncidentState.CLEARED
    assert watching.open == []


def test_a_changed_limit_goes_on_with_the_incident() -> None:
    watching = Watching(BUSY)
    watching.beat(90, 90, 90)
    watching.watch.change_rules((replace(BUSY, limit=85.0),))
    watching.round()
    assert not watching.last.settling, "no beat has told yet that it is below the new limit"
    watching.beat(90, 10, 10, 10)
    assert len(watching.incidents) == 1
    assert watching.last.state is IncidentState.CLEARED


def test_of_several_open_incidents_of_a_rule_the_last_goes_on() -> None:
    open_before = [replace(Watching(BUSY).watch_one(), id=number) for number in range(1, 5)]
    watching = Watching(BUSY, kept=KeptAlerts(tuple(open_before), 4))
    watching.beat(90)
    assert [each.id for each in watching.watch.open_incidents] == [4]
    over = {
        number: each for number, each in watching.incidents.items() if each.state is IncidentState.CLEARED
    }
    assert sorted(over) == [1, 2, 3]


def test_measures_that_are_switched_off_are_told_of() -> None:
    off = [SwitchedOff("queue", OffReason.NO_ANSWER)]
    custom = CustomMeasures(lambda names: ({}, off))
    watch = RuleWatch((replace(BUSY, measure="custom:queue"),), custom=custom)
    watch.round([], WALL, S, None)
    wait_until(lambda: not custom.is_asking, "the plug-in was loaded")
    watch.round([], WALL, S, None)
    (event,) = watch.take_events()
    assert event.kind is EventKind.MEASURE_OFF
    assert event.facts == {"measure": "queue", "reason": "no_answer", "error": ""}
    assert watch.take_events() == []


def test_the_minute_of_the_day_is_local_and_never_fails() -> None:
    assert 0 <= local_minute(WALL) < 1440
    assert 0 <= local_minute(-1) < 1440


values = st.sampled_from([10.0, 69.0, 75.0, 79.9, 80.0, 99.0])


@given(
    st.lists(values, max_size=80),
    st.lists(st.sampled_from([60.0, 75.0, 80.0, 99.0]), min_size=1, max_size=4),
    st.sampled_from([0.0, 2.0]),
    st.sampled_from(Comparison),
)
def test_rules_that_share_a_measure_do_as_each_would_alone(
    cpu: list[float], bounds: list[float], for_s: float, comparison: Comparison
) -> None:
    rules = [
        Rule(f"r{number}", Measure.CPU, bound, comparison, for_s=for_s, clear=bound, cooldown_s=3.0)
        for number, bound in enumerate(bounds)
    ]
    together = Watching(*rules)
    together.beat(*cpu)
    for rule in rules:
        alone = Alarm(rule)
        for second, percent in enumerate(cpu):
            alone.take(percent, WALL + second * S, S)
        assert (rule.name in together.open) == alone.is_on
        mine = [each for each in together.incidents.values() if each.rule == rule.name]
        assert bool(mine) == (alone.firing is not None)
        if mine and alone.firing is not None and not alone.is_on:
            assert (mine[-1].peak, mine[-1].count) == (alone.firing.peak, alone.firing.count)


# What only a record says was done


def planted(action: str = "renice:cargo") -> Incident:
    """An incident in course out of the record, for which something is said to have been done."""
    done = ActionResult(action, ActionState.DONE, "", 1, '[{"pid":7,"started":1.0,"old":[5],"new":[0]}]')
    return Incident(7, BUSY.name, BUSY.measure, Level.WARNING, WALL - S, 90.0, 80.0, actions=(done,))


def undone(watching: Watching) -> list[tuple[str, ...]]:
    return [tuple(each.action for each in incident.actions) for incident in watching.diagnosis.given_back]


@pytest.mark.parametrize("name", ["busy", "gone"])
def test_at_the_start_nothing_is_undone_that_no_rule_of_today_may_do(name: str) -> None:
    watching = Watching(BUSY, kept=KeptAlerts((replace(planted(), rule=name),), 7))
    watching.beat(10, 10, 10, 10)
    assert watching.last.cleared_ns is not None
    assert not any(undone(watching))


def test_what_its_rule_still_does_is_undone_also_after_a_crash() -> None:
    rule = replace(BUSY, actions=("renice:cargo",))
    watching = Watching(rule, kept=KeptAlerts((planted(),), 7))
    watching.beat(10, 10, 10, 10)
    assert ("renice:cargo",) in undone(watching)


def test_on_request_it_is_said_why_it_is_not_undone() -> None:
    watching = Watching(BUSY, kept=KeptAlerts((planted(),), 7))
    watching.beat(90)
    watching.watch.request(Undo(7, "renice:cargo"))
    watching.beat(90)
    assert not any(undone(watching))
    (said,) = watching.last.actions
    assert (said.state, said.detail) == (ActionState.FAILED, Why.NO_RULE)


def test_what_this_run_did_is_undone_also_where_its_rule_is_gone() -> None:
    watching = Watching(BUSY)
    incident = watching.watch_one()
    watching.diagnosis.waiting.append(Answer(incident.id, None, planted().actions))
    watching.beat(90)
    watching.watch.change_rules(())
    watching.beat(90)
    assert ("renice:cargo",) in undone(watching)
