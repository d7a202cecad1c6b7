"""Tries what is registered in steps that are told of as they happen."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from aios_gui.autostart.model.autostart import Status
from aios_gui.autostart.model.setup import (
    TRIAL_STEPS,
    SetupReport,
    SetupResult,
    SetupStep,
    TrialOutcome,
    TrialResult,
)
from aios_gui.autostart.steps import Steps, Tell
from aios_gui.autostart.trial import Trial
from aios_gui.heartbeat.model.warmup import StepState


def try_out(
    trial: Trial, status: Status, tell: Tell, cancelled: threading.Event | None = None
) -> SetupResult:
    """Start it until it beats, and end it; ``status`` is how what is tried stands. Blocks as ``Trial.run`` does."""
    telling = _Telling(tell)
    return SetupResult(telling.finish(trial.run(cancelled, telling.done)), status)


class _Telling:
    """Says of each step when it begins and ends, though the trial tells of ends alone."""

    def __init__(self, tell: Tell) -> None:
        self._steps = Steps(TRIAL_STEPS, tell)
        self._began_ns = dict.fromkeys(TRIAL_STEPS, time.perf_counter_ns())
        self._begin(SetupStep.START)

    def done(self, step: SetupStep) -> None:
        """``step`` is done, and the next begins."""
        self._end(step, StepState.DONE)
        place = TRIAL_STEPS.index(step) + 1
        if place < len(TRIAL_STEPS):
            self._begin(TRIAL_STEPS[place])

    def finish(self, result: TrialResult) -> tuple[SetupReport, ...]:
        """Every step, now that it is over; one that did not come to its end says why. The last has the result."""
        from aios_gui.autostart.words import trial_sentence

        beats = result.outcome is TrialOutcome.BEATS
        for report in self._steps.reports:
            if report.state is StepState.RUNNING:
                self._end(
                    report.step,
                    StepState.DONE if beats else StepState.FAILED,
                    "" if beats else trial_sentence(result),
                )
        self._steps.post(replace(self._steps.reports[-1], trial=result))
        return self._steps.reports

    def _begin(self, step: SetupStep) -> None:
        self._began_ns[step] = time.perf_counter_ns()
        self._steps.post(SetupReport(step, StepState.RUNNING))

    def _end(self, step: SetupStep, state: StepState, error: str = "") -> None:
        took_ns = time.perf_counter_ns() - self._began_ns[step]
        self._steps.post(SetupReport(step, state, took_ns, error=error))
