"""How the program is started at log-in, in sentences: mechanisms, states, what mends them, steps and test starts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aios_gui.autostart.login_start import LoginStart
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    MechanismOption,
    NotAsPlanned,
    SetupFinding,
    SetupFindingKind,
    SetupReport,
    SetupResult,
    SetupStep,
    SmokeTestOutcome,
    SmokeTestResult,
)
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aios_gui.autostart.service import AutostartSnapshot, MechanismInfo

_LONGEST = 400


def mechanism_title(key: str) -> str:
    """What a mechanism is called; its key where it is of another version."""
    return {
        "run_key": _("Run list of the registry"),
        "scheduled_task": _("Scheduled task"),
        "desktop_file": _("Autostart folder"),
        "systemd_unit": _("systemd user service"),
        "launch_agent": _("Launch agent"),
    }.get(key, plain(key, 40))


def manage_sentence(key: str) -> str:
    """Where a person finds it again in the system's own tools."""
    return {
        "run_key": _("Task Manager lists it under Startup apps, where it can be switched off and on."),
        "scheduled_task": _(
            "Task Scheduler lists it in its library, where it can be disabled, run and changed."
        ),
        "desktop_file": _(
            "Your desktop lists it in its settings, as Startup Applications, Autostart or in GNOME Tweaks."
        ),
        "systemd_unit": _(
            "“systemctl --user status aios-heartbeat” shows it, “journalctl --user -u aios-heartbeat” what it said."
        ),
        "launch_agent": _(
            "System Settings lists it under General, Login Items, where it can be switched off."
        ),
    }.get(key, "")


def mode_word(mode: LaunchMode) -> str:
    """How the program shows itself when the system starts it."""
    return {
        LaunchMode.TRAY: _("in the tray"),
        LaunchMode.WINDOW: _("with its window"),
        LaunchMode.HEADLESS: _("without a window"),
    }[mode]


def message_text(what: str | AutostartError) -> str:
    """What the system said, or the program of it, in the language spoken."""
    if isinstance(what, NotAsPlanned):
        return state_sentence(what.status)
    if isinstance(what, AutostartError):
        spoken = _(what.template)
        return plain(spoken.format(**what.facts) if what.facts else spoken, _LONGEST)
    return plain(what, _LONGEST)


def _with_detail(sentence: str, detail: str | AutostartError) -> str:
    told = message_text(detail)
    whole = _("{sentence}: {detail}") if told else _("{sentence}.")
    return whole.format(sentence=sentence, detail=told)


# How one mechanism stands


def state_word(status: AutostartStatus) -> str:
    """How a mechanism stands, in a word or two."""
    if status.state is AutostartState.CHANGED:
        return {
            AutostartReason.OTHER_PROGRAM: _("another copy"),
            AutostartReason.PROGRAM_GONE: _("program gone"),
            AutostartReason.SWITCHED_OFF: _("switched off"),
            AutostartReason.TWICE: _("twice"),
            AutostartReason.BLOCKED: _("blocked"),
            AutostartReason.UNREADABLE: _("unreadable"),
        }.get(status.reason, _("changed"))
    return {
        AutostartState.OFF: _("off"),
        AutostartState.ON: _("on"),
        AutostartState.CANNOT: _("not available"),
    }[status.state]


def state_sentence(status: AutostartStatus) -> str:
    """How a mechanism stands, with its evidence."""
    if status.state is AutostartState.CANNOT:
        return _with_detail(_("This way is not available here"), status.detail)
    if status.state is AutostartState.OFF:
        return _("It is not started at log-in.")
    if status.reason is AutostartReason.UNREADABLE:
        return _with_detail(_("What is registered cannot be read"), status.detail)
    if status.reason is AutostartReason.SWITCHED_OFF:
        return _switched_off(status)
    return {
        AutostartReason.NONE: _("It starts at log-in."),
        AutostartReason.FOR_ALL_USERS: _("It starts at log-in, as for all users of this machine."),
        AutostartReason.OTHER_PROGRAM: _("Another copy of the program is started instead of this one."),
        AutostartReason.PROGRAM_GONE: _(
            "It is registered, but the program that would be started is no longer there."
        ),
        AutostartReason.EDITED: _("It starts at log-in, but not as it is set up here now."),
        AutostartReason.TWICE: _("It is registered in a second way as well, and would be started twice."),
        AutostartReason.BLOCKED: _(
            "It was written, but something changed or removed it at once, perhaps a security program."
        ),
    }[status.reason]


