"""Loads Qt's Python binding without what it would read and keep of every module's source."""

from __future__ import annotations

import inspect
import sys

_FEATURES = ("PySide6.support.feature", "shibokensupport.feature")


def _no_source(_module: object) -> str:
    raise OSError("not looked for")


def _uses_no_features(_module: object) -> bool:
    return False


def load_qt() -> None:
    """Import PySide6.QtCore; ImportError where it cannot be.

    To find out which modules use its optional features (``from __feature__ import snake_case``), PySide6 reads the
    source of every module imported before or after it, all of which Python then keeps: 4 MB here, and a tenth of a
    second. This program uses none of these features, so the answer is known. Where PySide6 is built otherwise,
    nothing is lost but that.
    """
    if "PySide6.QtCore" in sys.modules:
        return
    real = inspect.getsource
    inspect.getsource = _no_source  # type: ignore[assignment]
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        inspect.getsource = real
    for name in _FEATURES:
        feature = sys.modules.get(name)
        if feature is not None and hasattr(feature, "_mod_uses_pyside"):
            vars(feature)["_mod_uses_pyside"] = _uses_no_features
