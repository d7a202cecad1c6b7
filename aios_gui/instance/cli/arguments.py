"""Reading arguments: one line for what is wrong with them, checked as they are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from aios_gui.instance.start_options import LONGEST_WAIT_S

if TYPE_CHECKING:
    from aios_gui.settings.model import Setting, SettingValue


def value_of(setting: Setting) -> Callable[[str], SettingValue]:
    """Reads what the setting may be, by its declared type and range."""

    def read(text: str) -> SettingValue:
        try:
            return setting.read(text)
        except ValueError:
            from aios_gui.settings.words import refusal_sentence

            raise argparse.ArgumentTypeError(refusal_sentence(setting, text)) from None

    return read


def with_range(text: str, setting: Setting) -> str:
    """``text`` with the range of the setting in place of ``{low}`` and ``{high}``."""
    return text.format(low=f"{setting.minimum:g}", high=f"{setting.maximum:g}")


def minutes(text: str) -> float:
    """A duration in minutes, fractions allowed, up to ten years."""
    return _number(text, 0.0001, 5_256_000, "minutes")


def wait(text: str) -> float:
    """Seconds to wait before it starts, up to the longest wait."""
    return _number(text, 0, LONGEST_WAIT_S, "seconds")


def _number(text: str, low: float, high: float, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of {unit}") from None
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g} {unit}")
    return number
