"""Reports for tests: one with every kind of block, in which every text is hostile or Chinese."""

from aios_gui.reports.model.drawing import Anchor, Box, Curve, Drawing, Ink, Label, Line, Mark, Shape
from aios_gui.reports.model.report import (
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Items,
    Report,
    Section,
    Table,
    Text,
    Tone,
    Verdict,
)

HOSTILE = "<script>alert(1)</script>=cmd|' /C calc'!A0 | `x` \u202eevil\u2066\x07 </svg></title>\"'&amp;"
SHOWN = "<script>alert(1)</script>=cmd|' /C calc'!A0 | `x` evil </svg></title>\"'&amp;"
"""What a reader is to see of it."""
CHINESE = "延迟最严重的卡顿"


def a_drawing(text: str = HOSTILE) -> Drawing:
    """One of each item."""
    return Drawing(
        200.0,
        100.0,
        (
            Line(0, 0, 200, 0, Ink.GRID, dashes=(2.0, 3.0)),
            Curve((0.0, 50.0, 200.0), (10.0, 20.0, 15.0), Ink.DURATION),
            Curve((0.0, 50.0, 50.0, 0.0), (10.0, 20.0, 30.0, 25.0), Ink.LATENESS, is_area=True, opacity=0.2),
            Box(20, 20, 30, 30, Ink.GAP, is_hatched=True, hint=text),
            Box(60, 20, 30, 30, Ink.FINE, 0.5, hint=text),
            *(
                Mark(100 + 10 * place, 50, shape, Ink.CRITICAL, hint=text)
                for place, shape in enumerate(Shape)
            ),
            Label(10, 90, text, Ink.TEXT, 11, Anchor.START),
            Label(190, 90, CHINESE, Ink.MUTED, 11, Anchor.END, is_strong=True),
        ),
    )


def a_figure(text: str = HOSTILE) -> Figure:
    """A figure with a table."""
    return Figure("made", text, text, a_drawing(text), a_table(text))


def a_table(text: str = HOSTILE, rows: int = 2) -> Table:
    """Of three columns, with marks."""
    return Table(
        text,
        (Column(text), Column("figures", is_figure=True), Column("state")),
        tuple((Cell(text), Cell("1,234.5 ms"), Cell(CHINESE, Tone.CRITICAL)) for _row in range(rows)),
    )


def a_report(text: str = HOSTILE, rows: int = 2) -> Report:
    """A report in which ``text`` stands wherever there can be text."""
    return Report(
        "made",
        text,
        text,
        Verdict(Tone.CRITICAL, text, (text, CHINESE)),
        text,
        text,
        (
            Section("first", text, (Text(text, tone=Tone.WARNING), Items((text, CHINESE)))),
            Section(
                "second",
                CHINESE,
                (
                    Facts((Fact(text, "42 µs", text, Tone.FINE), Fact("mean", text)), are_large=True),
                    Facts((Fact(text, "42 µs"),)),
                    a_table(text, rows),
                    a_figure(text),
                ),
            ),
        ),
        "zh_CN",
    )
