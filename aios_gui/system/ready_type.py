"""Makes a type ready to be read as before a second thread can ask for it."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def ready(kind: type[T]) -> type[T]:
    """The same class, whose fields msgspec has looked at, where it is defined and by one thread.

    It looks at them when the first value is read, and ends the process where a second thread reads one meanwhile.
    """
    msgspec.json.Decoder(kind)
    return kind
