"""A report: title, question, verdict, and sections of facts, in the words of one language and for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.reports.model.drawing import Drawing


class Tone(StrEnum):
    """What a figure or a sentence says, shown by colour and by shape."""

    PLAIN = "plain"
    FINE = "fine"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


SIGNS = {Tone.FINE: "●", Tone.WARNING: "■", Tone.CRITICAL: "▲", Tone.UNKNOWN: "○"}
"""The shapes of tones, which tell them apart in grey, too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; of those with a tone the shape is shown before the text."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column, and whether it holds figures, which stand at the right."""

    title: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns; ``caption`` says what they are."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its unit, what it is called, and how it is defined."""

    name: str
    value: str
    definition: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures that belong together; ``are_large`` for the few that a reader is to see first."""

    facts: tuple[Fact, ...]
    are_large: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing under its name, with what it shows in a sentence, and its figures as a table where they are few."""

    name: str
    title: str
    summary: str
    drawing: Drawing
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``is_muted`` for what only explains."""

    text: str
    is_muted: bool = False
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    texts: tuple[str, ...]


Block = Facts | Table | Figure | Text | Items


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; ``key`` is its name for links, templates and tests."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to the question of a report, and what it rests on, a sentence each."""

    tone: Tone
    sentence: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All of a report. ``span`` and ``origin`` say of what and by whom it is; ``language`` is a code as ``zh_CN``."""

    template: str
    title: str
    question: str
    verdict: Verdict
    span: str
    origin: str
    sections: tuple[Section, ...]
    language: str

    def figures(self) -> Iterator[Figure]:
        """Its drawings, in the order in which they stand."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    yield block
