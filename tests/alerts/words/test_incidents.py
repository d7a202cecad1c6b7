"""Incidents in words: what happened first, then who was at it; text from outside stays text."""

from dataclasses import replace

from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words import incidents as incident_words
from aios_gui.text.markdown import escaped, table_line
from tests.fakes import WALL, S

OPEN = Incident(1, "cpu", "cpu_percent", Level.CRITICAL, WALL, 95.0, 80.0)
MAKE = Culprit("make\n<b>", 7, 320.0, 1 << 30)


def test_what_happened_is_said_with_its_figures() -> None:
    assert incident_words.what_happened(OPEN) == "CPU of the machine went to 95 %, the limit is 80 %"
    assert incident_words.conclusion(OPEN) == incident_words.what_happened(OPEN)


def test_the_worst_process_is_named_where_it_is_known() -> None:
    finding = Finding(FindingKind.ONE_PROCESS, culprits=(MAKE, Culprit("cc1", 8)))
    sentence = incident_words.conclusion(replace(OPEN, finding=finding))
    assert sentence == "make <b> used 320 % of a core"
    assert incident_words.culprit_phrase(MAKE) == "make <b> (7): CPU 320 %, memory 1 GB"
    assert incident_words.culprit_phrase(Culprit("cc1", 8)) == "cc1 (8)"


def test_the_span_tells_whether_it_goes_on() -> None:
    assert incident_words.span_phrase(OPEN, WALL + 90 * S).endswith("(1 min)")
    assert incident_words.span_phrase(OPEN, WALL + 90 * S).startswith("since ")
    over = replace(OPEN, cleared_ns=WALL + 30 * S)
    assert incident_words.span_phrase(over, WALL + 90 * S).endswith("(30 s)")
    assert incident_words.state_phrase(over) == "over"


def test_all_facts_are_told_each_in_a_line() -> None:
    whole = replace(OPEN, count=3, silence=Silence.MUTED, acknowledged_ns=WALL, note="a\nb\x1b[31m")
    lines = incident_words.facts(whole, WALL)
    assert "Fired 3 times" in lines
    assert "Alerts nobody: muted" in lines
    assert "Note: a b [31m" in lines
    assert len(incident_words.facts(OPEN, WALL)) == 2


def test_every_word_that_is_stored_has_one_that_is_shown() -> None:
    assert all(incident_words.action_state(state) for state in ActionState)
    assert all(incident_words.silence_phrase(silence) for silence in Silence if silence)


def test_markdown_from_outside_is_text() -> None:
    assert escaped("a|b*c_d<e>`f`\n# g") == r"a\|b\*c\_d\<e\>\`f\` \# g"
    assert table_line(["x|y", 3]) == r"| x\|y | 3 |"
