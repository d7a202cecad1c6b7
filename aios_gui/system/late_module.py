"""A module that is loaded when it is first used: what is seldom needed takes no memory until then."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LateModule:
    """Stands for the module of this name; whatever is asked of it is that module's."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
