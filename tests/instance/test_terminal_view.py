"""The terminal view: it fits its window whatever is shown, and is understood without colour."""

import contextlib
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.cli.service import summary
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.terminal_view import MonitorView, beat_line, draw, sparkline
from aios_gui.record.model.health import StoreHealth
from aios_gui.text.terminal.screen import Screen, is_screen, style_of
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import cut, padded, width

NOW_NS = 1_700_000_000_000_000_000
BEAT = RecordedBeat(1, 5, NOW_NS, 24_000, 140_000, 0, 0, True, Cause.NONE, (), False, 17.0, 42.0)
SPREAD = Percentiles(60, 23_000, 31_000, 40_000, 86_000)
RUNNING = Snapshot(
    state=EngineState.RUNNING,
    beat=BEAT,
    strip=tuple(Severity),
    duration=SPREAD,
    lateness=SPREAD,
    made=4,
    due=4,
)
SEQUENCE = re.compile("\x1b\\[[0-9;]*m")


def picture(snapshot: Snapshot = RUNNING) -> MonitorView:
    return MonitorView(snapshot, [24_000] * 60, [140_000] * 60, "Beating here", NOW_NS)


@given(
    st.integers(20, 200),
    st.integers(3, 60),
    st.booleans(),
    st.booleans(),
    st.sampled_from([RUNNING, Snapshot()]),
)
def test_view_fits_its_window(
    columns: int, rows: int, colour: bool, blocks: bool, snapshot: Snapshot
) -> None:
    lines = draw(picture(snapshot), TerminalStyle(columns, rows, colour, blocks))
    assert len(lines) <= rows
    assert all(width(SEQUENCE.sub("", line)) <= columns for line in lines)
    assert colour or not any("\x1b" in line for line in lines)


def test_whole_view_says_what_matters() -> None:
    text = "\n".join(draw(picture(), TerminalStyle(80, 24, False, True)))
    for part in (
        "Calm for",
        "24 µs",
        "P50 23 µs",
        "P99 40 µs",
        "CPU 17 %",
        "memory 42 %",
        "4 of 4 beats",
        "Beating here",
    ):
        assert part in text


def test_nothing_is_told_of_what_is_not_known() -> None:
    nothing = Snapshot(state=EngineState.LOST)
    text = "\n".join(draw(picture(nothing), TerminalStyle(80, 24, False, True)))
    assert summary(nothing) == "beats=0 due=0 missed=0 availability=–"
    assert "0 of 0 beats, 0 missed, availability –" in text
    assert "Every beat is recorded" not in text


def test_each_cell_of_the_strip_has_a_shape_of_its_own() -> None:
    for blocks in (True, False):
        lines = draw(picture(), TerminalStyle(80, 24, False, blocks))
        (strip,) = [line for line in lines if len(line) == len(Severity)]
        assert len(set(strip)) == len(Severity)


def test_view_without_blocks_draws_no_line_that_ascii_lacks() -> None:
    assert sparkline([1, 10, 100], TerminalStyle(80, 24, False, False)).isascii()


def test_the_mark_is_that_of_the_state() -> None:
    cases: list[tuple[Snapshot, str]] = [
        (RUNNING, "●"),
        (replace(RUNNING, beat=replace(BEAT, breached=("cpu",))), "■"),
        (replace(RUNNING, state=EngineState.PAUSED), "○"),
        (replace(RUNNING, state=EngineState.LOST), "▲"),
        (replace(RUNNING, store=StoreHealth(False)), "▲"),
    ]
    for snapshot, mark in cases:
        assert draw(picture(snapshot), TerminalStyle(80, 24, False, True))[0].startswith(mark)


def test_where_it_is_narrow_the_name_of_the_process_stays() -> None:
    busy = replace(RUNNING, beat=replace(BEAT, cpu_percent=93.0, breached=("cpu",)), top_process="make")
    assert draw(picture(busy), TerminalStyle(80, 24, False, True))[0].endswith("CPU at 93 %, over 80 %: make")
    assert draw(picture(busy), TerminalStyle(20, 24, False, True))[0].endswith("CPU 93 %: make")


@given(st.lists(st.integers(0, 10**13), max_size=100))
def test_sparkline_rises_with_its_values(values: list[int]) -> None:
    bars = sparkline(values, TerminalStyle(80, 24, False, True))
    shown = values[-60:]
    assert len(bars) == len(shown)
    assert all(
        bars[i] <= bars[j] for i in range(len(shown)) for j in range(len(shown)) if shown[i] <= shown[j]
    )


def test_ordinary_jitter_stays_low() -> None:
    assert max(sparkline([20_000, 21_000, 24_000], TerminalStyle(80, 24, False, True))) <= "▂"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60), st.integers(1, 40))
def test_text_is_cut_by_the_places_it_takes(text: str, places: int) -> None:
    assert width(cut(text, places)) <= places
    assert width(padded(cut(text, places), places)) == places


def test_chinese_letters_take_two_places() -> None:
    assert width("平稳 3 小时") == 11
    assert cut("平稳小时", 5) == "平稳…"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_screen_is_given_back_even_after_an_error() -> None:
    out = Terminal()
    with contextlib.suppress(KeyboardInterrupt), Screen(out) as screen:
        screen.show(["a", "b"])
        raise KeyboardInterrupt
    text = out.getvalue()
    assert text.startswith("\x1b[?1049h")
    assert text.endswith("\x1b[?25h\x1b[?1049l")
    assert "a\x1b[K\nb\x1b[K\x1b[J" in text


def test_what_the_terminal_can_do_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows is asked about the console of this process, of which it has none.
    monkeypatch.setattr("aios_gui.text.terminal.screen._understands_sequences", lambda: True)
    out = Terminal()
    assert is_screen(out, {"TERM": "xterm"})
    assert not is_screen(out, {"TERM": "dumb"})
    assert not is_screen(io.StringIO(), {})
    assert style_of(out, {}).colour
    assert not style_of(out, {"NO_COLOR": "1"}).colour
    out.encoding = "ascii"
    assert not style_of(out, {}).blocks


def test_beat_as_a_line_for_programs() -> None:
    line = beat_line(replace(BEAT, missed=2, cause=Cause.FROZEN, memory_percent=None))
    assert "HEARTBEAT_OK (0.02ms)  lateness=0.14ms  missed=2  cpu=17.0%  memory=?  cause=frozen" in line
