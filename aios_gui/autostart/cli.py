"""`autostart`: how the program is started at log-in, told, set up, mended, tried and removed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aios_gui.instance.cli.arguments import whole
from aios_gui.instance.cli.common import (
    ALERT,
    FAILURE,
    FINE,
    CommandError,
    complain,
    load_settings,
    print_json,
)
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aios_gui.autostart.mechanisms.mechanism import Mechanism
    from aios_gui.autostart.model.autostart import Status, Wish
    from aios_gui.autostart.model.setup import SetupReport, SetupResult
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
        choices=("tray", "window", "headless"),
        help=_("how it shows itself when the system starts it"),
    )
    parser.add_argument(
        "--delay", type=whole(0, 3600), metavar="S", help=_("seconds to wait after log-in, 0 to 3600")
    )
    parser.add_argument(
        "--spread", type=whole(0, 3600), metavar="S", help=_("wait at random up to so many seconds more")
    )
    parser.add_argument("--no-battery", action="store_true", help=_("do not start while on battery"))
    parser.add_argument(
        "--time-limit",
        type=whole(0, 10_080),
        metavar="MIN",
        help=_("end by itself after so many minutes, 0 for never"),
    )
    parser.add_argument(
        "--nice",
        type=whole(-20, 19),
        metavar="N",
        help=_("the priority as Unix counts it, -20 to 19, 0 the usual one"),
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
    from aios_gui.autostart.model.autostart import AutostartError
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths
    from aios_gui.text.plain import plain

    paths = find_paths()
    settings = load_settings(paths)
    start_logging(paths)
    try:
        return _Command(arguments, paths, settings).run()
    except AutostartError as error:
        sentence = _("{error}; “aios-heartbeat autostart status” tells how it stands")
        raise CommandError(sentence.format(error=plain(error, 400))) from error


class _Command:
    """One call."""

    def __init__(self, arguments: argparse.Namespace, paths: Paths, settings: Settings) -> None:
        from aios_gui.autostart.mechanisms import mechanisms, this_program
        from aios_gui.autostart.standing import wish_of

        self._arguments = arguments
        self._paths = paths
        self._settings = _with_arguments(settings, arguments)
        self._json: bool = arguments.json
        self._program = this_program()
        self._mechanisms = mechanisms(self._program)
        self._wish: Wish = wish_of(self._settings)
        if not self._mechanisms:
            raise CommandError(_("nothing is known of how this system starts programs at log-in"))

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
        from aios_gui.autostart.facts import status_facts
        from aios_gui.autostart.model.autostart import State
        from aios_gui.autostart.standing import statuses

        wrong = (State.OTHER_PROGRAM, State.PROGRAM_GONE, State.TWICE, State.BLOCKED, State.UNREADABLE)
        found = statuses(self._asked_for() or self._mechanisms, self._wish)
        if self._json:
            print_json([status_facts(status) for status in found])
        else:
            self._print_statuses(found)
        return ALERT if any(status.state in wrong for status in found) else FINE

    def _print_statuses(self, found: Sequence[Status]) -> None:
        from aios_gui.autostart import words
        from aios_gui.autostart.login_start import last_login_start
        from aios_gui.autostart.standing import advice
        from aios_gui.text.plain import plain
        from aios_gui.text.terminal.text_width import padded

        indent = " " * (_STATE_PLACES + 1)
        for status in found:
            title = padded(words.mechanism_title(status.mechanism), _TITLE_PLACES)
            print(f"{padded(words.state_word(status.state), _STATE_PLACES)} {title} {status.mechanism}")
            for line in (words.state_sentence(status), plain(status.command, 400), status.where):
                if line:
                    print(f"{indent}{line}")
            remedy = words.remedy_sentence(status)
            if remedy:
                print(f"{indent}→ {remedy}")
        print(f"\n{words.last_start_sentence(last_login_start(self._paths))}")
        for each in advice(self._mechanisms, self._program, self._wish):
            if not each.is_mendable:
                print(words.advice_sentence(each))

    def _plan(self) -> int:
        from aios_gui.autostart.words import mechanism_title

        mechanism = self._chosen()
        plan = mechanism.plan(self._wish)
        if self._json:
            print_json(
                {
                    "mechanism": mechanism.key,
                    "where": plan.where,
                    "text": plan.text,
                    "command": list(plan.command),
                    "commands": [list(command) for command in plan.commands],
                    "notes": [str(note) for note in plan.notes],
                }
            )
            return FINE
        print(
            _("{title}, written to {where}:").format(title=mechanism_title(mechanism.key), where=plan.where)
        )
        print("\n" + plan.text.rstrip("\n"))
        if plan.commands:
            print("\n" + _("Then it runs:"))
            for command in plan.commands:
                print("  " + " ".join(command))
        return FINE

    # Setting up, mending, removing

    def _enable(self) -> int:
        return self._set_up(self._chosen())

    def _repair(self) -> int:
        from aios_gui.autostart.model.autostart import State

        mechanism, status = self._registered()
        if status.state is State.DISABLED:
            mechanism.allow()
        return self._set_up(mechanism)

    def _set_up(self, mechanism: Mechanism) -> int:
        from aios_gui.autostart.model.setup import SetupStep
        from aios_gui.autostart.setup import Setup
        from aios_gui.autostart.trial import Trial

        trial = None if self._arguments.no_test else Trial(mechanism)
        setup = Setup(self._program, mechanism, self._wish, self._mechanisms, trial)
        result = setup.run(_nothing if self._json else _print_report)
        failed = result.failed
        if failed is None or failed.step is SetupStep.TRIAL:
            self._keep_choice()
        return self._told(
            result, FINE if failed is None else ALERT if failed.step is SetupStep.TRIAL else FAILURE
        )

    def _disable(self) -> int:
        from aios_gui.autostart.setup import remove

        chosen = self._asked_for() or self._mechanisms
        if self._arguments.own:
            chosen = [each for each in chosen if each.status(self._wish).ours]
            if not chosen:
                if self._json:
                    print_json({"ok": True, "steps": [], "status": None})
                return FINE
        result = remove(chosen, self._paths, _nothing if self._json else _print_report)
        return self._told(result, FINE if result.failed is None else FAILURE)

    def _told(self, result: SetupResult, status: int) -> int:
        from aios_gui.autostart.facts import report_facts, status_facts
        from aios_gui.autostart.words import step_title

        if self._json:
            steps = [report_facts(report) for report in result.reports]
            print_json({"ok": status == FINE, "steps": steps, "status": status_facts(result.status)})
        failed = result.failed
        if failed is not None:
            title = step_title(failed.step)
            complain(_("{step} failed: {error}").format(step=title, error=failed.error.rstrip(".")))
        return status

    def _keep_choice(self) -> None:
        """What was asked for is what later looks compare with."""
        from aios_gui.settings.file import SettingsError, SettingsFile
        from aios_gui.settings.words import problem_sentence

        file = SettingsFile(self._paths.settings)
        if file.load(set_aside=False).settings == self._settings:
            return
        try:
            file.save(self._settings)
        except SettingsError as error:
            complain(problem_sentence(error.problem))

    # Trying

    def _test(self) -> int:
        from aios_gui.autostart.facts import trial_facts
        from aios_gui.autostart.model.setup import TrialOutcome
        from aios_gui.autostart.trial import Trial
        from aios_gui.autostart.words import trial_sentence

        mechanism, status = self._registered()
        if not self._json:
            print(
                _("Starting what is registered, in a home of its own: {command}").format(
                    command=status.command
                )
            )
        result = Trial(mechanism).run()
        if self._json:
            print_json(trial_facts(result))
        else:
            print(trial_sentence(result))
        return FINE if result.outcome is TrialOutcome.BEATS else ALERT

    # Which one is meant

    def _asked_for(self) -> list[Mechanism]:
        """The one that was named; none where none was."""
        from aios_gui.autostart.standing import AUTO

        key = self._arguments.mechanism
        if key in (None, AUTO):
            return []
        found = [each for each in self._mechanisms if each.key == key]
        if not found:
            known = ", ".join(each.key for each in self._mechanisms)
            raise CommandError(
                _("this system has no “{key}”; there are {known}").format(key=key, known=known)
            )
        return found

    def _chosen(self) -> Mechanism:
        from aios_gui.autostart.standing import choose
        from aios_gui.autostart.words import face_word, mechanism_title

        asked = self._asked_for()
        mechanism = (
            asked[0] if asked else choose(self._mechanisms, self._settings["autostart.mechanism"], self._wish)
        )
        if mechanism is None:
            raise CommandError(
                _("this system has no such way; “aios-heartbeat autostart status” lists those it has")
            )
        if self._wish.face not in mechanism.faces:
            sentence = _("{title} cannot start it {face}; choose another --mechanism or --face")
            title, face = mechanism_title(mechanism.key), face_word(self._wish.face)
            raise CommandError(sentence.format(title=title, face=face))
        self._check_options(mechanism)
        return mechanism

    def _check_options(self, mechanism: Mechanism) -> None:
        """What was asked for by name is not left out in silence."""
        from aios_gui.autostart.model.autostart import Option
        from aios_gui.autostart.words import mechanism_title

        asked = {
            Option.DELAY: ("--delay", self._arguments.delay),
            Option.SPREAD: ("--spread", self._arguments.spread),
            Option.ON_BATTERY: ("--no-battery", self._arguments.no_battery),
            Option.TIME_LIMIT: ("--time-limit", self._arguments.time_limit),
            Option.PRIORITY: ("--nice", self._arguments.nice),
        }
        unknown = [
            name for option, (name, value) in asked.items() if value and option not in mechanism.options
        ]
        if unknown:
            sentence = _("{title} knows no {options}; leave it out or choose another --mechanism")
            title = mechanism_title(mechanism.key)
            raise CommandError(sentence.format(title=title, options=", ".join(unknown)))

    def _registered(self) -> tuple[Mechanism, Status]:
        """The first that is registered, as far as it is known, with how it stands."""
        from aios_gui.autostart.model.autostart import State

        for mechanism in self._asked_for() or self._mechanisms:
            status = mechanism.status(self._wish)
            if status.state not in (State.OFF, State.UNAVAILABLE):
                return mechanism, status
        raise CommandError(_("nothing is registered; “aios-heartbeat autostart enable” sets it up"))


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


def _nothing(_report: SetupReport) -> None:
    """All is printed at the end."""


def _print_report(report: SetupReport) -> None:
    from aios_gui.autostart import words
    from aios_gui.autostart.model.setup import WARNINGS
    from aios_gui.heartbeat.model.warmup import StepState
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.text_width import padded

    if report.state not in (StepState.DONE, StepState.FAILED):
        return
    print(f"  {padded(words.step_state(report.state), 8)}  {words.step_title(report.step)}")
    lines = [
        ("! " if each.kind in WARNINGS else "") + words.finding_sentence(each) for each in report.findings
    ]
    if report.trial is not None and report.state is StepState.DONE:
        lines = [words.trial_sentence(report.trial)]
    if report.error:
        lines.append("→ " + plain(report.error, 400))
    for line in lines:
        if line:
            print(f"            {line}")
