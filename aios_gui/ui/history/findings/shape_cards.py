"""The cards of how the times are distributed: the curve of percentiles, and how often each length was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis.model.analysis import Analysis, Timed
from aios_gui.history.model.distribution import Timing
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.chart import LineChart
from aios_gui.ui.history.findings.shapes import (
    Curve,
    distribution_drawing,
    distribution_table,
    most_often_ns,
    percentiles_drawing,
    percentiles_table,
)
from aios_gui.ui.theme import Theme

QUANTITIES = Timed.LATENESS, Timed.DURATION
Curves = dict[Timed, Sequence[Curve]]
"""The curves of each time."""


class ShapeCard(FindingCard):
    """Curves of one quantity at a time; which, is chosen where there is a choice."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.chart = LineChart(theme)
        super().__init__(theme, self.chart, parent)
        self._curves: Curves = {}
        self.choice = self.add_choice(len(QUANTITIES), lambda _place: self._show())

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        super().retranslate()
        for button, text in zip(self.choice.buttons(), (_("Lateness"), _("Duration")), strict=True):
            button.setText(text)
        self._show()

    def show_analysis(self, analysis: Analysis) -> None:
        """Each time as it was measured, and dashed with what no beat was there to measure."""
        found: Curves = {}
        for timed, name in ((Timed.LATENESS, _("Lateness")), (Timed.DURATION, _("Duration"))):
            timing: Timing = getattr(analysis.distributions, timed)
            found[timed] = (
                Curve(name, timed, timing.raw),
                Curve(_("corrected for missed beats"), timed, timing.corrected, is_dashed=True),
            )
        self.show_curves(found)

    def show_curves(self, curves: Curves) -> None:
        """Show these."""
        self._curves = curves
        self._show()

    def _chosen(self) -> Sequence[Curve]:
        return self._curves.get(QUANTITIES[self.choice.checkedId()], ())

    def _show(self) -> None:
        raise NotImplementedError


class PercentilesCard(ShapeCard):
    """Times against percentiles."""

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Percentiles"))
        super().retranslate()

    def _show(self) -> None:
        curves = self._chosen()
        self.chart.show_drawing(percentiles_drawing(curves))
        told = [
            _("{name}: half of the beats within {p50}, 99 of 100 within {p99}, all within {most}.").format(
                name=curve.name,
                p50=figures.duration(curve.times.at(0.5)),
                p99=figures.duration(curve.times.at(0.99)),
                most=figures.duration(curve.times.most_ns),
            )
            for curve in curves
            if curve.times.count and not curve.is_dashed
        ]
        self.tell(paragraph(told), *percentiles_table(curves))


class DistributionCard(ShapeCard):
    """How often each length of time was."""

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Distribution"))
        super().retranslate()

    def _show(self) -> None:
        curves = [curve for curve in self._chosen() if not curve.is_dashed]
        self.chart.show_drawing(distribution_drawing(curves))
        told = [
            _("{name}: most often about {mode}, one in 20 over {p95}.").format(
                name=curve.name,
                mode=figures.duration(most_often_ns(curve.times)),
                p95=figures.duration(curve.times.at(0.95)),
            )
            for curve in curves
            if curve.times.count
        ]
        self.tell(paragraph(told), *distribution_table(curves))
