"""A profile in words, in the language of the user, and as a table with bars for the terminal."""

from __future__ import annotations

from aios_gui.selfcheck.profile.model import Group, Profile, StageCost
from aios_gui.system.progress import Progress
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import padded, width

_BAR_PLACES = 24
_FIGURE_PLACES = 9
_BETWEEN = "  "
_TITLES = {
    "wake": N_("Wake up"),
    "sample_cpu": N_("Read CPU"),
    "sample_memory": N_("Read memory"),
    "percentages": N_("Work out percentages"),
    "compare": N_("Compare with the limits"),
    "build": N_("Build the result"),
    "append": N_("Hand over to the recorder"),
    "drain": N_("Drain and derive"),
    "context": N_("Take the context sample"),
    "write": N_("Write and commit"),
    "publish": N_("Figures and publishing"),
    "breach": N_("Compare, over the limits"),
    "mark": N_("Mark the evidence before sleep"),
    "growth": N_("Read the evidence when late"),
    "culprit": N_("Find who held the interpreter"),
    "split": N_("Divide the lateness by cause"),
}


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


def progress(made: Progress) -> str:
    """How far a run is."""
    return _("{share}, {span} left: {group}").format(
        share=figures.percent(round(made.share * 100)),
        span=figures.span(round(made.remaining_s) * 1e9),
        group=group_title(Group(made.now)),
    )


def table(profile: Profile, style: TerminalStyle) -> list[str]:
    """Title, a table a group, totals and notes, line by line."""
    row_titles = [stage_title(stage.name) for stage in profile.stages]
    row_titles += [unattributed_title(), *(row[0] for row in totals(profile))]
    places = max(map(width, row_titles))
    lines = [title(profile)]
    for group in Group:
        lines += [
            "",
            _row(group_title(group), places, headings()),
            *_stages(profile, group, places, style),
        ]
        if group is Group.BEAT:
            lines += _totals(profile, places)
    return [*lines, "", *notes(profile)]


def _stages(profile: Profile, group: Group, places: int, style: TerminalStyle) -> list[str]:
    stages = [stage for stage in profile.stages if stage.group is group]
    # What is no part of the whole gets no bar beside what is.
    compared = [stage for stage in stages if stage.in_total] or stages
    longest_ns = max((stage.cost.p50_ns for stage in compared), default=0)
    return [
        _stage(stage, places, _bar(stage.cost.p50_ns, longest_ns, style) if stage in compared else "")
        for stage in stages
    ]


def _stage(stage: StageCost, places: int, bar: str) -> str:
    cost = stage.cost
    known = cost.count > 0
    cells = [
        figures.duration(cost.p50_ns if known else None),
        figures.duration(cost.p99_ns if known else None),
        figures.count(cost.count),
    ]
    return f"{_row(stage_title(stage.name), places, cells)}{_BETWEEN}{bar}".rstrip()


def _totals(profile: Profile, places: int) -> list[str]:
    rest = profile.unattributed
    rows = [(unattributed_title(), rest.p50_ns, rest.p99_ns, rest.count), *totals(profile)]
    lines = [
        _row(
            title,
            places,
            [figures.duration(p50), figures.duration(p99), figures.count(count) if count else ""],
        )
        for title, p50, p99, count in rows
    ]
    rule = "─" * (places + 3 * (len(_BETWEEN) + _FIGURE_PLACES))
    return [lines[0], rule, *(line.rstrip() for line in lines[1:])]


def _row(title: str, places: int, cells: list[str]) -> str:
    aligned = [" " * max(0, _FIGURE_PLACES - width(cell)) + cell for cell in cells]
    return _BETWEEN.join([padded(title, places), *aligned])


def _bar(value_ns: int, longest_ns: int, style: TerminalStyle) -> str:
    share = value_ns / longest_ns if longest_ns else 0.0
    return ("█" if style.blocks else "#") * max(1, round(share * _BAR_PLACES))
