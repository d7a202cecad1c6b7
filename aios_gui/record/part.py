"""What a feature brings to the record: its tables, its rows, and what of it goes with age."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Write = Callable[[sqlite3.Connection, Any], object]
"""Writes one item over what there was of it; sqlite3.Error as it comes."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Declared once by each feature that keeps something; the composition collects them into a ``RecordSchema``.

    ``migrations`` are scripts by the version of the record that they lead to: no two parts have the same one.
    ``write`` has a function for each type of item. ``age_out`` has the tables whose rows go with age, each with the
    column (µs) that tells the age; where that is null the row stays, as does all in a table that is not named.
    """

    migrations: Mapping[int, str]
    write: Mapping[type, Write] = field(default_factory=dict)
    age_out: Mapping[str, str] = field(default_factory=dict)
