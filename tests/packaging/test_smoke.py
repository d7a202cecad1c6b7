"""What a built program is tried with: the documents that it writes, and how each is known."""

from pathlib import Path

import pytest
from building.smoke import HEAVY
from building.smoke_documents import SIGNS, look_into
from building.smoke_window import look_at
from building.steps import BuildError
from PySide6.QtGui import QImage

from aios_gui.reports.formats import FORMATS
from tests.processes import ROOT


def test_each_format_that_a_package_can_write_is_tried() -> None:
    assert set(SIGNS) == {name for name, form in FORMATS.items() if not form.needs}


def test_a_document_is_what_its_name_says(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4\n/FontFile2 31 0 R\n")
    assert look_into(file, SIGNS["pdf"]) == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pdf", b""),
        ("pdf", b"%PDF-1.4\n<< /Type /Font >>\n"),  # text in a font that the reader may not have
        ("html", b"<!DOCTYPE html>\n<html><svg></svg></html>\n"),  # its style was left out of the package
        ("csv", b"time,time_ms\n"),
        ("hlog", b"#[Histogram log format version 1.3]\n"),
    ],
)
def test_an_empty_document_or_one_without_what_belongs_to_it_is_refused(
    name: str, content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "trial"
    file.write_bytes(content)
    with pytest.raises(BuildError, match="is not what its name says"):
        look_into(file, SIGNS[name])


def test_a_document_that_was_not_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="was not written"):
        look_into(tmp_path / "trial", SIGNS["svg"])


def test_each_build_tries_them() -> None:
    for name in ("smoke_window.py", "wheel.py", "windows.py"):
        tried = (ROOT / "packaging" / "building" / name).read_text(encoding="utf-8")
        assert "try_documents(" in tried, name
        assert "/ SLICE" in tried or name == "wheel.py", f"{name}: no slice is opened in the window"


def test_qt_and_numpy_are_known_in_what_a_process_has_loaded() -> None:
    loaded = (
        "7f00 r-xp 0 fe:00 1  /opt/x/_internal/PySide6/Qt/lib/libQt6Core.so.6\n"
        "7f01 r-xp 0 fe:00 2  /opt/x/_internal/numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so\n"
        "7f02 r-xp 0 fe:00 3  /opt/x/_internal/libpython3.13.so.1.0\n"
    )
    found = HEAVY.findall(loaded)
    assert [each.rpartition("/")[2].split(".")[0] for each in found] == ["libQt6Core", "_multiarray_umath"]


def test_a_picture_of_a_window_is_neither_blank_nor_missing(tmp_path: Path) -> None:
    image, picture = QImage(600, 400, QImage.Format.Format_RGB32), tmp_path / "live.png"
    image.fill(0x123456)
    image.save(str(picture))
    with pytest.raises(BuildError, match="is blank"):
        look_at(picture)
    for x in range(600):
        image.setPixel(x, 0, x)
    image.save(str(picture))
    assert look_at(picture) == "600 × 400, 201 colours"
    with pytest.raises(BuildError, match="ended without the picture"):
        look_at(tmp_path / "none.png")
