"""Screens of every scale and both themes: the real window opens, beats and ends without a word."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.e2e.faults.rig import FAST, at_once, complete, home_at, linux, nothing_escaped, window
from tests.processes import beats_of

SCALES = ("1", "1.5", "2")


def opens(folder: Path, scale: str, theme: str) -> None:
    paths = home_at(folder)
    with window(
        paths,
        "--quit-after",
        "1",
        panel="live",
        settings=f'{FAST}[window]\ntheme = "{theme}"\n',
        QT_SCALE_FACTOR=scale,
    ) as running:
        running.ended()
    complete(paths, len(beats_of(paths)))
    nothing_escaped(paths)


@linux
def test_at_twice_the_size_in_the_dark(tmp_path: Path) -> None:
    opens(tmp_path / "home", "2", "dark")


@linux
@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_at_every_scale(tmp_path: Path, theme: str) -> None:
    at_once(*(partial(opens, tmp_path / scale, scale, theme) for scale in SCALES))
