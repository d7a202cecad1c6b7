"""Prepares a type for msgspec where it is defined, by one thread."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def ready(kind: type[T]) -> type[T]:
    """The same class, once msgspec has looked at its fields.

    It would do so when the first value is read, and crash where a second thread reads one at the same time.
    """
    msgspec.json.Decoder(kind)
    return kind
