"""Sets autostart up and removes it, in named steps that are told of as they happen."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from aios_gui.autostart.mechanisms.judging import blocked_unless_on, is_there
from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model.autostart import AutostartError, Note, Program, Reason, State, Status, Wish
from aios_gui.autostart.model.setup import (
    REMOVAL_STEPS,
    SETUP_STEPS,
    Finding,
    FindingKind,
    Place,
    SetupReport,
    SetupResult,
    SetupStep,
    TrialOutcome,
    TrialResult,
)
from aios_gui.autostart.place import place_of
from aios_gui.autostart.steps import Steps, Tell
from aios_gui.autostart.trial import Trial
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _

_STARTS = (State.ON, State.CHANGED, State.OTHER_PROGRAM, State.PROGRAM_GONE, State.TWICE)
_PLACES = {
    Place.TEMPORARY: FindingKind.PLACE_TEMPORARY,
    Place.REMOVABLE: FindingKind.PLACE_REMOVABLE,
    Place.DOWNLOADS: FindingKind.PLACE_DOWNLOADS,
}


class Setup:
    """Registers ``mechanism`` by ``wish`` in place of whatever starts the program now.

    ``others`` are the system's other mechanisms. ``trial`` None leaves the test start out.
    """

    def __init__(
        self,
        program: Program,
        mechanism: Mechanism,
        wish: Wish,
        others: Sequence[Mechanism] = (),
        trial: Trial | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._program = program
        self._mechanism = mechanism
        self._wish = wish
        self._others = [each for each in others if each.key != mechanism.key]
        self._trial = trial
        self._environ = environ
        self._put_back = False

    def run(self, tell: Tell, cancelled: threading.Event | None = None) -> SetupResult:
        """Do every step until one fails; ``tell`` is called as each begins and ends. Cancelling ends the test start."""
        steps = Steps(SETUP_STEPS, tell)
        registered = (
            steps.do(SetupStep.RIGHTS, self._rights)
            and steps.do(SetupStep.PATHS, self._paths)
            and steps.do(SetupStep.REPLACE, self._replace)
            and steps.do(SetupStep.REGISTER, self._register)
            and steps.do(SetupStep.VERIFY, self._verify)
        )
        if registered:
            # What is registered stays, and is to be managed, whatever the test start shows.
            steps.post(self._tried(tell, cancelled))
            steps.do(SetupStep.MANAGE, self._manage)
        return SetupResult(steps.reports, self._status())

    def _status(self) -> Status:
        """As read back; blocked where somebody put back what was written."""
        status = self._mechanism.status(self._wish)
        return blocked_unless_on(status) if self._put_back else status

    def _rights(self) -> list[Finding]:
        status = self._mechanism.status(self._wish)
        if status.state is State.UNAVAILABLE or not self._mechanism.is_available():
            raise AutostartError(status.detail or _("this system has no such way"))
        self._check_priority()
        folder = _nearest(self._mechanism.plan(self._wish).where)
        if folder is not None and not os.access(folder, os.W_OK | os.X_OK):
            raise AutostartError(_("you may not write to {folder}").format(folder=folder))
        user = self._environ.get("SUDO_USER", "")
        if user and hasattr(os, "geteuid") and os.geteuid() == 0:
            return [Finding(FindingKind.FOR_ADMINISTRATOR, user)]
        return [Finding(FindingKind.NO_ADMINISTRATOR)]

    def _check_priority(self) -> None:
        if self._wish.nice >= 0 or os.name != "posix" or os.geteuid() == 0:
            return
        import resource

        # The limit counts from 20 downwards: 25 allows -5. macOS has none and leaves it to the administrator.
        limit = getattr(resource, "RLIMIT_NICE", None)
        lowest = 20 - resource.getrlimit(limit)[0] if limit is not None else 0
        if self._wish.nice < lowest:
            sentence = _("only an administrator may give a priority above the usual; choose {lowest} or more")
            raise AutostartError(sentence.format(lowest=lowest))

    def _paths(self) -> list[Finding]:
        command = self._program.command(self._wish)
        program = command[0]
        if not os.path.isabs(program):  # noqa: PTH117
            raise AutostartError(_("the path of the program is not absolute: {path}").format(path=program))
        if not is_there(program):
            raise AutostartError(_("there is no program at {path}").format(path=program))
        self._mechanism.plan(self._wish)  # refuses what its format cannot hold
        findings = [Finding(FindingKind.PROGRAM, program)]
        place = place_of(program, self._environ)
        if place in _PLACES:
            findings.append(Finding(_PLACES[place], program))
        if self._program.home:
            folder = _nearest(str(Path(self._program.home) / "data"))
            if folder is None or not os.access(folder, os.W_OK | os.X_OK):
                raise AutostartError(_("you may not write to {folder}").format(folder=self._program.home))
            findings.append(Finding(FindingKind.HOME, self._program.home))
        return findings

    def _replace(self) -> list[Finding]:
        found = []
        before = self._mechanism.status(self._wish)
        if before.state is not State.OFF:
            found.append(Finding(FindingKind.REPLACED, before.command or before.where))
        for other in self._others:
            status = other.status(self._wish)
            if status.state in _STARTS and status.reason is not Reason.FOR_ALL_USERS:
                other.disable()
                found.append(Finding(FindingKind.OTHER_REMOVED, other.key))
        return found or [Finding(FindingKind.NOTHING_TO_REPLACE)]

    def _register(self) -> list[Finding]:
        status = self._mechanism.enable(self._wish)
        self._put_back = status.state is State.BLOCKED
        return [Finding(FindingKind.WRITTEN, status.where)]

    def _verify(self) -> list[Finding]:
        status = self._status()
        if status.state is State.ON:
            return [Finding(FindingKind.READ_BACK, status.command)]
        from aios_gui.autostart.words import state_sentence

        raise AutostartError(state_sentence(status))

    def _tried(self, tell: Tell, cancelled: threading.Event | None) -> SetupReport:
        if self._trial is None:
            return SetupReport(SetupStep.TRIAL, StepState.DONE, findings=(Finding(FindingKind.NOT_TRIED),))
        tell(SetupReport(SetupStep.TRIAL, StepState.RUNNING))
        began_ns = time.perf_counter_ns()
        result = self._trial.run(cancelled)
        took_ns = time.perf_counter_ns() - began_ns
        return _of_trial(result, took_ns)

    def _manage(self) -> list[Finding]:
        notes = self._mechanism.plan(self._wish).notes
        findings = [Finding(FindingKind.MANAGED_BY, self._mechanism.key)]
        if Note.LINGERS in notes:
            findings.append(Finding(FindingKind.LINGERS))
        if Note.ENDS_WITH_LOG_OFF in notes:
            findings.append(Finding(FindingKind.ENDS_WITH_LOG_OFF))
        return findings


def _of_trial(result: TrialResult, took_ns: int) -> SetupReport:
    if result.outcome is TrialOutcome.BEATS:
        tried = (Finding(FindingKind.TRIED),)
        return SetupReport(SetupStep.TRIAL, StepState.DONE, took_ns, tried, trial=result)
    from aios_gui.autostart.words import trial_sentence

    return SetupReport(SetupStep.TRIAL, StepState.FAILED, took_ns, error=trial_sentence(result), trial=result)


def remove(mechanisms: Sequence[Mechanism], paths: Paths, tell: Tell) -> SetupResult:
    """Remove every registration of the program and what was kept of its starts, and see that nothing is left."""
    steps = Steps(REMOVAL_STEPS, tell)
    if steps.do(SetupStep.REMOVE, lambda: _remove(mechanisms, paths)):
        steps.do(SetupStep.VERIFY_REMOVED, lambda: _verify_removed(mechanisms))
    return SetupResult(steps.reports, mechanisms[0].status(Wish()))


def _remove(mechanisms: Sequence[Mechanism], paths: Paths) -> list[Finding]:
    findings, errors = [], []
    for mechanism in mechanisms:
        before = mechanism.status(Wish())
        try:
            mechanism.disable()
        except AutostartError as error:
            # The others are removed all the same.
            errors.append(str(error))
            continue
        if (
            before.state is not State.OFF
            and before.command + before.detail
            and before.state is not State.UNAVAILABLE
        ):
            findings.append(Finding(FindingKind.REMOVED, before.where))
    if errors:
        raise AutostartError("; ".join(errors))
    paths.login_start.unlink(missing_ok=True)
    return findings


def _verify_removed(mechanisms: Sequence[Mechanism]) -> list[Finding]:
    from aios_gui.autostart.words import state_sentence

    findings = [Finding(FindingKind.NOTHING_LEFT)]
    for mechanism in mechanisms:
        status = mechanism.status(Wish())
        if status.state in _STARTS or status.state is State.UNREADABLE:
            raise AutostartError(f"{status.where}: {state_sentence(status)}")
        if status.state is State.DISABLED:
            findings = [Finding(FindingKind.FOR_ALL_USERS, status.where)]
    return findings


def _nearest(where: str) -> Path | None:
    """The folder that ``where`` would be written to, or the nearest one above it; None for what is no file."""
    if not os.path.isabs(where):  # noqa: PTH117
        return None
    return next((each for each in Path(where).parents if each.is_dir()), None)