def _switched_off(status: AutostartStatus) -> str:
    if status.detail:
        return _("It is registered, but switched off ({detail}).").format(detail=message_text(status.detail))
    if status.since_ns:
        at = figures.clock_time(status.since_ns)
        return _("You switched it off in the system's own list, {time}.").format(time=at)
    return _("You switched it off in the system's own list.")


def remedy_sentence(status: AutostartStatus) -> str:
    """What mends it on the command line; "" where nothing is wrong."""
    repair = _("“aios-heartbeat autostart repair” registers this copy.")
    return {
        AutostartReason.OTHER_PROGRAM: repair,
        AutostartReason.PROGRAM_GONE: repair,
        AutostartReason.EDITED: repair,
        AutostartReason.TWICE: _("“aios-heartbeat autostart repair” keeps one way and removes the others."),
        AutostartReason.SWITCHED_OFF: _("“aios-heartbeat autostart repair” switches it on again."),
        AutostartReason.BLOCKED: _(
            "Allow it in the security program, then set it up again, or choose another way."
        ),
        AutostartReason.UNREADABLE: _("“aios-heartbeat autostart repair” writes it again."),
    }.get(status.reason, "")


def notice_sentence(status: AutostartStatus) -> str:
    """What a look at a start found to be mended."""
    if status.reason is AutostartReason.UNREADABLE:
        return _with_detail(_("What is to start at log-in cannot be read"), status.detail)
    return {
        AutostartReason.PROGRAM_GONE: _(
            "At log-in nothing starts: the program that is registered is gone ({text})."
        ),
        AutostartReason.OTHER_PROGRAM: _("At log-in another copy of the program starts: {text}"),
        AutostartReason.TWICE: _("At log-in the program is started twice: {text}"),
    }.get(status.reason, _("At log-in the program does not start as it is set up here: {text}")).format(
        text=plain(status.command, 200) or plain(status.where, 200)
    )


def place_sentence(place: SetupFinding) -> str:
    """What speaks against where the program that starts at log-in lies."""
    return {
        SetupFindingKind.TEMPORARY: _(
            "{text} starts at log-in, but is in a folder that the system empties. Move it and set autostart up again."
        ),
        SetupFindingKind.REMOVABLE: _(
            "{text} starts at log-in, but is on a disk or share that may not be there then."
        ),
        SetupFindingKind.WRITABLE: _(
            "Another user of this machine can write to {text}, and so start a program of theirs when you log in."
        ),
        SetupFindingKind.DOWNLOADS: _(
            "{text} starts at log-in, but is in your downloads folder and easily deleted."
        ),
    }[place.kind].format(text=plain(place.text, 200))


# How the whole stands, and what mends it


def headline(snapshot: AutostartSnapshot, has_tray: bool = True) -> str:
    """How it stands as a whole, in one sentence; ``has_tray`` as far as that is known."""
    status = snapshot.status
    if status.state is AutostartState.ON:
        return _starts(snapshot.options, has_tray)
    if not status.mechanism:
        return _("This system has no known way to start programs at log-in")
    if status.state is AutostartState.OFF:
        return _("It does not start when you log in")
    return {
        AutostartReason.OTHER_PROGRAM: _("Another copy starts when you log in, not this one"),
        AutostartReason.PROGRAM_GONE: _("Nothing starts when you log in: the program is gone"),
        AutostartReason.SWITCHED_OFF: _("Switched off: it does not start when you log in"),
        AutostartReason.EDITED: _("Starts when you log in, but not as chosen here"),
        AutostartReason.TWICE: _("Registered twice"),
        AutostartReason.BLOCKED: _("Something keeps it from being registered"),
        AutostartReason.UNREADABLE: _("What is registered cannot be read"),
    }.get(status.reason, _("The chosen way is not available here"))


