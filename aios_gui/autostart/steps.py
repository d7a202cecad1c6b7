"""Named steps that are done in order and told of as each begins and ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.autostart.model.setup import Finding, SetupReport, SetupStep
from aios_gui.heartbeat.model.warmup import StepState

Tell = Callable[[SetupReport], object]


class Steps:
    """Does named steps in the order asked for; one that fails is told of as well."""

    def __init__(self, steps: Sequence[SetupStep], tell: Tell) -> None:
        self._reports = {step: SetupReport(step) for step in steps}
        self._tell = tell

    @property
    def reports(self) -> tuple[SetupReport, ...]:
        """Where every step stands."""
        return tuple(self._reports.values())

    def do(self, step: SetupStep, action: Callable[[], list[Finding]]) -> bool:
        """Do one step; False where it failed."""
        began_ns = time.perf_counter_ns()
        self.post(SetupReport(step, StepState.RUNNING))
        try:
            findings = tuple(action())
            report = SetupReport(step, StepState.DONE, findings=findings)
        except AutostartError as error:
            report = SetupReport(step, StepState.FAILED, error=str(error))
        self.post(replace(report, took_ns=time.perf_counter_ns() - began_ns))
        return report.state is StepState.DONE

    def post(self, report: SetupReport) -> None:
        """Say where a step stands."""
        self._reports[report.step] = report
        self._tell(report)
