"""The Startup panel in words: how autostart stands as a whole, what mends it, what is registered, what cannot be."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aios_gui.autostart.login_start import LoginStart
from aios_gui.autostart.model.autostart import Note, Option, Reason, State, Status, Wish
from aios_gui.autostart.model.setup import Advice, Finding, FindingKind, SetupResult, SetupStep
from aios_gui.autostart.model.verdict import Mend, Verdict
from aios_gui.autostart.words import (
    advice_sentence,
    face_word,
    finding_sentence,
    manage_sentence,
    mechanism_title,
    state_sentence,
    state_word,
    trial_sentence,
)
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from aios_gui.autostart.service import Picture, Way

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class RegisteredFact:
    """One line of what is registered; ``level`` is how good that is, None where it is neither."""

    label: str
    value: str
    level: Severity | None = None


# The whole


def headline(verdict: Verdict, wish: Wish) -> str:
    """How it stands as a whole, in one sentence."""
    if verdict.state is State.ON:
        return _starts(wish)
    if verdict.status is None:
        return _("This system has no known way to start programs at log-in")
    return {
        State.OFF: _("It does not start when you log in"),
        State.OTHER_PROGRAM: _("Another copy starts when you log in, not this one"),
        State.PROGRAM_GONE: _("Nothing starts when you log in: the program is gone"),
        State.DISABLED: _("Switched off: it does not start when you log in"),
        State.CHANGED: _("Starts when you log in, but not as chosen here"),
        State.TWICE: _("Registered twice"),
        State.BLOCKED: _("Something keeps it from being registered"),
        State.UNREADABLE: _("What is registered cannot be read"),
        State.UNAVAILABLE: _("The way that is chosen is not available here"),
    }[verdict.state]


def _starts(wish: Wish) -> str:
    face = face_word(wish.face)
    if wish.spread_s:
        return _("Starts {from_s} to {to_s} s after you log in, {face}").format(
            from_s=wish.delay_s, to_s=wish.delay_s + wish.spread_s, face=face
        )
    if wish.delay_s:
        return _("Starts {delay_s} s after you log in, {face}").format(delay_s=wish.delay_s, face=face)
    return _("Starts as soon as you log in, {face}").format(face=face)


def evidence(picture: Picture, verdict: Verdict) -> str:
    """What the headline rests on, and what the button beside it will do about it."""
    status = verdict.status
    if verdict.mend is Mend.NOTHING and status is not None:
        if status.reason is Reason.FOR_ALL_USERS:
            return _(
                "Read back from the system just now: it is set up for all users. No administrator rights are needed."
            )
        return _("Read back from the system just now. No administrator rights are needed.")
    if status is None:
        return _("Start it by hand, or by whatever starts programs here.")
    if verdict.mend is Mend.SET_UP and verdict.state is State.OFF:
        return _(
            "Read back from the system just now: nothing is registered. One click sets it up ({way}). "
            "No administrator rights are needed."
        ).format(way=mechanism_title(picture.chosen))
    parts = [_told(verdict, status), _outlook(verdict, picture)]
    if verdict.state is not State.UNAVAILABLE:
        parts.insert(1, refusal(picture))
    return " ".join(_ended(part) for part in parts if part)


def _ended(sentence: str) -> str:
    """With a full stop, which what the system said need not have."""
    return sentence if sentence.endswith((".", "。")) else _("{sentence}.").format(sentence=sentence)


def _told(verdict: Verdict, status: Status) -> str:
    if verdict.state is State.TWICE:
        listed = ", ".join(mechanism_title(each.mechanism) for each in (status, *verdict.also))
        return _("It is registered in several ways: {ways}.").format(ways=listed)
    if verdict.state is State.CHANGED and status.state is State.ON:
        return _("It starts at log-in, but in another way than the chosen one: {way}.").format(
            way=mechanism_title(status.mechanism)
        )
    return state_sentence(status)


def _outlook(verdict: Verdict, picture: Picture) -> str:
    """What the button does, as far as its own words do not say it."""
    return {
        Mend.REPAIR: _("The repair registers this copy in its place."),
        Mend.ALLOW: _("It stays so until you allow it again."),
        Mend.ONE_WAY: _("One is kept, the others are removed."),
        Mend.WRITE_ANEW: _("It can be written anew."),
        Mend.OTHER_WAY: _("This system has another way: {way}.").format(way=mechanism_title(picture.other)),
    }.get(verdict.mend, "")


def mend_text(mend: Mend) -> str:
    """What is written on the button that mends it."""
    return {
        Mend.REPAIR: _("Repair"),
        Mend.APPLY: _("Apply the changes"),
        Mend.ALLOW: _("Allow it again"),
        Mend.ONE_WAY: _("Remove the double"),
        Mend.WRITE_ANEW: _("Write it anew"),
        Mend.OTHER_WAY: _("Set up in another way"),
    }.get(mend, _("Set up autostart"))


def mend_tip(mend: Mend) -> str:
    """What the button does."""
    set_up = _(
        "Check rights and paths, replace what exists, register, read it back, and start it once as a test. "
        "Nothing here asks for an administrator."
    )
    return {
        Mend.NOTHING: _("It is set up. Again does no harm: it is registered, read back and tried once more."),
        Mend.ALLOW: _("Switch it on again in the system's own list, where it was switched off."),
        Mend.IMPOSSIBLE: _("There is nothing that could be set up here."),
    }.get(mend, set_up)


def level_of(verdict: Verdict) -> Severity:
    """How good the whole is."""
    if verdict.state is State.ON:
        return Severity.OK
    if verdict.state in (State.OFF, State.DISABLED, State.UNAVAILABLE):
        return Severity.INACTIVE
    if verdict.state in (State.PROGRAM_GONE, State.BLOCKED, State.UNREADABLE):
        return Severity.CRITICAL
    return Severity.WARNING


def warning(advice: tuple[Advice, ...]) -> str:
    """What may keep it from starting though it is registered well; "" for nothing."""
    return " ".join(advice_sentence(each) for each in advice if not each.is_mendable)


# What is registered


def registered_facts(picture: Picture, verdict: Verdict, now_ns: int | None = None) -> list[RegisteredFact]:
    """What the system says, a line each; nothing of what is not registered."""
    status = verdict.status
    last = RegisteredFact(_("Last start by the system"), last_start_text(picture.last_start, now_ns))
    if status is None or not verdict.is_registered:
        return [RegisteredFact(_("Mechanism"), _("nothing is registered")), last]
    return [
        RegisteredFact(_("Mechanism"), mechanism_title(status.mechanism)),
        RegisteredFact(_("Where"), plain(status.where, _LONGEST)),
        RegisteredFact(_("Program"), plain(status.command, _LONGEST) or figures.NONE),
        _this_program(status),
        _switched_off(status),
        _twice(verdict),
        last,
    ]


def _this_program(status: Status) -> RegisteredFact:
    label = _("This program?")
    if status.state is State.UNREADABLE:
        return RegisteredFact(label, _("unknown"), Severity.INACTIVE)
    if status.state is State.PROGRAM_GONE:
        return RegisteredFact(label, _("no, it is gone"), Severity.CRITICAL)
    return (
        RegisteredFact(label, _("yes"), Severity.OK)
        if status.ours
        else RegisteredFact(label, _("no, another copy"), Severity.WARNING)
    )


def _switched_off(status: Status) -> RegisteredFact:
    label = _("Turned off by you?")
    if status.state is State.UNREADABLE:
        return RegisteredFact(label, _("unknown"), Severity.INACTIVE)
    if status.state is not State.DISABLED:
        return RegisteredFact(label, _("no"), Severity.OK)
    if status.since_ns:
        at = figures.clock_time(status.since_ns)
        return RegisteredFact(label, _("yes, {time}").format(time=at), Severity.WARNING)
    return RegisteredFact(label, _("yes"), Severity.WARNING)


def _twice(verdict: Verdict) -> RegisteredFact:
    label = _("Registered twice?")
    if not verdict.also:
        return RegisteredFact(label, _("no"), Severity.OK)
    also = ", ".join(
        _("{way} ({state})").format(way=mechanism_title(each.mechanism), state=state_word(each.state))
        if each.state is not State.TWICE
        else mechanism_title(each.mechanism)
        for each in verdict.also
    )
    return RegisteredFact(label, _("yes, also: {ways}").format(ways=also), Severity.WARNING)


def last_start_text(start: LoginStart | None, now_ns: int | None = None) -> str:
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


def by_hand(key: str) -> str:
    """How a person manages it without this program."""
    sentence = manage_sentence(key)
    return _("By hand: {sentence}").format(sentence=sentence) if sentence else ""


# What would be written


def plan_title(verdict: Verdict) -> str:
    """Of the card that shows it."""
    if verdict.state is State.ON:
        return _("Exactly what is written")
    return _("Exactly what will be written")


def plan_notes(picture: Picture) -> str:
    """What is to be known of it beyond what is written; "" for nothing."""
    plan = picture.plan
    kinds = {
        Note.LINGERS: FindingKind.LINGERS,
        Note.ENDS_WITH_LOG_OFF: FindingKind.ENDS_WITH_LOG_OFF,
    }
    return " ".join(finding_sentence(Finding(kinds[note])) for note in plan.notes) if plan else ""


def refusal(picture: Picture) -> str:
    """Why nothing can be written; "" where something can."""
    if picture.plan is not None:
        return ""
    if picture.refused:
        return plain(picture.refused, _LONGEST)
    way = picture.way
    if way is None:
        return _("The way that is chosen is not one of this system.")
    return _no_face(way, picture.wish.face)


# What a way cannot do


def why_not(picture: Picture, option: Option) -> str:
    """Why an option cannot be chosen; "" where it can."""
    way = picture.way
    if way is None or option in way.options:
        return ""
    others = [each for each in picture.ways if option in each.options and each.is_available]
    return _cannot(way, others)


def why_no_face(picture: Picture, face: LaunchMode) -> str:
    """Why the program cannot show itself so; "" where it can."""
    way = picture.way
    if way is None or face in way.faces:
        return ""
    others = [each for each in picture.ways if face in each.faces and each.is_available]
    return _with_others(_no_face(way, face), others)


def _no_face(way: Way, face: LaunchMode) -> str:
    return _("{way} cannot start it {face}.").format(way=mechanism_title(way.key), face=face_word(face))


def _cannot(way: Way, others: list[Way]) -> str:
    return _with_others(_("Not possible with: {way}.").format(way=mechanism_title(way.key)), others)


def _with_others(sentence: str, others: list[Way]) -> str:
    if not others:
        return sentence
    listed = ", ".join(mechanism_title(each.key) for each in others)
    return _("{sentence} Possible with: {ways}.").format(sentence=sentence, ways=listed)


def why_not_available(way: Way) -> str:
    """Why a way cannot be chosen; "" where it can."""
    if way.is_available:
        return ""
    return state_sentence(Status(way.key, State.UNAVAILABLE, detail=way.why_not))


# How something ended


def outcome_sentence(result: SetupResult, removed: bool) -> str:
    """How a set-up, a test start or a removal ended, in one line."""
    failed = result.failed
    trial = next((report.trial for report in result.reports if report.trial is not None), None)
    if failed is not None and failed.step is SetupStep.TRIAL:
        return _("It is registered, but the test start did not succeed.")
    if failed is not None and trial is None:
        return _("It did not succeed. Put right what the failed step names, then try again.")
    if trial is not None:
        return trial_sentence(trial)
    if removed:
        return _("It is removed; this program no longer starts at log-in.")
    return _("Done.")
