"""Work of the window's thread that is done a few milliseconds at a time, so that nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

_TURN_MS = 3
_END = object()


class InSteps(QObject):
    """Goes through an iterator, one turn of the event loop after the other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._go_on)

    @property
    def running(self) -> bool:
        """Whether there is something left to do."""
        return self._steps is not None

    def begin(self, steps: Iterator[None]) -> None:
        """Do these, in place of what is left of others."""
        self.take(steps)
        self.go_on()

    def take(self, steps: Iterator[None]) -> None:
        """Have these to do, once ``go_on`` or ``finish`` is called."""
        self._steps = steps

    def go_on(self) -> None:
        """Do what is left."""
        if self._steps is not None:
            self._turn.start()

    def finish(self) -> None:
        """Do at once what is left."""
        while self._steps is not None:
            self._step()

    def stop(self) -> None:
        """Do no more for now; ``go_on`` or ``finish`` goes on."""
        self._turn.stop()

    def _step(self) -> None:
        steps = self._steps
        if steps is not None and next(steps, _END) is _END and self._steps is steps:
            self._steps = None

    def _go_on(self) -> None:
        since = QElapsedTimer()
        since.start()
        while self._steps is not None and since.elapsed() < _TURN_MS:
            self._step()
        if self._steps is not None:
            self._turn.start()
