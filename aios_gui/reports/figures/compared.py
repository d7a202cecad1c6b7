"""The figure of two spans compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aios_gui.reports.figures.plot import Plot
from aios_gui.reports.model.drawing import Anchor, Box, Ink, Item, Label, Line, Mark, Shape
from aios_gui.reports.model.report import Figure
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.history.comparison.model import Comparison


def comparison_figure(comparison: Comparison) -> Figure | None:
    """The change of each measure with its interval, over the noise of this machine; None where there is none."""
    from aios_gui.history.comparison import words
    from aios_gui.history.comparison.model import Verdict

    known = [each for each in comparison.measures if each.ratio is not None and each.ratio > 0]
    if not known:
        return None
    ends = [
        value
        for each in known
        for value in (each.ratio, each.low, each.high, each.noise, 1 / each.noise if each.noise else None)
        if value
    ]
    # A little more, so that no mark touches the names.
    reach = min(20.0, max(1.2, *ends, *(1 / end for end in ends))) * 1.08
    plot = Plot((-math.log(reach), math.log(reach)), (0.0, 1.0), 34.0 * len(known), left=170.0)
    for factor in [
        each
        for each in (1 / 8, 1 / 4, 1 / 2, 1 / 1.25, 1.0, 1.25, 2.0, 4.0, 8.0)
        if 1 / reach <= each <= reach
    ]:
        x = plot.at_x(math.log(factor))
        plot.items.append(Line(x, plot.top, x, plot.bottom, Ink.MUTED if factor == 1 else Ink.GRID))
        text = _("same") if factor == 1 else words.change(factor)
        plot.items.append(Label(x, plot.bottom + 17, text, Ink.MUTED, 11, Anchor.MIDDLE))
    looks = {Verdict.BETTER: (Ink.FINE, Shape.DOT), Verdict.WORSE: (Ink.CRITICAL, Shape.TRIANGLE)}
    for place, each in enumerate(known):
        y = plot.top + 34 * place + 17
        ink, shape = looks.get(each.verdict, (Ink.MUTED, Shape.SQUARE))
        if each.noise:
            left, right = plot.at_x(-math.log(each.noise)), plot.at_x(math.log(each.noise))
            plot.items.append(Box(left, y - 10, right - left, 20, Ink.GAP, 0.25))
        if each.low and each.high:
            ends_x = plot.at_x(math.log(each.low)), plot.at_x(math.log(each.high))
            plot.items.append(Line(ends_x[0], y, ends_x[1], y, ink, 2.0))
        plot.items.append(Mark(plot.at_x(math.log(each.ratio or 1)), y, shape, ink, 10.0))
        plot.items.append(
            Label(plot.left - 12, y + 4, words.measure_name(each.measure), Ink.TEXT, 12, Anchor.END)
        )
    summary = words.verdict_sentence(comparison)
    key: list[Item] = [
        Box(plot.left, plot.bottom + 30, 16, 11, Ink.GAP, 0.25),
        Label(
            plot.left + 22,
            plot.bottom + 39,
            _("what two spans differ by here without any change"),
            Ink.TEXT,
            11,
        ),
    ]
    return Figure("comparison", _("The second span against the first"), summary, plot.drawing(key, 48))
