"""Where the files lie that come with the program: icons, translations, templates."""

from __future__ import annotations

import functools
import sys
from pathlib import Path


@functools.cache
def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    # Frozen, installed, or run from a checkout, where the folder lies beside the package.
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [package / "resources", package.parent / "resources"]
    return next((folder for folder in candidates if folder.is_dir()), candidates[-1])


def resource(*parts: str) -> Path:
    """The path of a resource, as ``resource("icons", "app.svg")``; it need not exist."""
    return _root().joinpath(*parts)
