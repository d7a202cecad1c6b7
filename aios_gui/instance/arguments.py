"""Reading arguments: one line for what is wrong with them, checked as they are read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from aios_gui.instance.start_options import LONGEST_WAIT_S
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

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
    return _number(text, 0.0001, 5_256_000, _("“{text}” is not a number of minutes from {low} to {high}"))


def wait(text: str) -> float:
    """Seconds to wait before it starts, up to the longest wait."""
    return _number(text, 0, LONGEST_WAIT_S, _("“{text}” is not a number of seconds from {low} to {high}"))


def seconds(text: str) -> float:
    """Seconds from now on, up to three weeks: a timer of Qt counts no more than 24 days."""
    return _number(text, 0, 2_000_000, _("“{text}” is not a number of seconds from {low} to {high}"))


def _number(text: str, low: float, high: int, sentence: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        wrong = sentence.format(text=plain(text, 40), low=f"{low:g}", high=figures.count(high))
        raise argparse.ArgumentTypeError(wrong)
    return number


def add_start(parser: argparse.ArgumentParser) -> None:
    """What a start at log-in may ask for."""
    parser.add_argument(
        "--after", type=wait, default=0.0, metavar="S", help=_("seconds to wait before it starts, 0 to 3600")
    )
    parser.add_argument(
        "--spread",
        type=wait,
        default=0.0,
        metavar="S",
        help=_("wait a random time more, up to this many seconds"),
    )
    parser.add_argument(
        "--at-login", action="store_true", help=_("note that it was the system that started it")
    )
