"""The medians of two spans over each other, from the beginning of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis.model.analysis import Timed
from aios_gui.history.comparison.side_by_side import Medians, SideBySide
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.chart import Drawing, Line, LineChart, Stop
from aios_gui.ui.history.findings.shape_cards import QUANTITIES
from aios_gui.ui.plots.value_scale import LinearScale, Tick
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_LETTERS = "A", "B"
_STEPS_S = (300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 7 * 86_400, 30 * 86_400)
_MOST_TICKS = 8
_LEAST_TOP_NS = 10_000.0
Values = Sequence[float | None]


class MediansCard(FindingCard):
    """Duration or lateness, as is chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.chart = LineChart(theme)
        super().__init__(theme, self.chart, parent)
        self._answer: SideBySide | None = None
        self.choice = self.add_choice(len(QUANTITIES), lambda _place: self._show())

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Medians over time"))
        super().retranslate()
        for button, text in zip(self.choice.buttons(), (_("Lateness"), _("Duration")), strict=True):
            button.setText(text)
        self._show()

    def show_answer(self, answer: SideBySide) -> None:
        """Draw these."""
        self._answer = answer
        self._show()

    def _show(self) -> None:
        if self._answer is None:
            return
        timed = QUANTITIES[self.choice.checkedId()]
        medians = self._answer.a.medians, self._answer.b.medians
        both = [values_of(each, timed) for each in medians]
        self.chart.show_drawing(_drawing(medians, both, timed))
        ranges = [
            _("{name}: medians from {least} to {most}.").format(
                name=letter, least=figures.duration(min(known)), most=figures.duration(max(known))
            )
            for letter, values in zip(_LETTERS, both, strict=True)
            if (known := [each for each in values if each is not None])
        ]
        columns = (Column(_("from the beginning"), right=False), *(Column(letter) for letter in _LETTERS))
        self.tell(paragraph(ranges), columns, _rows(medians, both))


def values_of(medians: Medians, timed: Timed) -> Values:
    """The medians of one of the times, ns."""
    return medians.lateness_ns if timed is Timed.LATENESS else medians.duration_ns


def _drawing(medians: tuple[Medians, Medians], both: Sequence[Values], timed: Timed) -> Drawing:
    known = [value for values in both for value in values if value is not None]
    length_s = max(len(values) * each.bucket_s for each, values in zip(medians, both, strict=True))
    if not known or not length_s:
        return Drawing()
    scale = LinearScale(_LEAST_TOP_NS)
    scale.fit(min(known), max(known))
    lines = []
    for letter, tone, each, values in zip(_LETTERS, ("muted", timed), medians, both, strict=True):
        points = tuple(
            (
                (place + 0.5) * each.bucket_s / length_s,
                value / scale.top if value is not None else float("nan"),
            )
            for place, value in enumerate(values)
        )
        lines.append(Line(points, tone, letter))
    step_s = next((each for each in _STEPS_S if length_s / each <= _MOST_TICKS), _STEPS_S[-1])
    columns = [
        Tick(at_s / length_s, figures.span(at_s * 1e9) if at_s else "0")
        for at_s in range(0, int(length_s) + 1, step_s)
    ]
    stops = [
        Stop((place + 0.5) * _bucket_s(medians) / length_s, text)
        for place, text in enumerate(_read(medians, both))
    ]
    return Drawing(tuple(lines), scale.ticks(), tuple(columns), tuple(stops))


def _bucket_s(medians: tuple[Medians, Medians]) -> float:
    return max(each.bucket_s for each in medians)


def _steps(medians: tuple[Medians, Medians], both: Sequence[Values]) -> list[tuple[str, list[float | None]]]:
    """How long after the begin, and what both were then."""
    bucket_s = _bucket_s(medians)
    count = round(
        max(len(values) * each.bucket_s for each, values in zip(medians, both, strict=True)) / bucket_s
    )
    found = []
    for step in range(count):
        values = []
        for each, medians_ns in zip(medians, both, strict=True):
            place = int(step * bucket_s / each.bucket_s) if each.bucket_s else 0
            values.append(medians_ns[place] if place < len(medians_ns) else None)
        found.append((figures.span(step * bucket_s * 1e9) if step else "0", values))
    return found


def _read(medians: tuple[Medians, Medians], both: Sequence[Values]) -> list[str]:
    return [
        f"{after}: "
        + " · ".join(
            f"{letter} {figures.duration(value)}" for letter, value in zip(_LETTERS, values, strict=True)
        )
        for after, values in _steps(medians, both)
    ]


def _rows(medians: tuple[Medians, Medians], both: Sequence[Values]) -> list[Row]:
    return [
        (Fact(after), *(Fact(figures.duration(value)) for value in values))
        for after, values in _steps(medians, both)
    ]
