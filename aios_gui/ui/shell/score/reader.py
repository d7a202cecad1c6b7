"""Reads what the targets are judged by and no snapshot tells, on a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from aios_gui.instance.target_facts import last_speedups, private_bytes
from aios_gui.ui.pool import WorkerPool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """Memory that the process shares with nobody, and the speed-ups of the last benchmark."""

    private_bytes: int | None = None
    speedups: Mapping[str, float | None] = field(default_factory=dict)


class FactsReader(QObject):
    """``done`` brings a ``Read``."""

    done = Signal(object)

    def __init__(self, open_history: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_history = open_history
        self._pool = WorkerPool()
        self._closed = False

    def ask(self, pid: int) -> None:
        """Read about the process ``pid``, and the record."""
        if not self._closed and not self._pool.activeThreadCount():
            self._pool.start(lambda: self._read(pid))

    def close(self) -> None:
        """End what runs; nothing is answered any more."""
        self._closed = True
        self._pool.finish()

    def _read(self, pid: int) -> None:
        speedups: Mapping[str, float | None] = {}
        try:
            with self._open_history() as history:
                speedups = last_speedups(history)
        except Exception:  # noqa: BLE001, S110 - the record is told of elsewhere, and these targets are not known then
            pass
        read = Read(private_bytes(pid) if pid else None, speedups)
        if not self._closed:
            self.done.emit(read)