def _starts(options: AutostartOptions, has_tray: bool) -> str:
    mode = mode_word(options.mode)
    if options.mode is LaunchMode.TRAY and not has_tray:
        mode = _("minimized, since there is no tray")
    if options.spread_s:
        return _("Starts {from_s} to {to_s} s after you log in, {face}").format(
            from_s=options.delay_s, to_s=options.delay_s + options.spread_s, face=mode
        )
    if options.delay_s:
        return _("Starts {delay_s} s after you log in, {face}").format(delay_s=options.delay_s, face=mode)
    return _("Starts as soon as you log in, {face}").format(face=mode)


def evidence(snapshot: AutostartSnapshot) -> str:
    """What the headline rests on, and what the button beside it will do about it."""
    status = snapshot.status
    if not status.mechanism:
        return _("Start it by hand, or by whatever starts programs here.")
    if status.state is AutostartState.ON and snapshot.can_mend and not snapshot.takes_other:
        if status.reason is AutostartReason.FOR_ALL_USERS:
            return _(
                "Read back from the system just now: it is set up for all users. No administrator rights are needed."
            )
        return _("Read back from the system just now. No administrator rights are needed.")
    if status.state is AutostartState.OFF and snapshot.can_mend and not snapshot.takes_other:
        return _(
            "Read back from the system just now: nothing is registered. One click sets it up ({way}). "
            "No administrator rights are needed."
        ).format(way=mechanism_title(snapshot.chosen))
    parts = [_found(snapshot), _outlook(snapshot)]
    if status.state is not AutostartState.CANNOT:
        parts.insert(1, refusal(snapshot))
    # What the system said need not have a full stop.
    return paragraph(
        part if part.endswith((".", "。")) else _("{sentence}.").format(sentence=part)
        for part in parts
        if part
    )


def _found(snapshot: AutostartSnapshot) -> str:
    status = snapshot.status
    if status.reason is AutostartReason.TWICE:
        listed = [mechanism_title(each.mechanism) for each in (status, *snapshot.also)]
        return _("It is registered in several ways: {ways}.").format(
            ways=_(", ").join(filter(None, (*listed, message_text(status.detail))))
        )
    if status.reason is AutostartReason.EDITED and status.mechanism != snapshot.chosen:
        return _("It starts at log-in, but in another way than the chosen one: {way}.").format(
            way=mechanism_title(status.mechanism)
        )
    return state_sentence(status)


def _outlook(snapshot: AutostartSnapshot) -> str:
    """What the button does, as far as its own words do not say it."""
    if snapshot.takes_other:
        return _("This system has another way: {way}.").format(way=mechanism_title(snapshot.other))
    if not snapshot.can_mend:
        return ""
    repair = _("The repair registers this copy in its place.")
    return {
        AutostartReason.OTHER_PROGRAM: repair,
        AutostartReason.PROGRAM_GONE: repair,
        AutostartReason.SWITCHED_OFF: _("It stays so until you allow it again."),
        AutostartReason.TWICE: _("One is kept, the others are removed."),
        AutostartReason.UNREADABLE: _("It can be written again."),
    }.get(snapshot.status.reason, "")


def button_text(snapshot: AutostartSnapshot | None) -> str:
    """What is written on the one button, of None where the system has not answered."""
    if snapshot is not None and snapshot.takes_other:
        return _("Set up in another way")
    return {
        AutostartReason.OTHER_PROGRAM: _("Repair"),
        AutostartReason.PROGRAM_GONE: _("Repair"),
        AutostartReason.UNREADABLE: _("Repair"),
        AutostartReason.EDITED: _("Apply the changes"),
        AutostartReason.SWITCHED_OFF: _("Allow it again"),
        AutostartReason.TWICE: _("Remove the duplicate"),
    }.get(snapshot.status.reason if snapshot is not None else AutostartReason.NONE, _("Set up autostart"))


