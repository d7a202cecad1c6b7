"""Rows of the record and their JSON, decoded strictly: what does not fit is a StoreError that names table and row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from aios_gui.record.store.errors import StoreError

log = logging.getLogger(__name__)
T = TypeVar("T")
Row = tuple[Any, ...]
TEXT_CHARACTERS = 20_000
Text = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS)]
"""A text in a row or its facts; what is longer was not written by this program."""
Facts = Annotated[str, msgspec.Meta(max_length=1_000_000)]
"""The column with the facts of a row, as JSON."""
Fact = bool | int | float | Text | None
"""A fact as it is read; null where it was not finite."""


def encode(value: Any) -> str:
    """``value`` as JSON. Figures that are not finite are null; half a surrogate pair is written out as its escape."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole_letters(msgspec.to_builtins(value))).decode()


def _whole_letters(value: Any) -> Any:
    if isinstance(value, dict):
        return {_whole_letters(name): _whole_letters(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_letters(each) for each in value]
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def known(facts: Mapping[str, int | float | str | None]) -> dict[str, int | float | str]:
    """``facts`` without those that are unknown."""
    return {name: value for name, value in facts.items() if value is not None}


def decode_row(table: str, decode: Callable[[Row], T], row: Row) -> T:
    """What ``decode`` makes of a row that begins with its number; StoreError where it does not decode."""
    try:
        return decode(row)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise StoreError(f"row {row[0]} of {table} cannot be read: {str(error)[:200]}") from error


def decode_rows(
    table: str,
    decode: Callable[[Row], T | None],
    rows: Iterable[Row],
    on_unreadable: Callable[[StoreError], object] = log.warning,
) -> Iterator[T]:
    """What the rows decode to. Those that do not are passed over and told; None, as of a newer program, is not."""
    for row in rows:
        try:
            found = decode_row(table, decode, row)
        except StoreError as error:
            on_unreadable(error)
            continue
        if found is not None:
            yield found
