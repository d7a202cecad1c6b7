"""How the program is started at log-in, in sentences: ways, states, steps, findings, trials, advice."""

from __future__ import annotations

import time

from aios_gui.autostart.login_start import LoginStart
from aios_gui.autostart.model.autostart import Reason, State, Status
from aios_gui.autostart.model.setup import (
    Advice,
    AdviceKind,
    Finding,
    FindingKind,
    SetupStep,
    TrialOutcome,
    TrialResult,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_LONGEST_COMMAND = 400


def mechanism_title(key: str) -> str:
    """What a way of being started is called; its key where it is of another version."""
    return {
        "run_key": _("Run list of the registry"),
        "startup_folder": _("Startup folder"),
        "scheduled_task": _("Scheduled task"),
        "desktop_file": _("Autostart folder"),
        "systemd_unit": _("systemd user service"),
        "launch_agent": _("Launch agent"),
    }.get(key, plain(key, 40))


def manage_sentence(key: str) -> str:
    """Where a person finds it again in the system's own tools."""
    return {
        "run_key": _("Task Manager lists it under Startup apps, where it can be switched off and on."),
        "startup_folder": _(
            "It is a link in the Startup folder (Win+R, shell:startup); Task Manager lists it under Startup apps."
        ),
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


def face_word(face: LaunchMode) -> str:
    """How the program shows itself when the system starts it."""
    return {
        LaunchMode.TRAY: _("in the tray"),
        LaunchMode.WINDOW: _("with its window"),
        LaunchMode.HEADLESS: _("without a window"),
    }[face]


# States


def state_word(state: State) -> str:
    """How a mechanism stands, in a word or two."""
    return {
        State.OFF: _("off"),
        State.ON: _("on"),
        State.OTHER_PROGRAM: _("another copy"),
        State.PROGRAM_GONE: _("program gone"),
        State.DISABLED: _("switched off"),
        State.CHANGED: _("changed"),
        State.TWICE: _("twice"),
        State.BLOCKED: _("blocked"),
        State.UNREADABLE: _("unreadable"),
        State.UNAVAILABLE: _("not available"),
    }[state]


def state_sentence(status: Status) -> str:
    """How a mechanism stands, with its evidence."""
    if status.state is State.DISABLED:
        return _disabled(status)
    if status.state is State.ON and status.reason is Reason.FOR_ALL_USERS:
        return _("It starts at log-in, as for all users of this machine.")
    detail = plain(status.detail)
    sentence = {
        State.OFF: _("It is not started at log-in."),
        State.ON: _("It starts at log-in."),
        State.OTHER_PROGRAM: _("Another copy of the program is started instead of this one."),
        State.PROGRAM_GONE: _("It is registered, but the program that would be started is no longer there."),
        State.CHANGED: _("It starts at log-in, but not as it is set up here now."),
        State.TWICE: _("It is registered in a second way as well, and would be started twice."),
        State.BLOCKED: _(
            "It was written, but somebody else changed or removed it at once; a security program may do that."
        ),
        State.UNREADABLE: _("What is registered cannot be read"),
        State.UNAVAILABLE: _("This way is not available here"),
    }[status.state]
    if status.state in (State.UNREADABLE, State.UNAVAILABLE):
        return (
            _("{sentence}: {detail}").format(sentence=sentence, detail=detail) if detail else f"{sentence}."
        )
    return sentence


def _disabled(status: Status) -> str:
    at = figures.clock_time(status.since_ns) if status.since_ns else ""
    sentence = {
        Reason.HIDDEN: _("It is registered, but its entry is switched off (Hidden)."),
        Reason.OTHER_DESKTOP: _("It is registered, but for other desktops than this one ({detail}).").format(
            detail=plain(status.detail, 80)
        ),
        Reason.NOT_LINKED: _("The service is there, but it was disabled, so nothing starts it."),
        Reason.MASKED: _("The service is masked, so nothing may start it."),
    }.get(status.reason)
    if sentence is not None:
        return sentence
    if at:
        return _("You switched it off in the system's own list, {time}.").format(time=at)
    return _("You switched it off in the system's own list.")


def remedy_sentence(status: Status) -> str:
    """What mends it; "" where nothing is wrong."""
    repair = _("“aios-heartbeat autostart repair” registers this copy.")
    return {
        State.OTHER_PROGRAM: repair,
        State.PROGRAM_GONE: repair,
        State.CHANGED: repair,
        State.TWICE: _("“aios-heartbeat autostart repair” keeps one way and removes the others."),
        State.DISABLED: _("“aios-heartbeat autostart repair” switches it on again."),
        State.BLOCKED: _("Allow it in the security program, then set it up again, or choose another way."),
        State.UNREADABLE: _("“aios-heartbeat autostart repair” writes it anew."),
    }.get(status.state, "")


# Steps and findings


def step_title(step: SetupStep) -> str:
    """What a step is called."""
    return {
        SetupStep.RIGHTS: _("Check rights"),
        SetupStep.PATHS: _("Check paths"),
        SetupStep.REPLACE: _("Replace what exists"),
        SetupStep.REGISTER: _("Register"),
        SetupStep.VERIFY: _("Read back"),
        SetupStep.TRIAL: _("Start it as a test"),
        SetupStep.MANAGE: _("How to manage it"),
        SetupStep.REMOVE: _("Remove"),
        SetupStep.VERIFY_REMOVED: _("See that nothing is left"),
        SetupStep.ALLOW: _("Switch it on again"),
        SetupStep.START: _("Start what is registered"),
        SetupStep.FIRST_BEAT: _("Wait for its first beat"),
        SetupStep.APPEAR: _("See it in its place"),
        SetupStep.END: _("End it again"),
    }[step]


def step_state(state: StepState) -> str:
    """Where a step stands, in a word."""
    return {
        StepState.WAITING: _("not done"),
        StepState.RUNNING: _("running"),
        StepState.DONE: _("done"),
        StepState.FAILED: _("failed"),
    }[state]


def finding_sentence(finding: Finding) -> str:
    """What a step found."""
    text = plain(finding.text, _LONGEST_COMMAND)
    if finding.kind is FindingKind.MANAGED_BY:
        return manage_sentence(finding.text)
    if finding.kind is FindingKind.OTHER_REMOVED:
        text = mechanism_title(finding.text)
    return {
        FindingKind.NO_ADMINISTRATOR: _("No administrator is needed, and none is asked for."),
        FindingKind.FOR_ADMINISTRATOR: _(
            "You are the administrator now: this is for the administrator's log-in, not for that of {text}."
        ),
        FindingKind.PROGRAM: _("The program is {text}"),
        FindingKind.HOME: _("It keeps its data in {text}"),
        FindingKind.PLACE_TEMPORARY: _("{text} is in a folder that the system empties: move the program."),
        FindingKind.PLACE_REMOVABLE: _("{text} is on a disk or share that may not be there at log-in."),
        FindingKind.PLACE_DOWNLOADS: _(
            "{text} is among your downloads: it will not start once it is tidied away."
        ),
        FindingKind.NOTHING_TO_REPLACE: _("Nothing was registered."),
        FindingKind.REPLACED: _("In place of: {text}"),
        FindingKind.OTHER_REMOVED: _("Removed, so that it is not started twice: {text}"),
        FindingKind.WRITTEN: _("Written: {text}"),
        FindingKind.READ_BACK: _("The system will start: {text}"),
        FindingKind.TRIED: _("It was started as at log-in, and beat."),
        FindingKind.NOT_TRIED: _("Left out."),
        FindingKind.LINGERS: _("It runs from the start of the machine on, also while you are not logged in."),
        FindingKind.ENDS_WITH_LOG_OFF: _(
            "It runs from log-in to log-off. “loginctl enable-linger” lets it run without log-in."
        ),
        FindingKind.REMOVED: _("Removed: {text}"),
        FindingKind.NOTHING_LEFT: _("Nothing of it is left."),
        FindingKind.ALLOWED: _("Switched on again: {text}"),
        FindingKind.FOR_ALL_USERS: _(
            "It is set up for all users of this machine; for you, {text} keeps it from starting."
        ),
    }[finding.kind].format(text=text)


# Trials


def trial_sentence(result: TrialResult) -> str:
    """How a test start ended."""
    said = plain(result.said)
    if result.outcome is TrialOutcome.BEATS:
        return _("{shown}, first beat after {duration}.").format(
            shown=_shown(result), duration=figures.spoken_duration(result.first_beat_ns)
        )
    if result.outcome is TrialOutcome.ENDED:
        sentence = _("It ended before it beat (exit status {status})").format(status=result.status)
    else:
        sentence = {
            TrialOutcome.NOT_STARTED: _("It could not be started"),
            TrialOutcome.SILENT: _("It was started, but no beat came in half a minute"),
            TrialOutcome.CANCELLED: _("The test start was cancelled"),
        }[result.outcome]
    return _("{sentence}: {detail}").format(sentence=sentence, detail=said) if said else f"{sentence}."


def _shown(result: TrialResult) -> str:
    if result.headless:
        return _("It runs without a window")
    return {
        "tray": _("It sits in the tray"),
        "window": _("Its window opened"),
        "minimized": _("There is no tray, so its window opened minimized"),
    }.get(result.shown, _("It runs, but nothing of it was to be seen"))


# At each start


def advice_sentence(advice: Advice) -> str:
    """What was found at a start, and what is offered."""
    text = plain(advice.text, 200)
    return {
        AdviceKind.PROGRAM_GONE: _(
            "At log-in nothing starts: the program that is registered is gone ({text})."
        ),
        AdviceKind.OTHER_PROGRAM: _("At log-in another copy of the program starts: {text}"),
        AdviceKind.CHANGED: _("At log-in the program does not start as it is set up here: {text}"),
        AdviceKind.TWICE: _("At log-in the program is started twice: {text}"),
        AdviceKind.TEMPORARY: _(
            "{text} starts at log-in, but is in a folder that the system empties. Move it and set autostart up again."
        ),
        AdviceKind.REMOVABLE: _(
            "{text} starts at log-in, but is on a disk or share that may not be there then."
        ),
        AdviceKind.DOWNLOADS: _("{text} starts at log-in until it is tidied away from your downloads."),
    }[advice.kind].format(text=text)


def last_start_sentence(start: LoginStart | None, now_ns: int | None = None) -> str:
    """When the system last started it, and how long its first beat took."""
    if start is None:
        return _("The system has not started it so far.")
    now_ns = time.time_ns() if now_ns is None else now_ns
    clock = figures.clock_time(start.at_ns, now_ns)
    # A clock time without a date is one of today.
    when = _("today {time}").format(time=clock) if len(clock) == len("00:00") else clock
    if start.first_beat_ns is None:
        return _("Last start by the system: {when}; no beat came.").format(when=when)
    return _("Last start by the system: {when}, first beat after {duration}.").format(
        when=when, duration=figures.spoken_duration(start.first_beat_ns)
    )