def button_tip(snapshot: AutostartSnapshot | None) -> str:
    """What the button does."""
    if snapshot is not None and not snapshot.can_mend:
        return _("Nothing can be set up here.")
    if snapshot is not None and snapshot.status.state is AutostartState.ON:
        return _("It is set up.")
    if snapshot is not None and snapshot.status.reason is AutostartReason.SWITCHED_OFF:
        return _("Switch it on again in the system's own list, where it was switched off.")
    return _(
        "Check rights and paths, replace what exists, register, read it back, and start it once as a test. "
        "Nothing here asks for an administrator."
    )


def level_of(status: AutostartStatus) -> Severity:
    """How good the whole is."""
    if status.state is AutostartState.ON:
        return Severity.OK
    if status.state is not AutostartState.CHANGED or status.reason is AutostartReason.SWITCHED_OFF:
        return Severity.INACTIVE
    grave = (AutostartReason.PROGRAM_GONE, AutostartReason.BLOCKED, AutostartReason.UNREADABLE)
    return Severity.CRITICAL if status.reason in grave else Severity.WARNING


# What is registered


@dataclass(frozen=True, slots=True)
class RegisteredFact:
    """One line of what is registered; ``level`` is how good that is, None where it is neither."""

    label: str
    value: str
    level: Severity | None = None


def registered_facts(snapshot: AutostartSnapshot) -> list[RegisteredFact]:
    """What the system says, a line each; nothing of what is not registered."""
    status = snapshot.status
    last = RegisteredFact(_("Last start by the system"), last_start(snapshot.last_start))
    if not status.is_registered:
        return [RegisteredFact(_("Mechanism"), _("nothing is registered")), last]
    return [
        RegisteredFact(_("Mechanism"), mechanism_title(status.mechanism)),
        RegisteredFact(_("Where"), plain(status.where, _LONGEST)),
        RegisteredFact(_("Program"), plain(status.command, _LONGEST) or figures.NONE),
        _this_program(status),
        _turned_off(status),
        _twice(snapshot),
        last,
    ]


def _this_program(status: AutostartStatus) -> RegisteredFact:
    label = _("This program?")
    if status.reason is AutostartReason.PROGRAM_GONE:
        return RegisteredFact(label, _("no, it is gone"), Severity.CRITICAL)
    if not status.command:
        return RegisteredFact(label, _("unknown"), Severity.INACTIVE)
    if status.ours:
        return RegisteredFact(label, _("yes"), Severity.OK)
    return RegisteredFact(label, _("no, another copy"), Severity.WARNING)


def _turned_off(status: AutostartStatus) -> RegisteredFact:
    label = _("Turned off by you?")
    if status.reason is AutostartReason.UNREADABLE:
        return RegisteredFact(label, _("unknown"), Severity.INACTIVE)
    if status.reason is not AutostartReason.SWITCHED_OFF:
        return RegisteredFact(label, _("no"), Severity.OK)
    at = figures.clock_time(status.since_ns) if status.since_ns else ""
    return RegisteredFact(label, _("yes, {time}").format(time=at) if at else _("yes"), Severity.WARNING)


def _twice(snapshot: AutostartSnapshot) -> RegisteredFact:
    label = _("Registered twice?")
    also = [
        mechanism_title(each.mechanism)
        if each.reason is AutostartReason.TWICE
        else _("{way} ({state})").format(way=mechanism_title(each.mechanism), state=state_word(each))
        for each in snapshot.also
    ]
    if snapshot.status.reason is AutostartReason.TWICE and snapshot.status.detail:
        also.append(message_text(snapshot.status.detail))
    if not also:
        return RegisteredFact(label, _("no"), Severity.OK)
    return RegisteredFact(label, _("yes, also: {ways}").format(ways=_(", ").join(also)), Severity.WARNING)


