"""Figures as SVG."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

from aios_gui.reports.formats import svg
from aios_gui.reports.model.drawing import Box, Drawing, Ink
from tests.reports.reports_made import SHOWN, a_figure

NAMES = {"s": "http://www.w3.org/2000/svg"}


def drawn(figure: object = None) -> ET.Element:
    out = io.BytesIO()
    svg.write(a_figure() if figure is None else figure, out)  # type: ignore[arg-type]
    return ET.fromstring(out.getvalue())


def test_it_is_well_formed_and_holds_text_as_text() -> None:
    root = drawn()
    assert root.findtext("s:text", namespaces=NAMES) == SHOWN
    assert not root.findall(".//s:script", NAMES)
    assert {each.text for each in root.iterfind(".//s:rect/s:title", NAMES)} == {SHOWN}


def test_it_tells_in_words_what_it_shows() -> None:
    root = drawn()
    assert root.get("role") == "img"
    assert root.get("aria-label") == SHOWN
    assert root.findtext("s:desc", namespaces=NAMES) == SHOWN


def test_a_hatched_area_has_its_pattern_beside_it() -> None:
    root = drawn()
    pattern = root.find("s:pattern", NAMES)
    assert pattern is not None
    fills = [each.get("fill") for each in root.iterfind("s:rect", NAMES)]
    assert f"url(#{pattern.get('id')})" in fills


def test_a_width_below_nothing_is_nothing() -> None:
    figure = replace(a_figure(), drawing=Drawing(10, 10, (Box(5, 5, -3, 2, Ink.FINE),)))
    assert drawn(figure).findall("s:rect", NAMES)[-1].get("width") == "0"
