"""Formats of files that leave the program: one module each, and one line here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from types import ModuleType


class FormatKind(StrEnum):
    """What a format writes, which tells how its module is called.

    The module of a report has ``write(report, out)``, that of a figure ``write(figure, out)``, and that of raw data
    ``write(data, out)`` with a ``RawData``, which returns how many beats there were. ``out`` takes bytes.
    """

    REPORT = "report"
    DATA = "data"
    FIGURE = "figure"


class FormatUnavailable(Exception):
    """A format needs a package that is not installed; the message is a whole sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, the ending of its files, and the module below this folder."""

    name: str
    suffix: str
    kind: FormatKind
    module: str
    words: str
    """What it is and what opens it, to be translated."""
    options: tuple[str, ...] = ()
    """Which options of `export` it knows that not all formats have."""
    needs: str = ""
    """The package without which it cannot be written, where it is not one of those that are always there."""

    @property
    def title(self) -> str:
        """What it is and what opens it, in the language spoken."""
        return _(self.words)

    @property
    def is_available(self) -> bool:
        """Whether the package that it needs is installed."""
        from importlib.util import find_spec

        return not self.needs or find_spec(self.needs) is not None

    def check(self) -> None:
        """``FormatUnavailable`` where the package that it needs is not installed."""
        if not self.is_available:
            if getattr(sys, "frozen", False):
                sentence = _(
                    "{format} is not part of this package; the one for pip has it: “aios-heartbeat[{format}]”"
                )
            else:
                sentence = _("{format} needs the package {package}: pip install “aios-heartbeat[{format}]”")
            raise FormatUnavailable(sentence.format(format=self.name, package=self.needs))

    def load(self) -> ModuleType:
        """The module that writes it, which may take a while to import."""
        from importlib import import_module

        return import_module(f"{__name__}.{self.module}")


def _data(name: str, suffix: str, module: str, words: str, *options: str, needs: str = "") -> Format:
    return Format(name, suffix, FormatKind.DATA, module, words, options, needs)


# PyInstaller reads the modules from here.
FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            "html",
            ".html",
            FormatKind.REPORT,
            "html",
            N_("HTML: one page, works offline"),
        ),
        Format("pdf", ".pdf", FormatKind.REPORT, "pdf", N_("PDF: to print, to send and to file")),
        Format("markdown", ".md", FormatKind.REPORT, "markdown", N_("Markdown: for chats and issues")),
        Format("png", ".png", FormatKind.FIGURE, "png", N_("PNG: one figure as a picture")),
        Format("svg", ".svg", FormatKind.FIGURE, "svg", N_("SVG: one figure as lines, at any size")),
        _data("csv", ".csv", "csv_format", N_("CSV: a line a beat, for spreadsheets"), "bom", "imported"),
        _data("jsonl", ".jsonl", "json_lines", N_("JSON Lines: an object a beat, for programs"), "imported"),
        _data("hgrm", ".hgrm", "hgrm", N_("HdrHistogram percentiles, for its plotter"), "measure"),
        _data("hlog", ".hlog", "hlog", N_("HdrHistogram log: histograms by the hour or minute"), "every"),
        _data("trace", ".json", "trace", N_("Trace: hiccups by culprit, for Perfetto and speedscope")),
        _data("openmetrics", ".prom", "openmetrics", N_("OpenMetrics, for Prometheus"), "every"),
        _data("influx", ".lp", "influx_line", N_("Influx line protocol: a line a beat"), "imported"),
        _data(
            "parquet",
            ".parquet",
            "parquet",
            N_("Parquet, for DuckDB and pandas"),
            "imported",
            needs="pyarrow",
        ),
    )
}


def of_kind(*kinds: FormatKind) -> dict[str, Format]:
    """The formats of these kinds by their names, in the order in which they are offered."""
    return {name: form for name, form in FORMATS.items() if form.kind in kinds}
