"""A profile in words, in the language of the user."""

from __future__ import annotations

from aios_gui.selfcheck.profile.model import Group, Profile
from aios_gui.selfcheck.profile.stages import STAGES
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_TITLES = {stage.name: stage.title for stage in STAGES}


def title(profile: Profile) -> str:
    """What was measured."""
    return ngettext(
        "What a beat costs: {count} run, figures from {sampler}",
        "What a beat costs: {count} runs, figures from {sampler}",
        profile.runs,
    ).format(count=figures.count(profile.runs), sampler=profile.sampler)


def stage_title(name: str) -> str:
    """What a stage is called; its name where it is of another version."""
    return _(_TITLES[name]) if name in _TITLES else name


def group_title(group: Group) -> str:
    """What its stages are part of."""
    return {
        Group.BEAT: _("The beat"),
        Group.RECORDER: _("The recorder, once a second"),
        Group.SLOW_PATH: _("The slow path"),
    }[group]


def headings() -> list[str]:
    """Of the figures' columns."""
    return [_("P50"), _("P99"), _("runs")]


def unattributed_title() -> str:
    """The row of what no stage explains."""
    return _("In between, in no stage")


def totals(profile: Profile) -> list[tuple[str, int, int, int]]:
    """The rows of the totals: title, P50 and P99 in ns, count."""
    plain, instrumented = profile.plain, profile.instrumented
    return [
        (_("Whole path, its stages timed"), instrumented.p50_ns, instrumented.p99_ns, instrumented.count),
        (_("Whole path, as in use"), plain.p50_ns, plain.p99_ns, plain.count),
        (_("Difference: the timing itself"), profile.difference_p50_ns, profile.difference_p99_ns, 0),
    ]


def notes(profile: Profile) -> list[str]:
    """Everything to be said below the table."""
    return [
        _(
            "Each beat came after a sleep of a millisecond and a rehearsal, plain and timed ones in turn. The path "
            "runs from its call to its return; waking up comes before it and is no part of it."
        ),
        _(
            "A beat’s own duration ends when its result is known, before that is built and handed over: "
            "P50 {p50}, P99 {p99} of the plain ones."
        ).format(
            p50=figures.duration(profile.duration.p50_ns), p99=figures.duration(profile.duration.p99_ns)
        ),
        _(
            "The recorder wrote to a record of its own, which is gone again; it and the slow path ran without pause. "
            "Medians of stages need not add up to the median of the whole."
        ),
    ]


def progress(share: float, remaining_s: float, now: Group) -> str:
    """How far a run is."""
    return _("{share}, {span} left: {group}").format(
        share=figures.percent(round(share * 100)),
        span=figures.span(round(remaining_s) * 1e9),
        group=group_title(now),
    )
