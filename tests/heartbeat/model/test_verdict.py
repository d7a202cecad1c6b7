"""The result in words: a beat's own, and what the rules make of it."""

from dataclasses import replace

from aios_gui.heartbeat.model.beat import Beat, Outcome, Sample, Wakeup
from aios_gui.heartbeat.model.beat_facts import beat_facts
from aios_gui.heartbeat.model.verdict import Verdict

BEAT = Beat(3, Wakeup(0, 0, 0), 0, 80_000, 0, None, (), Sample(10.0, 20.0))
BUSY = replace(BEAT, breached=("cpu",))
BLIND = replace(BEAT, sample=Sample(None, None, "no /proc"))


def test_a_beat_on_its_own() -> None:
    assert Verdict().text(BEAT) == "HEARTBEAT_OK (0.08ms)"
    assert Verdict().text(BUSY) == "AIOS_ALERT:cpu (0.08ms)"
    assert Verdict().text(BLIND) == "HEARTBEAT_ERROR:no /proc"


def test_while_rules_fire_their_names_are_said_each_once() -> None:
    firing = Verdict(("cpu", "disk"))
    assert firing.text(BEAT) == "AIOS_ALERT:cpu,disk (0.08ms)"
    assert firing.text(BUSY) == "AIOS_ALERT:cpu,disk (0.08ms)"
    assert firing.outcome(BLIND) is Outcome.ERROR


def test_what_was_mended_is_said_once_nothing_fires_any_more() -> None:
    assert Verdict((), 2).text(BEAT) == "AIOS_AUTO_FIXED:2 (0.08ms)"
    assert Verdict(("disk",), 2).text(BEAT) == "AIOS_ALERT:disk (0.08ms)"
    facts = beat_facts(replace(BEAT, wall_ns=1_700_000_000_000_000_000), "resident", Verdict((), 2))
    assert (facts["result"], facts["text"]) == ("AIOS_AUTO_FIXED", "AIOS_AUTO_FIXED:2 (0.08ms)")


def test_a_bad_hour_is_said_unless_a_rule_fires() -> None:
    assert Verdict(degraded=0.42).text(BEAT) == "AIOS_DEGRADED:0.42 (0.08ms)"
    assert Verdict(degraded=0.4999).text(BEAT) == "AIOS_DEGRADED:0.49 (0.08ms)"
    assert Verdict((), 2, 0.42).outcome(BEAT) is Outcome.DEGRADED
    assert Verdict(("disk",), 0, 0.42).outcome(BEAT) is Outcome.ALERT
    assert Verdict(degraded=0.42).outcome(BLIND) is Outcome.ERROR
