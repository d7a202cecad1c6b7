"""Sets autostart up, tries and removes it, in named steps that are reported as they happen."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from aios_gui.autostart.mechanisms.mechanism import Mechanism, is_there
from aios_gui.autostart.model import (
    SETUP_STEPS,
    AutostartError,
    AutostartOptions,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
    NotAsPlanned,
    SetupFinding,
    SetupFindingKind,
    SetupReport,
    SetupResult,
    SetupStep,
    SmokeTestOutcome,
)
from aios_gui.autostart.smoke_test import SmokeTest
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.system.other_users import writable_by_others
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import N_

OnReport = Callable[[SetupReport], object]


class _Steps:
    """Does named steps in the order asked for, and reports each as it begins and ends, also one that fails."""

    def __init__(self, steps: Sequence[SetupStep], on_report: OnReport) -> None:
        self._reports = {step: SetupReport(step) for step in steps}
        self._on_report = on_report

    @property
    def reports(self) -> tuple[SetupReport, ...]:
        """Where every step stands."""
        return tuple(self._reports.values())

    def do(self, step: SetupStep, action: Callable[[], list[SetupFinding]]) -> bool:
        """Do one step; False where it failed."""

        def report() -> SetupReport:
            try:
                return SetupReport(step, StepState.DONE, findings=tuple(action()))
            except AutostartError as error:
                return SetupReport(step, StepState.FAILED, error=error)

        return self._timed(step, report)

    def test(self, test: SmokeTest, cancelled: threading.Event | None) -> bool:
        """Do the step that is a test start."""

        def report() -> SetupReport:
            result = test.run(cancelled)
            is_fine = result.outcome is SmokeTestOutcome.BEATS
            return SetupReport(SetupStep.TRIAL, StepState.DONE if is_fine else StepState.FAILED, test=result)

        return self._timed(SetupStep.TRIAL, report)

    def _timed(self, step: SetupStep, action: Callable[[], SetupReport]) -> bool:
        began_ns = time.perf_counter_ns()
        self._post(SetupReport(step, StepState.RUNNING))
        report = action()
        self._post(replace(report, took_ns=time.perf_counter_ns() - began_ns))
        return report.state is StepState.DONE

    def _post(self, report: SetupReport) -> None:
        self._reports[report.step] = report
        self._on_report(report)


class Setup:
    """Registers ``mechanism`` by ``options`` in place of what starts the program now.

    ``others`` are the system's other mechanisms. ``test`` None leaves the test start out. ``allow`` also undoes that
    the user switched it off in the system's own list, which is to be done on demand only.
    """

    def __init__(
        self,
        program: LaunchProgram,
        mechanism: Mechanism,
        options: AutostartOptions,
        others: Sequence[Mechanism] = (),
        test: SmokeTest | None = None,
        environ: Mapping[str, str] = os.environ,
        allow: bool = False,
    ) -> None:
        self._program = program
        self._mechanism = mechanism
        self._options = options
        self._others = [each for each in others if each.key != mechanism.key]
        self._test = test
        self._environ = environ
        self._allow = allow
        self._blocked: AutostartStatus | None = None

    def run(self, on_report: OnReport, cancelled: threading.Event | None = None) -> SetupResult:
        """Do every step until one fails. Cancelling ends the test start; what was registered before it stays."""
        steps = _Steps(SETUP_STEPS if self._test is not None else SETUP_STEPS[:-1], on_report)
        registered = (
            steps.do(SetupStep.CHECK, self._check)
            and steps.do(SetupStep.REGISTER, self._register)
            and steps.do(SetupStep.VERIFY, self._verify)
        )
        if registered and self._test is not None:
            steps.test(self._test, cancelled)
        return SetupResult(steps.reports, self._status())

    def _status(self) -> AutostartStatus:
        """As read back; blocked where somebody put back what was written."""
        status = self._mechanism.status(self._options)
        return status if self._blocked is None or status.state is AutostartState.ON else self._blocked

    def _check(self) -> list[SetupFinding]:
        status = self._mechanism.status(self._options)
        if status.state is AutostartState.CANNOT or not self._mechanism.is_available():
            if isinstance(status.detail, AutostartError):
                raise status.detail
            raise AutostartError(status.detail or N_("this system has no such way"))
        self._check_priority()
        plan = self._mechanism.plan(self._options)  # refuses what its format cannot hold
        _check_writable(plan.where)
        program = self._program.command(self._options)[0]
        if not os.path.isabs(program):  # noqa: PTH117
            raise AutostartError(N_("the path of the program is not absolute: {path}"), path=program)
        if not is_there(program):
            raise AutostartError(N_("there is no program at {path}"), path=program)
        if self._program.home:
            _check_writable(str(Path(self._program.home) / "data"))
        findings = []
        user = self._environ.get("SUDO_USER", "")
        if user and hasattr(os, "geteuid") and os.geteuid() == 0:
            findings.append(SetupFinding(SetupFindingKind.FOR_ADMINISTRATOR, user))
        place = odd_place(program, self._environ)
        return [*findings, place] if place is not None else findings

    def _check_priority(self) -> None:
        if self._options.nice >= 0 or os.name != "posix" or os.geteuid() == 0:
            return
        import resource

        # The limit counts from 20 downwards: 25 allows -5, and any allows 0. macOS has none and leaves it to the
        # administrator.
        limit = getattr(resource, "RLIMIT_NICE", None)
        most = resource.getrlimit(limit)[0] if limit is not None else 0
        lowest = -20 if most == resource.RLIM_INFINITY else min(0, 20 - most)
        if self._options.nice < lowest:
            sentence = N_(
                "only an administrator may give a priority above the usual; choose {lowest} or more"
            )
            raise AutostartError(sentence, lowest=lowest)

    def _register(self) -> list[SetupFinding]:
        findings = []
        before = self._mechanism.status(self._options)
        if self._allow:
            self._mechanism.allow()
        status = self._mechanism.enable(self._options)
        if before.state is not AutostartState.OFF:
            findings.append(SetupFinding(SetupFindingKind.REPLACED, before.command or before.where))
        findings.append(SetupFinding(SetupFindingKind.WRITTEN, status.where))
        if status.reason is AutostartReason.BLOCKED:
            self._blocked = status
            return findings
        for other in self._others:
            there = other.status(self._options)
            is_gone = there.reason is AutostartReason.PROGRAM_GONE
            if (there.starts or is_gone) and there.reason is not AutostartReason.FOR_ALL_USERS:
                other.disable()
                findings.append(SetupFinding(SetupFindingKind.REMOVED, there.where))
        return findings

    def _verify(self) -> list[SetupFinding]:
        status = self._status()
        if status.state is AutostartState.ON:
            return [SetupFinding(SetupFindingKind.READ_BACK, status.command)]
        raise NotAsPlanned(status)


def try_registered(
    test: SmokeTest, status: AutostartStatus, on_report: OnReport, cancelled: threading.Event | None = None
) -> SetupResult:
    """Start what is registered until it beats, and end it; ``status`` is how what is tried stands."""
    steps = _Steps((SetupStep.TRIAL,), on_report)
    steps.test(test, cancelled)
    return SetupResult(steps.reports, status)


def remove(mechanisms: Sequence[Mechanism], paths: Paths, on_report: OnReport) -> SetupResult:
    """Remove every registration of the program and what was kept of its starts, and see that nothing is left."""
    steps = _Steps((SetupStep.REMOVE,), on_report)
    steps.do(SetupStep.REMOVE, lambda: _remove(mechanisms, paths))
    return SetupResult(steps.reports, mechanisms[0].status(AutostartOptions()))


def _remove(mechanisms: Sequence[Mechanism], paths: Paths) -> list[SetupFinding]:
    findings, errors = [], []
    for mechanism in mechanisms:
        before = mechanism.status(AutostartOptions())
        try:
            after = mechanism.disable()
            if after.is_registered and after.reason is not AutostartReason.SWITCHED_OFF:
                raise NotAsPlanned(after)
        except AutostartError as error:
            # The others are removed all the same.
            errors.append(error)
            continue
        if after.is_registered:
            findings.append(SetupFinding(SetupFindingKind.FOR_ALL_USERS, after.where))
        elif before.is_registered:
            findings.append(SetupFinding(SetupFindingKind.REMOVED, before.where))
    if errors:
        raise errors[0]
    paths.login_start.unlink(missing_ok=True)
    return findings


def _check_writable(where: str) -> None:
    """AutostartError where the folder that ``where`` goes to, or the nearest one above it, may not be written."""
    if not os.path.isabs(where):  # noqa: PTH117
        return
    folder = next((each for each in Path(where).parents if each.is_dir()), None)
    if folder is not None and not os.access(folder, os.W_OK | os.X_OK):
        raise AutostartError(N_("you may not write to {folder}"), folder=folder)


# Whether a program lies where it will still be at the next log-in

_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders", "/var/folders")  # noqa: S108
_TRANSLOCATED = "AppTranslocation"
"""Where macOS runs a program from that was downloaded and never moved."""
_REMOVABLE = ("/media", "/run/media", "/mnt", "/Volumes")
_TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_DISC = 2, 4, 5


def _drive_type(path: str) -> int:
    """What Windows says of the drive of ``path``; 0 elsewhere."""
    if sys.platform != "win32":
        return 0
    import ctypes

    found: int = ctypes.windll.kernel32.GetDriveTypeW(PurePath(path).anchor)
    return found


def odd_place(
    program: str,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
    drive: Callable[[str], int] = _drive_type,
) -> SetupFinding | None:
    """What speaks against where ``program`` lies, links followed or not; None for nothing."""
    temporary = [*_TEMPORARY, *(environ[name] for name in _TEMPORARY_VARIABLES if environ.get(name))]
    paths = {os.path.normcase(program), os.path.normcase(os.path.realpath(program))}
    if _are_within(paths, temporary) or _TRANSLOCATED in program:
        return SetupFinding(SetupFindingKind.TEMPORARY, program)
    if _are_within(paths, _REMOVABLE) or drive(program) in (_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_DISC):
        return SetupFinding(SetupFindingKind.REMOVABLE, program)
    if _are_within(paths, [str((home or Path.home()) / "Downloads")]):
        return SetupFinding(SetupFindingKind.DOWNLOADS, program)
    writable = writable_by_others(Path(program))
    return SetupFinding(SetupFindingKind.WRITABLE, str(writable)) if writable is not None else None


def _are_within(paths: set[str], folders: Sequence[str]) -> bool:
    return any(PurePath(path).is_relative_to(os.path.normcase(each)) for path in paths for each in folders)
