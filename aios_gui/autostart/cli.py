"""`autostart`: how the program is started at log-in, told, set up, mended, tried and removed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, to_builtins

from aios_gui.autostart.settings import AUTO, AUTOSTART
from aios_gui.instance.arguments import value_of, with_range
from aios_gui.instance.cli.common import ALERT, FAILURE, FINE, CommandError, load_settings, print_json
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aios_gui.autostart.model import (
        AutostartStatus,
        SetupFinding,
        SetupReport,
        SetupResult,
        SmokeTestResult,
    )
    from aios_gui.autostart.service import MechanismInfo
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

ACTIONS = ("status", "plan", "enable", "disable", "repair", "test")
_STATE_PLACES, _TITLE_PLACES = 14, 26


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `autostart`."""
    parser.add_argument("action", choices=ACTIONS, help=_("what to do"))
    parser.add_argument(
        "--mechanism", metavar="M", help=_("which way, as status lists them (default: the system's best)")
    )
    parser.add_argument(
        "--face",
        choices=tuple(AUTOSTART["face"].choices),
        help=_("how it shows itself when the system starts it"),
    )
    delay, nice = AUTOSTART["delay_s"], AUTOSTART["nice"]
    parser.add_argument(
        "--delay",
        type=value_of(delay),
        metavar="S",
        help=with_range(_("seconds to wait after log-in, {low} to {high}"), delay),
    )
    parser.add_argument(
        "--spread",
        type=value_of(AUTOSTART["spread_s"]),
        metavar="S",
        help=_("wait at random up to this many seconds more"),
    )
    parser.add_argument("--no-battery", action="store_true", help=_("do not start while on battery"))
    parser.add_argument(
        "--time-limit",
        type=value_of(AUTOSTART["time_limit_min"]),
        metavar="MIN",
        help=_("quit automatically after this many minutes, 0 for never"),
    )
    parser.add_argument(
        "--nice",
        type=value_of(nice),
        metavar="N",
        help=with_range(_("the priority as Unix counts it, {low} to {high}, 0 the usual one"), nice),
    )
    parser.add_argument(
        "--no-test", action="store_true", help=_("leave the test start out of enable and repair")
    )
    parser.add_argument(
        "--own",
        action="store_true",
        help=_("let disable leave alone what starts another copy of the program"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one object with all facts"))


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 when all is well, 1 where something stands in the way of the next start, 2 where it failed."""
    from aios_gui.autostart.model import AutostartError
    from aios_gui.autostart.words import message_text
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    start_logging(paths)
    try:
        return _Command(arguments, paths, settings).run()
    except AutostartError as error:
        sentence = _("{error}; “aios-heartbeat autostart status” tells how it stands")
        raise CommandError(sentence.format(error=message_text(error))) from error


class _Command:
    """One call, on how things stand now."""

    def __init__(self, arguments: argparse.Namespace, paths: Paths, settings: Settings) -> None:
        from aios_gui.autostart.service import service_of_system
        from aios_gui.instance.smoke_test_probe import ChannelProbe

        self._arguments = arguments
        self._paths = paths
        self._settings = _with_arguments(settings, arguments)
        self._json: bool = arguments.json
        self._on_report = _ignore if self._json else _print_report
        self._service = service_of_system(paths, ChannelProbe())
        self._snapshot = self._service.look(self._settings)
        known = self._snapshot.mechanisms
        if not known:
            raise CommandError(_("nothing is known of how this system starts programs at log-in"))
        named = arguments.mechanism if arguments.mechanism != AUTO else None
        self._asked_for = [each for each in known if named in (None, each.key)]
        if not self._asked_for:
            sentence = _("this system has no “{key}”; there are {known}")
            raise CommandError(sentence.format(key=named, known=", ".join(each.key for each in known)))

    def run(self) -> int:
        actions = {
            "status": self._status,
            "plan": self._plan,
            "enable": self._enable,
            "disable": self._disable,
            "repair": self._repair,
            "test": self._test,
        }
        return actions[self._arguments.action]()

    # What stands, and what would be written

    def _status(self) -> int:
        from aios_gui.autostart.model import AutostartReason, AutostartState

        as_it_should_be = (AutostartReason.EDITED, AutostartReason.SWITCHED_OFF)
        found = [each.status for each in self._asked_for]
        if self._json:
            print_json([_status_facts(status) for status in found])
        else:
            self._print_statuses(found)
        wrong = [each for each in found if each.state is AutostartState.CHANGED]
        return ALERT if any(each.reason not in as_it_should_be for each in wrong) else FINE

    def _print_statuses(self, found: Sequence[AutostartStatus]) -> None:
        from aios_gui.autostart import words
        from aios_gui.text.plain import plain
        from aios_gui.text.terminal.text_width import padded

        indent = " " * (_STATE_PLACES + 1)
        for status in found:
            title = padded(words.mechanism_title(status.mechanism), _TITLE_PLACES)
            print(f"{padded(words.state_word(status), _STATE_PLACES)} {title} {status.mechanism}")
            for line in (words.state_sentence(status), plain(status.command, 400), status.where):
                if line:
                    print(f"{indent}{line}")
            remedy = words.remedy_sentence(status)
            if remedy:
                print(f"{indent}→ {remedy}")
        print(f"\n{words.last_start_sentence(self._snapshot.last_start)}")
        if self._snapshot.place is not None:
            print(words.place_sentence(self._snapshot.place))

    def _plan(self) -> int:
        from aios_gui.autostart.words import lingering_sentence, mechanism_title, refusal

        mechanism, plan = self._chosen(), self._snapshot.plan
        if plan is None:
            raise self._snapshot.refused or CommandError(refusal(self._snapshot))
        if self._json:
            print_json({"mechanism": mechanism.key, **to_builtins(plan)})
            return FINE
        print(
            _("{title}, written to {where}:").format(title=mechanism_title(mechanism.key), where=plan.where)
        )
        print("\n" + plan.text.rstrip("\n"))
        if plan.commands:
            print("\n" + _("Then it runs:"))
            for command in plan.commands:
                print("  " + " ".join(command))
        if plan.lingers is not None:
            print("\n" + lingering_sentence(plan.lingers))
        return FINE

    # Setting up, mending, removing, trying

    def _enable(self) -> int:
        return self._set_up()

    def _repair(self) -> int:
        from aios_gui.autostart.model import AutostartReason

        return self._set_up(allow=self._registered().reason is AutostartReason.SWITCHED_OFF)

    def _set_up(self, allow: bool = False) -> int:
        from aios_gui.autostart.model import SetupStep
        from aios_gui.autostart.words import manage_sentence

        mechanism = self._chosen()
        result = self._service.set_up(
            self._settings, self._on_report, allow=allow, with_test=not self._arguments.no_test
        )
        failed = result.failed
        is_registered = failed is None or failed.step is SetupStep.TRIAL
        if is_registered:
            self._keep_choice()
            if not self._json:
                print(manage_sentence(mechanism.key))
        return self._ended(result, FINE if failed is None else ALERT if is_registered else FAILURE)

    def _disable(self) -> int:
        is_own_only = self._arguments.own
        keys = [each.key for each in self._asked_for if each.status.ours or not is_own_only]
        if not keys:
            if self._json:
                print_json(ResultFacts(True, [], None))
            return FINE
        result = self._service.remove(self._on_report, keys)
        return self._ended(result, FINE if result.failed is None else FAILURE)

    def _ended(self, result: SetupResult, status: int) -> int:
        from aios_gui.autostart.words import failure_sentence, step_title

        if self._json:
            steps = [_step_facts(report) for report in result.reports]
            print_json(ResultFacts(status == FINE, steps, _status_facts(result.status)))
        failed = result.failed
        if failed is not None:
            title, error = step_title(failed.step), failure_sentence(failed).rstrip(".")
            complain(_("{step} failed: {error}").format(step=title, error=error))
        return status

    def _keep_choice(self) -> None:
        """What was asked for is what later looks compare with."""
        from aios_gui.instance.settings import settings_file
        from aios_gui.settings.file import SettingsError
        from aios_gui.settings.words import problem_sentence

        file = settings_file(self._paths)
        if file.load(set_aside=False).settings == self._settings:
            return
        try:
            file.save(self._settings)
        except SettingsError as error:
            complain(problem_sentence(error.problem))

    def _test(self) -> int:
        from aios_gui.autostart.words import smoke_test_sentence

        status = self._registered()
        if not self._json:
            sentence = _("Starting what is registered, with data of its own: {command}")
            print(sentence.format(command=status.command))
        result = self._service.try_registered(self._settings, _ignore, status.mechanism)
        for report in result.reports:
            if report.test is not None:
                if self._json:
                    print_json(_test_facts(report.test))
                else:
                    print(smoke_test_sentence(report.test))
        return FINE if result.failed is None else ALERT

    # Which one is meant

    def _chosen(self) -> MechanismInfo:
        """What setting it up takes; CommandError where that cannot be as it was asked for."""
        from aios_gui.autostart.words import mechanism_title, mode_word

        mechanism = self._snapshot.mechanism
        if mechanism is None:
            raise CommandError(
                _("this system has no such way; “aios-heartbeat autostart status” lists those it has")
            )
        mode = self._snapshot.options.mode
        if mode not in mechanism.modes:
            sentence = _("{title} cannot start it {face}; choose another --mechanism or --face")
            raise CommandError(sentence.format(title=mechanism_title(mechanism.key), face=mode_word(mode)))
        self._check_options(mechanism)
        return mechanism

    def _check_options(self, mechanism: MechanismInfo) -> None:
        """What was asked for by name is not left out in silence."""
        from aios_gui.autostart.model import MechanismOption
        from aios_gui.autostart.words import mechanism_title

        asked = {
            MechanismOption.DELAY: ("--delay", self._arguments.delay),
            MechanismOption.SPREAD: ("--spread", self._arguments.spread),
            MechanismOption.ON_BATTERY: ("--no-battery", self._arguments.no_battery),
            MechanismOption.TIME_LIMIT: ("--time-limit", self._arguments.time_limit),
            MechanismOption.PRIORITY: ("--nice", self._arguments.nice),
        }
        unknown = [
            name for option, (name, value) in asked.items() if value and option not in mechanism.options
        ]
        if unknown:
            sentence = _("{title} knows no {options}; leave it out or choose another --mechanism")
            title = mechanism_title(mechanism.key)
            raise CommandError(sentence.format(title=title, options=", ".join(unknown)))

    def _registered(self) -> AutostartStatus:
        """How the first that is registered stands."""
        found = next((each.status for each in self._asked_for if each.status.is_registered), None)
        if found is None:
            raise CommandError(_("nothing is registered; “aios-heartbeat autostart enable” sets it up"))
        return found


def _with_arguments(settings: Settings, arguments: argparse.Namespace) -> Settings:
    given = {
        "autostart.mechanism": arguments.mechanism,
        "autostart.face": arguments.face,
        "autostart.delay_s": arguments.delay,
        "autostart.spread_s": arguments.spread,
        "autostart.on_battery": False if arguments.no_battery else None,
        "autostart.time_limit_min": arguments.time_limit,
        "autostart.nice": arguments.nice,
    }
    for name, value in given.items():
        if value is not None:
            try:
                settings = settings.with_value(name, value)
            except ValueError as error:
                raise CommandError(f"--{name.partition('.')[2]}: {error}") from error
    return settings


def _ignore(_report: SetupReport) -> None:
    """All is printed at the end."""


def _print_report(report: SetupReport) -> None:
    from aios_gui.autostart import words
    from aios_gui.autostart.model import WARNINGS
    from aios_gui.heartbeat.model.warmup import StepState
    from aios_gui.text.terminal.text_width import padded

    if report.state not in (StepState.DONE, StepState.FAILED):
        return
    print(f"  {padded(words.step_state(report.state), 8)}  {words.step_title(report.step)}")
    lines = [
        ("! " if each.kind in WARNINGS else "") + words.finding_sentence(each) for each in report.findings
    ]
    if report.test is not None and report.state is StepState.DONE:
        lines.append(words.smoke_test_sentence(report.test))
    failure = words.failure_sentence(report)
    if failure:
        lines.append("→ " + failure)
    for line in lines:
        print(f"            {line}")


# What scripts rely on: facts, with None for what is unknown


class StatusFacts(Struct):
    """How a mechanism stands; ``since`` is when the user switched it off, ``detail`` what the system said."""

    mechanism: str
    state: str
    command: str | None
    where: str
    ours: bool
    reason: str | None
    since: str | None
    detail: str | None


class SmokeTestFacts(Struct):
    """What a test start showed; ``first_beat_ms`` is from the start of the process."""

    outcome: str
    first_beat_ms: float | None
    shown: str | None
    status: int | None
    said: str | None


class StepFacts(Struct):
    """Where a step stands, what it found, and why it failed."""

    name: str
    state: str
    ms: float
    findings: tuple[SetupFinding, ...]
    error: str | None
    trial: SmokeTestFacts | None


class ResultFacts(Struct):
    """How a set-up or a removal ended."""

    ok: bool
    steps: list[StepFacts]
    status: StatusFacts | None


def _status_facts(status: AutostartStatus) -> StatusFacts:
    since = datetime.fromtimestamp(status.since_ns / 1e9, UTC).astimezone() if status.since_ns else None
    return StatusFacts(
        status.mechanism,
        status.state,
        status.command or None,
        status.where,
        status.ours,
        status.reason or None,
        since.isoformat(timespec="seconds") if since is not None else None,
        str(status.detail) or None,
    )


def _step_facts(report: SetupReport) -> StepFacts:
    return StepFacts(
        report.step,
        report.state,
        report.took_ns / 1e6,
        report.findings,
        str(report.error) if report.error is not None else None,
        _test_facts(report.test) if report.test is not None else None,
    )


def _test_facts(result: SmokeTestResult) -> SmokeTestFacts:
    return SmokeTestFacts(
        result.outcome,
        None if result.first_beat_ns is None else result.first_beat_ns / 1e6,
        "headless" if result.headless else result.shown or None,
        result.status,
        str(result.message) or None,
    )
