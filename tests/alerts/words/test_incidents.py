"""Incidents in words: title, what happened, when, who was at it; text from outside stays text."""

from dataclasses import replace

from aios_gui.alerts.incident_facts import incident_facts
from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import (
    Culprit,
    Finding,
    FindingKind,
    Incident,
    IncidentBrief,
    IncidentState,
    Silence,
)
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.words import incidents as words
from aios_gui.text.markdown import escaped, table_line
from tests.fakes import WALL, S

OPEN = Incident(1, "cpu", "cpu_percent", Level.CRITICAL, WALL, 95.0, 80.0)
MAKE = Culprit("make\n<b>", 7, 320.0, 1 << 30)


def test_what_happened_is_said_with_its_figures() -> None:
    assert words.what_happened(OPEN) == "CPU of the machine went to 95 %, the limit was 80 %"
    assert words.conclusion(OPEN) == words.what_happened(OPEN)


def test_the_worst_process_is_named_where_it_is_known() -> None:
    finding = Finding(FindingKind.ONE_PROCESS, culprits=(MAKE, Culprit("cc1", 8)))
    sentence = words.conclusion(replace(OPEN, finding=finding))
    assert sentence == "make <b> kept 3.2 cores busy"
    assert words.culprit_phrase(MAKE) == "make <b> (7): CPU 320 %, memory 1 GB"
    assert words.culprit_phrase(Culprit("cc1", 8)) == "cc1 (8)"
    assert words.culprit_phrase(Culprit("cc1", 8, gone=True)) == "cc1, ended (8)"


def test_the_span_tells_whether_it_goes_on() -> None:
    firing = replace(OPEN, over_ns=90 * S)
    assert words.span_phrase(firing, WALL + 90 * S).endswith("(1 min so far)")
    assert words.span_phrase(firing, WALL + 90 * S).startswith("since ")
    settling = replace(firing, settling=True)
    assert words.span_phrase(settling, WALL + 90 * S).endswith("(1 min, settling)")
    assert words.state_phrase(settling) == "settling"
    over = replace(OPEN, cleared_ns=WALL + 30 * S)
    assert words.span_phrase(over, WALL + 90 * S).endswith("(30 s)")
    assert words.state_phrase(over) == "over"


def test_all_facts_are_told_each_in_a_line() -> None:
    whole = replace(OPEN, count=3, silence=Silence.MUTED, acknowledged_ns=WALL, note="a\nb\x1b[31m")
    lines = words.facts(whole, WALL)
    assert "Fired 3 times" in lines
    assert "Silent: muted" in lines
    assert "Note: a b [31m" in lines
    assert len(words.facts(OPEN, WALL)) == 2


def test_every_word_that_is_stored_has_one_that_is_shown() -> None:
    assert all(words.action_state(state) for state in ActionState)
    assert all(words.silence_phrase(silence) for silence in Silence if silence)


def test_markdown_from_outside_is_text() -> None:
    assert escaped("a|b*c_d<e>`f`\n# g") == r"a\|b\*c\_d\<e\>\`f\` \# g"
    assert table_line(["x|y", 3]) == r"| x\|y | 3 |"


# In few words


FIRED = Incident(1, "cpu", Measure.CPU, Level.CRITICAL, WALL, 95.0, 80.0)
DAY = 86_400 * S


def test_the_title_names_measure_and_limit() -> None:
    cases: list[tuple[str, float, float, str]] = [
        (Measure.LATENESS, 380.0, 50.0, "Hiccup 380 ms"),
        (Measure.CPU, 95.0, 80.0, "CPU over 80 %"),
        (Measure.CPU, 80.0, 80.0, "CPU over 80 %"),
        (Measure.CPU, 3.0, 5.0, "CPU under 5.0 %"),
        (Measure.DISK_FREE, 1.2, 2.0, "Free disk space under 2.0 %"),
        (Measure.DISK_FREE, 2.0, 2.0, "Free disk space under 2.0 %"),
        (Measure.OWN_MEMORY, 120.0, 100.0, "Own memory over 100 MB"),
        (Measure.MISSED, 4.0, 3.0, "Number of missed beats over 3"),
        ("custom:queue", 4.0, 3.0, "queue over 3"),
    ]
    for measure, peak, limit, title in cases:
        assert words.title(replace(FIRED, measure=measure, peak=peak, limit=limit)) == title


def test_every_measure_has_a_short_name() -> None:
    assert all(words.short_measure(measure) for measure in Measure)


def test_when_is_as_short_as_can_be() -> None:
    assert len(words.when(WALL, WALL)) == len("14:03:07")
    assert len(words.when(WALL, WALL + 2 * DAY)) == len("03-10 22:41")
    assert len(words.when(WALL, WALL + 400 * DAY)) == len("2025-03-12")
    assert words.when(10**30, WALL) == "–"


def test_what_was_open_when_the_recording_ended_is_not_told_as_ongoing() -> None:
    left = replace(FIRED, over_ns=38 * S, settling=True, watched=False)
    said = [words.lasted(left), words.state_phrase(left), words.mark_phrase(left.level, left.state)]
    said += [*words.facts(left, WALL + 90 * S)[1:2], words.figures_line(left, WALL), *words.remarks(left)]
    assert all("open when the recording ended" in each for each in said), said
    assert words.lasted(left).startswith("38 s")
    assert words.lasted(replace(left, over_ns=None)) == words.state_phrase(left), (
        "as an older program kept it"
    )
    assert words.state_phrase(replace(left, cleared_ns=WALL + S)) == "over"
    assert (incident_facts(left)["state"], incident_facts(left)["ongoing"]) == ("firing", False)


