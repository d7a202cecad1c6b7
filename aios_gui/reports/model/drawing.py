"""A figure as lines, areas and labels, in colours by what they stand for: drawn as SVG, and painted for PDF and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ink(StrEnum):
    """A colour by what it stands for; the words are the names of the look's colours."""

    TEXT = "text"
    MUTED = "muted"
    GRID = "grid"
    SURFACE = "surface"
    FINE = "fine"
    WARNING = "warning"
    CRITICAL = "critical"
    GAP = "gap"
    DURATION = "duration"
    LATENESS = "lateness"
    CPU = "cpu"
    MEMORY = "memory"


class Anchor(StrEnum):
    """Which part of a label stands at its place; the words are those of SVG."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Shape(StrEnum):
    """The form of a mark, which tells it from others in grey, too."""

    DOT = "dot"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Line:
    """From one point to another; ``dashes`` are lengths of line and of gap, none for a whole line."""

    x1: float
    y1: float
    x2: float
    y2: float
    ink: Ink
    width: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """Through points, of which ``xs`` and ``ys`` have as many; filled as an area where it is not a line."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    ink: Ink
    width: float = 1.5
    dashes: tuple[float, ...] = ()
    is_area: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, or one of slanting lines; ``hint`` is told of it where a reader points at it."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    opacity: float = 1.0
    is_hatched: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign, its middle at a point."""

    x: float
    y: float
    shape: Shape
    ink: Ink
    size: float = 7.0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in one line, its base line at ``y``."""

    x: float
    y: float
    text: str
    ink: Ink = Ink.MUTED
    size: float = 11.0
    anchor: Anchor = Anchor.START
    is_strong: bool = False


Item = Line | Curve | Box | Mark | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, later items over earlier ones, on a ground of ``width`` by ``height``."""

    width: float
    height: float
    items: tuple[Item, ...]