def last_start(start: LoginStart | None, now_ns: int | None = None) -> str:
    """When the system last started it, and how long the first beat took."""
    if start is None:
        return _("none so far")
    clock = figures.clock_time(start.at_ns, time.time_ns() if now_ns is None else now_ns)
    # A clock time without a date is one of today.
    when = _("today {time}").format(time=clock) if len(clock) == len("00:00") else clock
    if start.first_beat_ns is None:
        return _("{when}, no beat came").format(when=when)
    return _("{when}, first beat after {duration}").format(
        when=when, duration=figures.spoken_duration(start.first_beat_ns)
    )


def last_start_sentence(start: LoginStart | None, now_ns: int | None = None) -> str:
    """The same as a line of its own."""
    return _("{label}: {value}").format(label=_("Last start by the system"), value=last_start(start, now_ns))


def by_hand(key: str) -> str:
    """How a person manages it without this program."""
    sentence = manage_sentence(key)
    return _("By hand: {sentence}").format(sentence=sentence) if sentence else ""


# What would be written, and what a mechanism cannot do


def plan_title(status: AutostartStatus) -> str:
    """Of the card that shows it."""
    if status.state is AutostartState.ON:
        return _("Exactly what is written")
    return _("Exactly what will be written")


def lingering_sentence(lingers: bool | None) -> str:
    """Whether it runs without log-in; "" where the mechanism knows no such thing."""
    if lingers is None:
        return ""
    if lingers:
        return _("It runs from the start of the machine on, also while you are not logged in.")
    return _("It runs from log-in to log-off. “loginctl enable-linger” lets it run without log-in.")


def refusal(snapshot: AutostartSnapshot) -> str:
    """Why nothing can be written; "" where something can."""
    if snapshot.plan is not None:
        return ""
    if snapshot.refused is not None:
        return message_text(snapshot.refused)
    mechanism = snapshot.mechanism
    if mechanism is None:
        return _("This system does not have the chosen way.")
    return _no_mode(mechanism, snapshot.options.mode)


def why_no_option(snapshot: AutostartSnapshot, option: MechanismOption) -> str:
    """Why an option cannot be chosen; "" where it can."""
    mechanism = snapshot.mechanism
    if mechanism is None or option in mechanism.options:
        return ""
    sentence = _("Not possible with: {way}.").format(way=mechanism_title(mechanism.key))
    return _with_others(sentence, [each for each in snapshot.mechanisms if option in each.options])


def why_no_mode(snapshot: AutostartSnapshot, mode: LaunchMode) -> str:
    """Why the program cannot show itself so; "" where it can."""
    mechanism = snapshot.mechanism
    if mechanism is None or mode in mechanism.modes:
        return ""
    others = [each for each in snapshot.mechanisms if mode in each.modes]
    return _with_others(_no_mode(mechanism, mode), others)


def _no_mode(mechanism: MechanismInfo, mode: LaunchMode) -> str:
    return _("{way} cannot start it {face}.").format(way=mechanism_title(mechanism.key), face=mode_word(mode))


def _with_others(sentence: str, others: Sequence[MechanismInfo]) -> str:
    listed = _(", ").join(mechanism_title(each.key) for each in others if each.is_available)
    if not listed:
        return sentence
    return _("{sentence} Possible with: {ways}.").format(sentence=sentence, ways=listed)


def why_not_available(mechanism: MechanismInfo) -> str:
    """Why a mechanism cannot be chosen; "" where it can."""
    if mechanism.is_available:
        return ""
    return state_sentence(mechanism.status)


# Steps, and how something ended


def step_title(step: SetupStep) -> str:
    """What a step is called."""
    return {
        SetupStep.CHECK: _("Check rights and paths"),
        SetupStep.REGISTER: _("Register"),
        SetupStep.VERIFY: _("Read back"),
        SetupStep.TRIAL: _("Start it as a test"),
        SetupStep.REMOVE: _("Remove"),
    }[step]


