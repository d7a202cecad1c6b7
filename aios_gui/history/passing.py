"""What was reckoned as plain values and back, so that a child process can reckon it and pass it on as JSON."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, TypeVar

import msgspec

from aios_gui.record.model.histogram import Histogram, HistogramError

T = TypeVar("T")


def passed_on(value: Any) -> Any:
    """``value`` as lists, objects, numbers and texts; a histogram is its V2 form."""
    return msgspec.to_builtins(value, enc_hook=_plain)


def received(plain: Any, kind: type[T]) -> T:
    """What was passed on; ValueError where it is of another shape, as from another version of this program."""
    try:
        return msgspec.convert(plain, kind, dec_hook=_back)
    except msgspec.ValidationError as error:
        raise ValueError(f"made by another version of this program: {error}") from error


def _plain(value: Any) -> str:
    if isinstance(value, Histogram):
        return b64encode(value.encode()).decode("ascii")
    raise NotImplementedError(type(value).__name__)


def _back(_kind: type[Histogram], plain: Any) -> Histogram:
    try:
        return Histogram.decode(b64decode(plain))
    except (HistogramError, TypeError) as error:
        raise ValueError(str(error)) from error
