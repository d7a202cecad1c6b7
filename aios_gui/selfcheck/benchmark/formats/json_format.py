"""A benchmark's result as one JSON object, the same that scripts get."""

from __future__ import annotations

import json
from typing import TextIO

from aios_gui.selfcheck.benchmark.facts import facts_of
from aios_gui.selfcheck.benchmark.model import BenchmarkResult


def write(result: BenchmarkResult, out: TextIO) -> None:
    """Write the object, indented."""
    json.dump(facts_of(result), out, indent=2, ensure_ascii=False, allow_nan=False)
    out.write("\n")
