"""Looks at how the program is started at log-in, and changes it; for a thread that may wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aios_gui.autostart.login_start import LoginStart, last_login_start
from aios_gui.autostart.mechanisms.mechanism import Mechanism, stamp
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartPlan,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
    MechanismOption,
    SetupFinding,
    SetupResult,
    sum_up,
    with_doubles,
)
from aios_gui.autostart.settings import AUTO
from aios_gui.autostart.setup import OnReport, Setup, odd_place, remove, try_registered
from aios_gui.autostart.smoke_test import InstanceProbe, SmokeTest
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import N_

_NO_SUCH_WAY = N_("this system has no such way")


@dataclass(frozen=True, slots=True)
class MechanismInfo:
    """A mechanism of this system, what it can be told, and how it stands."""

    key: str
    options: frozenset[MechanismOption]
    modes: frozenset[LaunchMode]
    status: AutostartStatus

    @property
    def is_available(self) -> bool:
        """Whether this system has it."""
        return self.status.state is not AutostartState.CANNOT


@dataclass(frozen=True, slots=True)
class AutostartSnapshot:
    """How autostart stands, as just read back, and what setting it up would write.

    ``status`` is that of the mechanism that tells, as part of the whole; ``also`` are other registrations. ``chosen``
    is the mechanism that setting it up would take, "" for none; ``plan`` is None where nothing can be written, and
    ``refused`` then says why. ``other`` is a mechanism that could be taken instead, "" for none, with its plan;
    ``place`` is what speaks against where the program lies.
    """

    status: AutostartStatus
    options: AutostartOptions
    also: tuple[AutostartStatus, ...] = ()
    mechanisms: tuple[MechanismInfo, ...] = ()
    chosen: str = ""
    other: str = ""
    plan: AutostartPlan | None = None
    other_plan: AutostartPlan | None = None
    refused: AutostartError | None = None
    place: SetupFinding | None = None
    last_start: LoginStart | None = None

    @property
    def mechanism(self) -> MechanismInfo | None:
        """What setting it up would take."""
        return next((each for each in self.mechanisms if each.key == self.chosen), None)

    @property
    def takes_other(self) -> bool:
        """Whether what mends it is to choose another mechanism."""
        is_blocked = self.status.reason is AutostartReason.BLOCKED
        is_unfit = self.plan is None or self.status.state is AutostartState.CANNOT
        return bool(self.other) and (is_blocked or is_unfit)

    @property
    def next_plan(self) -> AutostartPlan | None:
        """What mending it would write."""
        return self.other_plan if self.takes_other else self.plan

    @property
    def can_mend(self) -> bool:
        """Whether there is anything to be set up."""
        return self.takes_other or (self.plan is not None and self.status.state is not AutostartState.CANNOT)

    @property
    def needs_mending(self) -> bool:
        """Whether it does not start as it should though it is set up; what the user switched off is as it should be."""
        fine = (AutostartReason.SWITCHED_OFF, AutostartReason.BLOCKED)
        return self.status.state is AutostartState.CHANGED and self.status.reason not in fine

    def after(self, last: AutostartStatus | None) -> AutostartSnapshot:
        """The same after a set-up that ended with ``last``, as what was put back leaves nothing that tells of it."""
        blocked = last is not None and last.reason is AutostartReason.BLOCKED
        if last is None or not blocked or self.status.state is not AutostartState.OFF:
            return self
        return replace(self, status=last)


def options_of(settings: Settings) -> AutostartOptions:
    """What the settings say of how the program is to be started."""
    return AutostartOptions(
        LaunchMode(settings["autostart.face"]),
        settings["autostart.delay_s"],
        settings["autostart.spread_s"],
        settings["autostart.on_battery"],
        settings["autostart.time_limit_min"],
        settings["autostart.nice"],
    )


def choose(mechanisms: Sequence[Mechanism], key: str, options: AutostartOptions) -> Mechanism | None:
    """The mechanism of this key; for ``AUTO`` the one made for the mode that is wished for, else the first that can.

    None where this system has none of that key, or none for the mode.
    """
    if key != AUTO:
        return next((each for each in mechanisms if each.key == key), None)
    fitting = [each for each in mechanisms if options.mode in each.modes]
    return next(
        (each for each in sorted(fitting, key=lambda each: len(each.modes)) if each.is_available()), None
    )


def statuses(mechanisms: Sequence[Mechanism], options: AutostartOptions) -> list[AutostartStatus]:
    """How every mechanism stands, a second one that is on marked as a double. Asks the system: slow for a GUI."""
    return with_doubles([mechanism.status(options) for mechanism in mechanisms])


def place_found(
    found: Sequence[AutostartStatus],
    program: LaunchProgram,
    options: AutostartOptions,
    environ: Mapping[str, str] = os.environ,
) -> SetupFinding | None:
    """What speaks against where this program lies, if it starts at log-in; another copy's place is not looked at."""
    is_started = any(each.ours and each.starts for each in found)
    return odd_place(program.command(options)[0], environ) if is_started else None


