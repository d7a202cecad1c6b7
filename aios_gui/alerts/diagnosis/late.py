"""A diagnosis that is loaded after the first beats: none of what it takes is needed before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aios_gui.alerts.diagnosis.port import Answer, HiccupQuestion, Question

if TYPE_CHECKING:
    from aios_gui.alerts.diagnosis.worker import DiagnosisWorker
    from aios_gui.alerts.model.incident import HiccupFinding, Incident, TopProcess

TICKS = 2
"""Where nothing is asked before, it is loaded in the round after the first two."""


class LateDiagnosis:
    """The port Diagnosis. ``make`` is called with the first question, or else a moment after the start."""

    def __init__(self, make: Callable[[], DiagnosisWorker]) -> None:
        self._make = make
        self._made: DiagnosisWorker | None = None
        self._ticks = 0
        self._stopped = False

    @property
    def worker(self) -> DiagnosisWorker:
        """What does it."""
        made = self._made
        if made is None:
            made = self._made = self._make()
            if self._stopped:  # the recorder's last round may still ask
                made.stop()
        return made

    def ask(self, question: Question) -> None:
        """As the port has it."""
        self.worker.ask(question)

    def look_into(self, question: HiccupQuestion) -> None:
        """As the port has it."""
        self.worker.look_into(question)

    def conclude(self, question: Question) -> None:
        """As the port has it."""
        self.worker.conclude(question)

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        """As the port has it."""
        self._ticks += 1
        if self._made is not None or self._ticks > TICKS:
            self.worker.tick(cpu_percent, stalled)

    def is_due(self, cpu_percent: float | None) -> bool:
        """As the port has it."""
        return self._made is None or self._made.is_due(cpu_percent)

    def answers(self) -> list[Answer | HiccupFinding]:
        """As the port has it."""
        return self._made.answers() if self._made is not None else []

    def top(self, of_memory: bool) -> TopProcess | None:
        """As the port has it."""
        return self._made.top(of_memory) if self._made is not None else None

    @property
    def cost_share(self) -> float:
        """As the port has it."""
        return self._made.cost_share if self._made is not None else 0.0

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """As the port has it."""
        if self._made is not None or any(result.undo for result in incident.actions):
            self.worker.take_back(incident, action)

    def stop(self) -> None:
        """Leave everything that is not done, also what is asked from now on; again is harmless."""
        self._stopped = True
        if self._made is not None:
            self._made.stop()
