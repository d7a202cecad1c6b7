"""Looks at every source of changes, and hands what is new to what keeps it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aios_gui.history.changes.model import KeptState, Look, Problem
from aios_gui.history.changes.record_reader import kept_states
from aios_gui.history.changes.sources import SOURCES
from aios_gui.history.changes.sources.source import Found, Past, Source
from aios_gui.record.store.reader import RecordReader

log = logging.getLogger(__name__)
LIMIT_S = 90.0
BATCH_CHANGES = 50
"""So that what writes them is away for a moment only."""
OVERALL = ""
"""The source whose state tells when all were looked at."""


def look_around(
    reader: RecordReader,
    keep: Callable[[Look], object],
    now_ns: int,
    settings: Mapping[str, str],
    settings_ns: int,
    root: Path = Path("/"),
    sources: Iterable[Source] = SOURCES,
    limit_s: float = LIMIT_S,
) -> int:
    """Look at every source that this machine may have; how many changes there were.

    ``settings`` are this program's by name, in the file since ``settings_ns``. StoreError where the record cannot be
    read, and what ``keep`` raises; a source that fails is told by its state, and asked again the next time.
    """
    states = kept_states(reader)
    until_s = time.monotonic() + limit_s
    there: set[str] = set()
    count = 0
    for source in sources:
        kept = states.get(source.name)
        if not source.is_for_this_system or source.in_for in there or time.monotonic() > until_s:
            continue
        past = Past(
            now_ns,
            kept.state if kept is not None else None,
            reader,
            kept.at_us * 1000 if kept is not None else 0,
            root,
            settings,
            settings_ns,
            lambda: time.monotonic() > until_s,
        )
        found = _found(source, past)
        if found.is_there:
            there.add(source.name)
        elif kept is None:
            continue
        for look in _looks(source.name, found, kept, now_ns):
            keep(look)
            count += len(look.changes)
    overall = states.get(OVERALL)
    keep(Look(OVERALL, now_ns, (), {"sources": sorted(there)}, overall.at_us if overall else None))
    return count


def _found(source: Source, past: Past) -> Found:
    try:
        return source.look(past)
    except PermissionError:
        problem = Problem.DENIED
    except Exception:
        log.exception("the source of changes %r could not be read", source.name)
        problem = Problem.UNREADABLE
    return Found(state=dict(past.state or {}), problem=problem)


def _looks(source: str, found: Found, kept: KeptState | None, now_ns: int) -> Iterator[Look]:
    """What is to be kept: small batches, the state with the last; nothing where all is as it was."""
    state = {**found.state, "problem": str(found.problem)} if found.problem is not None else found.state
    state = state if found.problem is not None else {k: v for k, v in state.items() if k != "problem"}
    if kept is not None and kept.state == state and not found.changes:
        return
    look = Look(source, now_ns, (), state, kept.at_us if kept is not None else None)
    changes = found.changes
    last = max(0, (len(changes) - 1) // BATCH_CHANGES * BATCH_CHANGES)
    for begin in range(0, last, BATCH_CHANGES):
        yield replace(look, changes=tuple(changes[begin : begin + BATCH_CHANGES]), state=None)
    yield replace(look, changes=tuple(changes[last:]))
