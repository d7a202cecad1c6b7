"""Photographs every panel of the frozen window and a slice in it, and tries what is told of its record."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtGui import QImage

from aios_gui.ui.panels import PANELS
from building.display import screen
from building.smoke import ask, own_home, running
from building.smoke_documents import SLICE, try_documents
from building.steps import BuildError, say, step

_LEAST_WIDTH, _LEAST_HEIGHT, _LEAST_COLOURS = 600, 400, 24
_LEAST_BEATS = 3


def try_window(window: Path, console: Path, work: Path) -> None:
    """Show every panel until it is photographed, have its record told and written, and open a slice of it.

    BuildError for a blank picture, a record without beats, or a document that is not what it should be.
    """
    pictures = work / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    with step("Trying the window"), own_home() as home, _display() as display:
        environ = {**home, **display}
        for panel in (each.key for each in PANELS):
            picture = pictures / f"{panel}.png"
            picture.unlink(missing_ok=True)
            ask([str(window), "--panel", panel, "--screenshot", str(picture)], environ)
            say(f"{panel}: {look_at(picture)}")
        beats = ask([str(console), "export", "--format", "csv", "--range", "1h"], environ).splitlines()[1:]
        if len(beats) < _LEAST_BEATS:
            raise BuildError(f"The window was open, but its record holds {len(beats)} beats only.")
        say(f"The record holds {len(beats)} beats. The pictures are in {pictures}.")
        documents = work / "documents"
        try_documents(running([str(console)], home), Path(home["AIOS_HOME"]) / "data", documents)
        picture = pictures / "slice.png"
        picture.unlink(missing_ok=True)
        ask([str(window), str(documents / SLICE), "--screenshot", str(picture)], environ)
        say(f"A slice: {look_at(picture)}")


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """What has to be in the environment for a window to be seen; elsewhere than on Linux there is always a screen."""
    if not sys.platform.startswith("linux"):
        yield {}
        return
    with screen() as name:
        yield {"DISPLAY": name, "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "xcb"}


def look_at(picture: Path) -> str:
    """Size and colours of a picture in words; BuildError where there is none, or it is blank."""
    image = QImage(str(picture))
    if image.isNull():
        raise BuildError(f"The window ended without the picture {picture}.")
    width, height = image.width(), image.height()
    colours = {image.pixel(x, y) for x in range(0, width, 3) for y in range(0, height, 3)}
    if width < _LEAST_WIDTH or height < _LEAST_HEIGHT or len(colours) < _LEAST_COLOURS:
        raise BuildError(f"The picture {picture} is blank: {width} × {height}, {len(colours)} colours.")
    return f"{width} × {height}, {len(colours)} colours"
