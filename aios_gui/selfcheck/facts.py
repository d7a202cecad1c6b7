"""What measurements share: facts read back into their types."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec

_Facts = TypeVar("_Facts")

# JSON as Python reads it may hold NaN and infinity, which nothing here can show.
Finite = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]


def read_facts(plain: Any, kind: type[_Facts]) -> _Facts:
    """Plain JSON values as ``kind``; ValueError that names the key where they are of another shape."""
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"made by another version of this program: {error}") from error