class AutostartService:
    """Every method asks the system again, and may wait for it: nothing for the thread of a window.

    ``make_test`` makes a test start of a mechanism.
    """

    def __init__(
        self,
        paths: Paths,
        program: LaunchProgram,
        mechanisms: Sequence[Mechanism],
        make_test: Callable[[Mechanism], SmokeTest],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._paths = paths
        self._program = program
        self._mechanisms = mechanisms
        self._make_test = make_test
        self._environ = environ

    def fingerprint(self) -> object:
        """Something that differs once what is registered was changed, as far as that is found without waiting."""
        return tuple(each.fingerprint() for each in self._mechanisms), stamp(self._paths.login_start)

    def look(self, settings: Settings) -> AutostartSnapshot:
        """How it stands, compared with the settings."""
        options = options_of(settings)
        found = statuses(self._mechanisms, options)
        mechanism = self._chosen(settings, options, found)
        chosen = mechanism.key if mechanism is not None else ""
        status, also = sum_up(found, chosen, settings["autostart.mechanism"] != AUTO)
        infos = tuple(
            MechanismInfo(each.key, each.options, each.modes, status)
            for each, status in zip(self._mechanisms, found, strict=True)
        )
        fitting = (
            each
            for each, info in zip(self._mechanisms, infos, strict=True)
            if info.is_available and options.mode in each.modes and each.key != chosen
        )
        other = next(fitting, None)
        plan, refused = _planned(mechanism, options)
        return AutostartSnapshot(
            status,
            options,
            also,
            infos,
            chosen,
            other.key if other is not None else "",
            plan,
            _planned(other, options)[0],
            refused,
            place_found(found, self._program, options, self._environ),
            last_login_start(self._paths),
        )

    def set_up(
        self,
        settings: Settings,
        on_report: OnReport,
        cancelled: threading.Event | None = None,
        allow: bool = False,
        with_test: bool = True,
    ) -> SetupResult:
        """Register as the settings say; AutostartError for no mechanism. ``allow`` as of ``Setup``."""
        options = options_of(settings)
        mechanism = self._chosen(settings, options, statuses(self._mechanisms, options))
        if mechanism is None:
            raise AutostartError(_NO_SUCH_WAY)
        test = self._make_test(mechanism) if with_test else None
        setup = Setup(self._program, mechanism, options, self._mechanisms, test, self._environ, allow)
        return setup.run(on_report, cancelled)

    def try_registered(
        self, settings: Settings, on_report: OnReport, key: str, cancelled: threading.Event | None = None
    ) -> SetupResult:
        """Start what is registered by the mechanism of this key, until it beats."""
        mechanism = next((each for each in self._mechanisms if each.key == key), None)
        if mechanism is None:
            raise AutostartError(_NO_SUCH_WAY)
        status = mechanism.status(options_of(settings))
        return try_registered(self._make_test(mechanism), status, on_report, cancelled)

    def remove(self, on_report: OnReport, keys: Collection[str] | None = None) -> SetupResult:
        """Remove every registration, or those by the mechanisms of these keys."""
        chosen = [each for each in self._mechanisms if keys is None or each.key in keys]
        if not chosen:
            raise AutostartError(_NO_SUCH_WAY)
        return remove(chosen, self._paths, on_report)

    def _chosen(
        self, settings: Settings, options: AutostartOptions, found: Sequence[AutostartStatus]
    ) -> Mechanism | None:
        """The one that was named; else the best, or one that is there already and as good."""
        key = settings["autostart.mechanism"]
        best = choose(self._mechanisms, key, options)
        if key != AUTO or best is None:
            return best
        as_good = (
            mechanism
            for mechanism, status in zip(self._mechanisms, found, strict=True)
            if status.is_registered
            and status.reason not in (AutostartReason.UNREADABLE, AutostartReason.TWICE)
            and options.mode in mechanism.modes
            and len(mechanism.modes) == len(best.modes)
        )
        return next(as_good, best)


def _planned(
    mechanism: Mechanism | None, options: AutostartOptions
) -> tuple[AutostartPlan | None, AutostartError | None]:
    """What would be written, or why nothing can be; neither where that is not for this mode."""
    if mechanism is None or options.mode not in mechanism.modes:
        return None, None
    try:
        return mechanism.plan(options), None
    except AutostartError as error:
        return None, error


def service_of_system(paths: Paths, probe: InstanceProbe) -> AutostartService:
    """For this copy of the program and the mechanisms of this system."""
    from aios_gui.autostart.mechanisms import mechanisms, this_program

    program = this_program()
    return AutostartService(
        paths, program, mechanisms(program), lambda mechanism: SmokeTest(mechanism, probe)
    )