def test_how_long_it_lasted() -> None:
    assert words.lasted(FIRED) == "ongoing", "an older program did not keep how long"
    assert words.lasted(replace(FIRED, over_ns=90 * S)) == "1 min so far"
    assert words.lasted(replace(FIRED, over_ns=38 * S, settling=True)) == "38 s, settling"
    over = replace(FIRED, cleared_ns=WALL + 30 * S)
    assert words.lasted(over) == "30 s", "as an older program kept it"
    assert words.lasted(replace(over, over_ns=20 * S)) == "20 s"
    hiccup = replace(over, measure=Measure.LATENESS, peak=380.0)
    assert words.lasted(hiccup) == "380 ms"
    assert words.lasted(replace(hiccup, count=2)) == "30 s"
    assert words.title(replace(hiccup, count=2)) == "2 hiccups, longest 380 ms", (
        "not when the first of them began"
    )
    assert "1.8 s in all" in words.figures_line(replace(hiccup, count=2, over_ns=1_790_000_000), WALL)
    assert words.remarks(replace(hiccup, count=2)) == [], "its title says it"
    several = replace(hiccup, count=2, over_ns=1_790_000_000)
    assert words.lasted(several) == "1.8 s", "not less than the worst of them"


def test_the_mark_says_level_and_state() -> None:
    assert words.mark_phrase(Level.CRITICAL, IncidentState.FIRING) == "critical, ongoing"
    assert words.mark_phrase(Level.WARNING, IncidentState.CLEARED) == "warning, over"


def test_what_is_remarked_beside_the_title() -> None:
    assert words.remarks(FIRED) == []
    whole = replace(FIRED, count=4, silence=Silence.MUTED, acknowledged_ns=WALL)
    assert words.remarks(whole) == ["×4", "muted", "acknowledged"]
    assert all(words.silence_sentence(silence) for silence in Silence if silence)
    assert words.flapping_sentence(1) == ""
    assert words.flapping_sentence(2).startswith("It came back 1 time within")


def test_the_line_of_figures() -> None:
    line = words.figures_line(replace(FIRED, rule="a\nb", cleared_ns=WALL + 30 * S), WALL + 60 * S)
    assert line.endswith("lasted 30 s · worst 95 % · limit 80 % · rule “a b”")


# Open ones

BUSY = IncidentBrief(
    1,
    "cpu",
    "cpu_percent",
    Level.CRITICAL,
    WALL - 190 * S,
    97.0,
    80.0,
    1,
    Silence.NONE,
    False,
    "make",
    190.0,
    190 * S,
)
DISK = replace(
    BUSY, id=2, rule="disk", measure="disk_free_percent", level=Level.WARNING, peak=4.0, limit=5.0, culprit=""
)
HICCUP = replace(
    BUSY, id=3, rule="hiccup", measure="lateness_ms", level=Level.WARNING, peak=380.0, culprit=""
)


def test_open_incidents() -> None:
    assert words.incident_sentence(BUSY) == "CPU over 80 % for 3 min"
    assert words.incident_sentence(DISK) == "Free disk space under 5.0 % for 3 min"
    assert words.incident_sentence(HICCUP) == "Hiccup of 380 ms"
    assert words.incident_sentence(replace(BUSY, settling=True)) == "CPU was over 80 % for 3 min"
    assert (
        words.incident_sentence(replace(DISK, cleared_ns=WALL)) == "Free disk space was under 5.0 % for 3 min"
    )
    assert words.by_whom("It is busy", "a\nb\x1b[2J") == "It is busy: a b [2J"
    assert words.by_whom("It is busy", "") == "It is busy"


def test_what_a_process_uses() -> None:
    assert words.using("make", 190.0) == "make is using 1.9 cores"
    assert words.using("a\nb", 42.0) == "a b is using 42 % of a core"


def test_of_many_small_ones_none_is_named() -> None:
    finding = Finding(FindingKind.MANY_SMALL, {"programs": 40, "cpu_percent": 190.0}, (MAKE,))
    brief = IncidentBrief.of(replace(OPEN, finding=finding))
    assert (brief.culprit, words.whose(brief)) == ("", "many programs together")
    assert words.message_text((brief,)) == "many programs together"


def test_messages() -> None:
    assert words.message_title((BUSY,)) == "CPU over 80 % for 3 min"
    assert words.message_text((BUSY,)) == "make is using 1.9 cores"
    assert words.message_text((replace(BUSY, measure="memory_percent"),)) == "make is the likely cause"
    assert words.message_text((DISK,)) == "worst 4.0 %"
    assert words.message_title((BUSY, DISK)) == "2 incidents"
    many = tuple(replace(BUSY, id=number) for number in range(5))
    assert words.message_text(many).splitlines()[3:] == ["and 2 more"]
    assert len(words.message_text((BUSY, DISK)).splitlines()) == 2
