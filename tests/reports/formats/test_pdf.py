"""Reports as PDF and figures as PNG, by what other programs read of them."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from aios_gui.reports.formats import pdf, png
from tests.reports.reports_made import CHINESE, a_figure, a_report

READER, FONTS = shutil.which("pdftotext"), shutil.which("pdffonts")
NEEDED = pytest.mark.skipif(not READER or not FONTS, reason="poppler-utils are not installed")


def written(folder: Path, rows: int = 2) -> Path:
    out = io.BytesIO()
    pdf.write(replace(a_report(rows=rows), title="Report", template="made"), out)
    file = folder / "report.pdf"
    file.write_bytes(out.getvalue())
    return file


def read(command: str | None, *arguments: str) -> str:
    assert command is not None
    answer = subprocess.run([command, *arguments], capture_output=True, encoding="utf-8", check=True)
    assert answer.stderr == ""
    return answer.stdout


@NEEDED
def test_figures_and_chinese_are_text_that_others_read(qapp: object, tmp_path: Path) -> None:
    text = read(READER, str(written(tmp_path)), "-")
    plain = re.sub(r"\s", "", text)
    assert CHINESE in plain
    assert "1,234.5ms" in plain
    assert "42µs" in plain
    assert "<script>alert(1)</script>=cmd|'/Ccalc'!A0|`x`evil" in plain


@NEEDED
def test_every_font_is_embedded_and_maps_to_characters(qapp: object, tmp_path: Path) -> None:
    rows = read(FONTS, str(written(tmp_path))).splitlines()[2:]
    assert rows
    for row in rows:
        embedded, _subset, unicode_map = row.split()[-5:-2]
        assert (embedded, unicode_map) == ("yes", "yes"), row


@NEEDED
def test_pages_are_numbered_and_a_long_table_has_its_headings_on_each(qapp: object, tmp_path: Path) -> None:
    pages = read(READER, "-layout", str(written(tmp_path, rows=120)), "-").split("\f")[:-1]
    assert len(pages) > 3
    # The number of the page stands at its foot, in whatever language is spoken.
    assert all(
        re.search(rf"\b{number}\b", page.strip().splitlines()[-1]) for number, page in enumerate(pages, 1)
    )
    assert all("figures" in page for page in pages[1:3])


def test_a_figure_as_pixels_is_twice_its_size(qapp: object) -> None:
    from PySide6.QtGui import QImage

    out = io.BytesIO()
    png.write(a_figure(), out)
    image = QImage.fromData(out.getvalue())
    assert (image.width(), image.height()) == (400, 200)
    assert image.text("Description")
