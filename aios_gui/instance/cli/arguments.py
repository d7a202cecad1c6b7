"""Reading arguments: one line for what is wrong with them, checked as they are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

from aios_gui.instance.cli.common import FAILURE, complain


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with the status for wrong usage."""
        complain(f"{message}; see {self.prog} --help")
        raise SystemExit(FAILURE)


def seconds(text: str) -> float:
    """An interval in seconds, from 0.02 to 3600."""
    return _number(text, 0.02, 3600, "seconds")


def minutes(text: str) -> float:
    """A duration in minutes, fractions allowed, up to ten years."""
    return _number(text, 0.0001, 5_256_000, "minutes")


def wait(text: str) -> float:
    """Seconds to wait before it starts, 0 to 3600."""
    return _number(text, 0, 3600, "seconds")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from ``low`` to ``high``."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return number

    return read


def _number(text: str, low: float, high: float, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of {unit}") from None
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g} {unit}")
    return number
