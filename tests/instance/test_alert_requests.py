"""What a person says of an incident, as a request: taken as it was said, refused in words where it makes no sense."""

import json
import time
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.incident import IncidentMark, Mute, Silence, Undo
from aios_gui.alerts.model.rules import Measure, Rule
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.alert_requests import Said, accept, clean_note, item_of, request_of, say
from aios_gui.instance.channel import ask
from aios_gui.instance.resident import ALERT_OPERATIONS, Resident
from aios_gui.record.store.reader import History
from aios_gui.settings.model import Settings
from aios_gui.system.paths import find_paths
from tests.alerts.made_rules import names
from tests.processes import wait_until

numbers = st.integers(1, 2**63 - 1)
moments = st.integers(1, 2**62 - 1)
said = st.one_of(
    st.builds(IncidentMark, numbers, moments),
    st.builds(
        lambda number, text: IncidentMark(number, note=clean_note(text)), numbers, st.text(max_size=50)
    ),
    st.builds(Mute, names, moments),
    st.builds(Mute, names, st.just(0)),
    st.builds(Undo, numbers, st.text(min_size=1, max_size=50)),
)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.none())
)


@given(said)
def test_it_is_taken_as_it_was_said(item: Said) -> None:
    assert item_of(json.loads(json.dumps(request_of(item)))) == item


@given(
    st.sampled_from(ALERT_OPERATIONS),
    st.dictionaries(st.sampled_from(["id", "rule", "text", "until_ns", "at_ns", "action"]), anything),
)
def test_any_request_is_noted_or_refused_in_words(operation: str, request: dict[str, Any]) -> None:
    noted: list[Said] = []
    answer = accept({**request, "op": operation}, noted.append, "")
    assert (answer == {"done": True, "problem": ""}) == bool(noted)
    assert noted or answer["error"]


@given(st.text())
def test_a_note_can_be_written_whatever_it_is(text: str) -> None:
    note = clean_note(text)
    note.encode()
    assert all(letter.isprintable() or letter == "\n" for letter in note)


def test_the_instance_that_runs_fires_says_so_and_hears_what_is_said(aios_home: Path) -> None:
    paths = find_paths()
    rule = Rule("always", Measure.LATENESS, 0.0, for_s=0.0)
    settings = Settings().with_rules((rule,)).with_value("beat.interval_s", 0.05)
    resident = Resident(paths, settings, Mode.SERVICE)
    resident.start()
    try:
        resident.engine.begin()
        resident.engine.step()
        wait_until(lambda: resident.snapshot.alerting == ("always",), "the rule fires")
        (brief,) = resident.snapshot.open_incidents
        latest = ask(paths, {"op": "latest"})["beat"]
        assert latest["result"] == "AIOS_ALERT"
        assert latest["text"].startswith("AIOS_ALERT:always (")
        assert say(paths, IncidentMark(brief.id, time.time_ns())) == ""
        assert say(paths, Mute("always", time.time_ns() + 10**12)) == ""
        wait_until(lambda: resident.snapshot.open_incidents[0].silence is Silence.MUTED, "it is muted")
        assert ask(paths, {"op": "latest"})["beat"]["result"] == "HEARTBEAT_OK"
        assert resident.snapshot.open_incidents[0].acknowledged
    finally:
        resident.engine.end()
        resident.shutdown()
    with History(paths.store) as history:
        (incident,) = history.incidents(0, 2**62)
        assert [mute.rule for mute in history.mutes()] == ["always"]
    assert incident.acknowledged_ns is not None
    _goes_on(settings, incident.id)


def _goes_on(settings: Settings, number: int) -> None:
    """After a restart the incident and the mute are as they were."""
    resident = Resident(find_paths(), settings, Mode.SERVICE)
    resident.start()
    try:
        wait_until(lambda: resident.snapshot.open_incidents, "the incident goes on")
        (brief,) = resident.snapshot.open_incidents
        assert (brief.id, brief.silence, brief.acknowledged) == (number, Silence.MUTED, True)
        assert [mute.rule for mute in resident.snapshot.mutes] == ["always"]
    finally:
        resident.engine.stop()
        resident.shutdown()
