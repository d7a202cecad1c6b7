"""Who ran, in words."""

from __future__ import annotations

from collections.abc import Callable

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.history.who_ran.model import NotKnown, Ran, WhoAnswer, WhoRan
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain


def program_name(ran: Ran) -> str:
    """The program by name and number, with how many processes it has: ``cargo (4711) × 3``."""
    name = f"{plain(ran.name, 60)} ({ran.pid})"
    return f"{name} × {figures.count(ran.count)}" if ran.count > 1 else name


def data_rate(bytes_per_s: float | None) -> str:
    """What is read and written in a second, as ``2.0 MB/s``; ``–`` where that is not known."""
    return figures.NONE if bytes_per_s is None else f"{figures.size(bytes_per_s)}/s"


def started_by(ran: Ran) -> str:
    """What started it, and its unit."""
    return " · ".join(plain(each, 60) for each in (ran.parent, ran.unit) if each) or figures.NONE


def sampled_phrase(sample: WhoRan, at_ns: int) -> str:
    """When it was sampled, seen from the moment that was asked for, and over which time."""
    apart_ns = sample.wall_ns - at_ns
    if abs(apart_ns) < 1_000_000_000:
        way = _("sampled at that moment, over {span}")
    elif apart_ns > 0:
        way = _("sampled {distance} after, over {span}")
    else:
        way = _("sampled {distance} before, over {span}")
    return way.format(distance=figures.span(abs(apart_ns)), span=figures.span(sample.seconds * 1e9))


def not_known_sentence(answer: WhoAnswer, of_gap: Callable[[Gap], str]) -> str:
    """Why it is not known who ran."""
    if answer.gap is not None:
        return of_gap(answer.gap)
    return {
        NotKnown.BEFORE_RECORD: _("The record begins later."),
        NotKnown.AFTER_RECORD: _("The record does not reach so far."),
        NotKnown.EMPTY_RECORD: _("Nothing is recorded yet."),
    }.get(answer.not_known or NotKnown.NO_SAMPLE, _("It was not noted who ran then."))


def summary(answer: WhoAnswer, programs: tuple[Ran, ...], of_gap: Callable[[Gap], str]) -> str:
    """All of it in a sentence, to be read out."""
    if answer.sample is None:
        return not_known_sentence(answer, of_gap)
    each = [
        _("{program}: CPU {cpu}, memory {memory}").format(
            program=program_name(ran),
            cpu=figures.percent(ran.cpu_percent),
            memory=figures.size(ran.memory_bytes),
        )
        for ran in programs
    ]
    counted = ngettext("{count} program", "{count} programs", len(each)).format(count=len(each))
    when = sampled_phrase(answer.sample, answer.at_ns)
    return _("; ").join((_(", ").join((when, counted)), *each))
