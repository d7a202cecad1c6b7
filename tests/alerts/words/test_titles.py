"""An incident in few words: its title, when, how long, its mark, and why it alerts nobody."""

from dataclasses import replace

import pytest

from aios_gui.alerts.model.incident import Incident, IncidentState, Silence
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.words import titles as words
from tests.fakes import WALL, S

CPU = Incident(1, "cpu", Measure.CPU, Level.CRITICAL, WALL, 95.0, 80.0)
DAY = 86_400 * S


@pytest.mark.parametrize(
    ("measure", "peak", "limit", "title"),
    [
        (Measure.LATENESS, 380.0, 50.0, "Hiccup 380 ms"),
        (Measure.CPU, 95.0, 80.0, "CPU over 80 %"),
        (Measure.CPU, 80.0, 80.0, "CPU over 80 %"),
        (Measure.CPU, 3.0, 5.0, "CPU under 5.0 %"),
        (Measure.DISK_FREE, 1.2, 2.0, "Free disk space under 2.0 %"),
        (Measure.DISK_FREE, 2.0, 2.0, "Free disk space under 2.0 %"),
        (Measure.OWN_MEMORY, 120.0, 100.0, "Own memory over 100 MB"),
        (Measure.MISSED, 4.0, 3.0, "Missed beats over 3"),
        ("custom:queue", 4.0, 3.0, "queue over 3"),
    ],
)
def test_the_title_names_measure_and_limit(measure: str, peak: float, limit: float, title: str) -> None:
    assert words.title(replace(CPU, measure=measure, peak=peak, limit=limit)) == title


def test_every_measure_has_a_short_name() -> None:
    assert all(words.short_measure(measure) for measure in Measure)


def test_when_is_as_short_as_can_be() -> None:
    assert len(words.when(WALL, WALL)) == len("14:03:07")
    assert len(words.when(WALL, WALL + 2 * DAY)) == len("03-10 22:41")
    assert len(words.when(WALL, WALL + 400 * DAY)) == len("2025-03-12")
    assert words.when(10**30, WALL) == "–"


def test_how_long_it_lasted() -> None:
    assert words.lasted(CPU, WALL + 90 * S) == "1 min so far"
    assert words.lasted(CPU, WALL - S) == "0 µs so far"
    over = replace(CPU, cleared_ns=WALL + 30 * S)
    assert words.lasted(over, WALL + DAY) == "30 s"
    hiccup = replace(over, measure=Measure.LATENESS, peak=380.0)
    assert words.lasted(hiccup, WALL + DAY) == "380 ms"
    assert words.lasted(replace(hiccup, count=2), WALL + DAY) == "30 s"


def test_the_mark_says_level_and_state() -> None:
    assert words.mark_phrase(Level.CRITICAL, IncidentState.FIRING) == "critical, goes on"
    assert words.mark_phrase(Level.WARNING, IncidentState.CLEARED) == "warning, over"


def test_what_is_remarked_beside_the_title() -> None:
    assert words.remarks(CPU) == []
    whole = replace(CPU, count=4, silence=Silence.MUTED, acknowledged_ns=WALL)
    assert words.remarks(whole) == ["×4", "muted", "acknowledged"]
    assert all(words.silence_sentence(silence) for silence in Silence if silence)
    assert words.flapping_sentence(1) == ""
    assert words.flapping_sentence(2).startswith("It came back 1 time within")


def test_the_line_of_figures() -> None:
    line = words.figures_line(replace(CPU, rule="a\nb", cleared_ns=WALL + 30 * S), WALL + 60 * S)
    assert line.endswith("lasted 30 s · worst 95 % · limit 80 % · rule “a b”")