def step_state(state: StepState) -> str:
    """Where a step stands, in a word."""
    return {
        StepState.WAITING: _("not done"),
        StepState.RUNNING: _("running"),
        StepState.DONE: _("done"),
        StepState.FAILED: _("failed"),
    }[state]


def report_lines(report: SetupReport) -> list[str]:
    """What a step found, a line each; of one that failed, why."""
    lines = [finding_sentence(finding) for finding in report.findings]
    failure = failure_sentence(report)
    return [*lines, failure] if failure else lines


def failure_sentence(report: SetupReport) -> str:
    """Why a step failed; "" for one that did not."""
    if report.error is not None:
        return message_text(report.error)
    if report.test is not None and report.state is StepState.FAILED:
        return smoke_test_sentence(report.test)
    return ""


def finding_sentence(finding: SetupFinding) -> str:
    """What a step found."""
    return {
        SetupFindingKind.FOR_ADMINISTRATOR: _(
            "You are the administrator now: this is for the administrator's log-in, not for that of {text}."
        ),
        SetupFindingKind.TEMPORARY: _("{text} is in a folder that the system empties: move the program."),
        SetupFindingKind.REMOVABLE: _("{text} is on a disk or share that may not be there at log-in."),
        SetupFindingKind.WRITABLE: _(
            "Another user of this machine can write to {text} and replace the program: move it, or forbid that."
        ),
        SetupFindingKind.DOWNLOADS: _(
            "{text} is in your downloads folder: it will not start once it is deleted there."
        ),
        SetupFindingKind.REPLACED: _("In place of: {text}"),
        SetupFindingKind.WRITTEN: _("Written: {text}"),
        SetupFindingKind.READ_BACK: _("The system will start: {text}"),
        SetupFindingKind.REMOVED: _("Removed: {text}"),
        SetupFindingKind.FOR_ALL_USERS: _(
            "It is set up for all users of this machine; for you, {text} keeps it from starting."
        ),
    }[finding.kind].format(text=plain(finding.text, _LONGEST))


def smoke_test_sentence(result: SmokeTestResult) -> str:
    """How a test start ended."""
    if result.outcome is SmokeTestOutcome.BEATS:
        return _("{shown}, first beat after {duration}.").format(
            shown=_shown(result), duration=figures.spoken_duration(result.first_beat_ns)
        )
    sentence = {
        SmokeTestOutcome.ENDED: _("It ended before its first beat (exit status {status})"),
        SmokeTestOutcome.NOT_STARTED: _("It could not be started"),
        SmokeTestOutcome.SILENT: _("It started, but made no beat within 30 s"),
        SmokeTestOutcome.CANCELLED: _("The test start was cancelled"),
    }[result.outcome]
    return _with_detail(sentence.format(status=result.status), result.message)


def _shown(result: SmokeTestResult) -> str:
    if result.headless:
        return _("It runs without a window")
    return {
        "tray": _("It sits in the tray"),
        "window": _("Its window opened"),
        "minimized": _("There is no tray, so its window opened minimized"),
    }.get(result.shown, _("It runs, but showed nothing"))


def outcome_sentence(result: SetupResult, removed: bool) -> str:
    """How a set-up, a test start or a removal ended, in one line."""
    failed = result.failed
    test = next((report.test for report in result.reports if report.test is not None), None)
    if failed is not None and failed.step is SetupStep.TRIAL and len(result.reports) > 1:
        return _("It is registered, but the test start did not succeed.")
    if test is not None and (failed is None or failed.is_cancelled):
        return smoke_test_sentence(test)
    if failed is not None:
        return _("That did not work. Fix what the failed step says, then try again.")
    if removed:
        return _("Removed. AIOS Heartbeat no longer starts when you log in.")
    return _("Done.")
