"""Progress is drawn in place on a terminal, wiped off at the end, and shown nowhere else."""

import io

import pytest

from aios_gui.text.terminal.progress_line import ProgressLine


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def capable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {**__import__("os").environ, "TERM": "xterm", "COLUMNS": "40"})
    # Windows is asked about the console of this process, of which it has none.
    monkeypatch.setattr("aios_gui.text.terminal.screen._understands_sequences", lambda: True)


def test_each_draws_over_the_one_before_and_the_last_is_wiped_off() -> None:
    out = Terminal()
    with ProgressLine(out) as line:
        line.show(0.0, "begun")
        line.show(0.5, "half")
    begun, half, wiped = out.getvalue().split("\r")[1:]
    assert begun.startswith("░" * 20 + " begun")
    assert half.startswith("█" * 10 + "░" * 10 + " half")
    assert wiped == "\x1b[K"


def test_a_long_line_is_cut_so_that_it_stays_one() -> None:
    out = Terminal()
    ProgressLine(out).show(1.0, "word " * 40)
    assert len(out.getvalue().replace("\x1b[K", "").strip("\r")) == 39


def test_elsewhere_nothing_is_shown() -> None:
    out = io.StringIO()
    with ProgressLine(out) as line:
        line.show(0.5, "half")
    assert out.getvalue() == ""
    with ProgressLine(None) as line:
        line.show(0.5, "half")
