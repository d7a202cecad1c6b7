"""A figure as SVG: by itself with fixed colours, or within a page that gives the colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from html import escape
from typing import BinaryIO

from aios_gui.reports.model.drawing import Box, Curve, Ink, Item, Label, Line, Mark, Shape
from aios_gui.reports.model.report import Figure
from aios_gui.text.colours import LIGHT
from aios_gui.text.plain import plain

FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
_HINT_CHARACTERS = 200
Colour = Callable[[Ink], str]


def write(figure: Figure, out: BinaryIO) -> None:
    """Write the figure as a file of its own, on a light ground."""
    light = asdict(LIGHT)
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(svg_of(figure, lambda ink: str(light[ink]), alone=True).encode())


def svg_of(figure: Figure, colour: Colour, alone: bool = False) -> str:
    """The figure as an ``svg`` element that tells in words what it shows; ``alone`` as in a file of its own."""
    drawing = figure.drawing
    size = f"0 0 {_figure(drawing.width)} {_figure(drawing.height)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-label="{_text(figure.summary)}"'
    ]
    if alone:
        parts.append(f' width="{_figure(drawing.width)}" height="{_figure(drawing.height)}"')
        parts.append(f' font-family="{escape(FONTS)}">\n')
        parts.append(f"<title>{_text(figure.title)}</title><desc>{_text(figure.summary)}</desc>\n")
        parts.append(f'<rect width="100%" height="100%" fill="{colour(Ink.SURFACE)}"/>\n')
    else:
        parts.append(">\n")
    hatched = {item.ink for item in drawing.items if isinstance(item, Box) and item.is_hatched}
    parts += [_pattern(ink, figure.name, colour) for ink in sorted(hatched)]
    parts += [_drawn(item, figure.name, colour) for item in drawing.items]
    parts.append("</svg>\n")
    return "".join(parts)


def _pattern(ink: Ink, name: str, colour: Colour) -> str:
    return (
        f'<pattern id="{escape(name)}-{ink}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{colour(ink)}" fill-opacity="0.14"/>'
        f'<rect width="1.5" height="6" fill="{colour(ink)}" fill-opacity="0.7"/></pattern>\n'
    )


def _drawn(item: Item, name: str, colour: Colour) -> str:
    match item:
        case Line():
            places = f'x1="{_figure(item.x1)}" y1="{_figure(item.y1)}" x2="{_figure(item.x2)}" y2="{_figure(item.y2)}"'
            return f"<line {places}{_stroke(item, colour)}/>\n"
        case Curve():
            return _curve(item, colour)
        case Box():
            fill = f"url(#{escape(name)}-{item.ink})" if item.is_hatched else colour(item.ink)
            shape = (
                f'x="{_figure(item.x)}" y="{_figure(item.y)}" '
                f'width="{_figure(max(0.0, item.width))}" height="{_figure(max(0.0, item.height))}"'
            )
            opacity = f' fill-opacity="{_figure(item.opacity)}"' if item.opacity < 1 else ""
            return _hinted("rect", f'{shape} fill="{fill}"{opacity}', item.hint)
        case Mark():
            return _mark(item, colour)
        case Label():
            weight = ' font-weight="600"' if item.is_strong else ""
            return (
                f'<text x="{_figure(item.x)}" y="{_figure(item.y)}" fill="{colour(item.ink)}" '
                f'font-size="{_figure(item.size)}" text-anchor="{item.anchor}"{weight}>{_text(item.text)}</text>\n'
            )


def _curve(curve: Curve, colour: Colour) -> str:
    points = " ".join(f"{_figure(x)},{_figure(y)}" for x, y in zip(curve.xs, curve.ys, strict=True))
    if curve.is_area:
        return f'<polygon points="{points}" fill="{colour(curve.ink)}" fill-opacity="{_figure(curve.opacity)}"/>\n'
    return f'<polyline points="{points}" fill="none" stroke-linejoin="round"{_stroke(curve, colour)}/>\n'


def _stroke(item: Line | Curve, colour: Colour) -> str:
    dashes = f' stroke-dasharray="{" ".join(map(_figure, item.dashes))}"' if item.dashes else ""
    return f' stroke="{colour(item.ink)}" stroke-width="{_figure(item.width)}"{dashes}'


def _mark(mark: Mark, colour: Colour) -> str:
    half, fill = mark.size / 2, f'fill="{colour(mark.ink)}"'
    if mark.shape is Shape.DOT:
        return _hinted(
            "circle", f'cx="{_figure(mark.x)}" cy="{_figure(mark.y)}" r="{_figure(half)}" {fill}', mark.hint
        )
    points = " ".join(f"{_figure(x)},{_figure(y)}" for x, y in corners(mark))
    return _hinted("polygon", f'points="{points}" {fill}', mark.hint)


def corners(mark: Mark) -> list[tuple[float, float]]:
    """The corners of a mark that has some."""
    x, y, half = mark.x, mark.y, mark.size / 2
    if mark.shape is Shape.TRIANGLE:
        return [(x, y - half), (x + half, y + half), (x - half, y + half)]
    if mark.shape is Shape.DIAMOND:
        return [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _hinted(element: str, attributes: str, hint: str) -> str:
    if not hint:
        return f"<{element} {attributes}/>\n"
    return f"<{element} {attributes}><title>{_text(hint)}</title></{element}>\n"


def _text(text: str) -> str:
    return escape(plain(text, _HINT_CHARACTERS * 2))


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
