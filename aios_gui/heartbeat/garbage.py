"""Keeps Python's garbage collections out of the beats, remembers when the last one ran, and gives free memory back."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from aios_gui.system.linux.memory import give_back

_YOUNG_OBJECTS = 5_000
_FULL_EVERY_NS = 600_000_000_000
_QUIET_NS = 60_000_000
"""A collection begins only this long before the next beat; the longest seen here took half of it."""
_STARTED_NS, _GIVE_BACK_EVERY_NS = 20_000_000_000, 60_000_000_000
_SHORTLY_QUIET_NS = 20_000_000
"""Memory is given back only this long before the next beat, as it takes a millisecond."""


class GarbagePolicy:
    """Automatic collection off, collected by ``collect_if_quiet`` between two beats.

    Call it on one thread only: in a window that is the GUI's, since Qt objects must die there.
    """

    def __init__(
        self,
        now_ns: Callable[[], int] = time.perf_counter_ns,
        collect_first: bool = True,
        give_back: Callable[[], object] = give_back,
    ) -> None:
        """Without ``collect_first``, ``settle`` collects nothing: where another thread builds Qt objects.

        ``give_back`` gives the system back what lies free.
        """
        self._now_ns = now_ns
        self._collect_first = collect_first
        self._give_back = give_back
        self._give_back_at_ns = 0
        self._started_ns = 0
        self._last_full_ns = now_ns()
        self.last_span_ns = (0, 0)
        """When the last collection began and ended, monotonic ns."""

    def settle(self) -> None:
        """After warm-up, on the beat's thread: what lives now lives on, so that no later collection looks at it."""
        if self._collect_first:
            gc.collect()
        gc.freeze()
        gc.disable()
        if self._watch not in gc.callbacks:
            gc.callbacks.append(self._watch)
        self._last_full_ns = self._now_ns()

    def collect_if_quiet(self, next_alarm_ns: int) -> bool:
        """Collect if there is enough to collect and the next beat is far enough away; True if it did.

        Ten minutes after the last full collection anything is enough. Between beats that follow each other closely it
        collects all the same once much has piled up. Whether or not it collects, memory that lies free is given back:
        first of all, again after the start, then once a minute.
        """
        young, now_ns = gc.get_count()[0], self._now_ns()
        if now_ns >= self._give_back_at_ns and next_alarm_ns - now_ns >= _SHORTLY_QUIET_NS:
            is_first = not self._give_back_at_ns
            self._give_back_at_ns = now_ns + (_STARTED_NS if is_first else _GIVE_BACK_EVERY_NS)
            self._give_back()
        is_full_due = now_ns - self._last_full_ns >= _FULL_EVERY_NS
        if young < _YOUNG_OBJECTS and not is_full_due:
            return False
        if next_alarm_ns - now_ns < _QUIET_NS and young < 10 * _YOUNG_OBJECTS:
            return False
        if is_full_due:
            self._last_full_ns = now_ns
            gc.collect()
        else:
            gc.collect(1)
        return True

    def overlap_ns(self, start_ns: int, end_ns: int) -> int:
        """How much of a span the last collection took."""
        began_ns, ended_ns = self.last_span_ns
        return max(0, min(end_ns, ended_ns) - max(start_ns, began_ns))

    def release(self) -> None:
        """Give collection back to Python."""
        if self._watch in gc.callbacks:
            gc.callbacks.remove(self._watch)
        gc.unfreeze()
        gc.enable()

    def _watch(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._started_ns = self._now_ns()
        else:
            self.last_span_ns = (self._started_ns, self._now_ns())
