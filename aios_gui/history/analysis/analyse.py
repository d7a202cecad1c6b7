"""Analyses a span of the record; the figures that others show, say and report."""

from __future__ import annotations

from collections.abc import Callable

from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import TimeRange


class Cancelled(Exception):
    """The analysis was given up, since it was asked to."""


def analyse(
    history: History,
    span: TimeRange,
    *,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Analysis:
    """The span analysed; Cancelled as soon as ``is_cancelled`` says so, StoreError as of the reader.

    ``progress`` is told the share that is done, 0 to 1, on the thread that asks.
    """
    raise NotImplementedError
