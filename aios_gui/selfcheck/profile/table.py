"""A profile as a table with bars for the terminal."""

from __future__ import annotations

from aios_gui.selfcheck.profile import words
from aios_gui.selfcheck.profile.model import Group, Profile, StageCost
from aios_gui.text import figures
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import padded, width

_BAR_PLACES = 24
_FIGURE_PLACES = 9
_BETWEEN = "  "


def table(profile: Profile, style: TerminalStyle) -> list[str]:
    """Title, a table a group, totals and notes, line by line."""
    titles = [words.stage_title(stage.name) for stage in profile.stages]
    titles += [words.unattributed_title(), *(title for title, *_figures in words.totals(profile))]
    places = max(map(width, titles))
    lines = [words.title(profile)]
    for group in Group:
        lines += [
            "",
            _row(words.group_title(group), places, words.headings()),
            *_stages(profile, group, places, style),
        ]
        if group is Group.BEAT:
            lines += _totals(profile, places)
    return [*lines, "", *words.notes(profile)]


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
    return f"{_row(words.stage_title(stage.name), places, cells)}{_BETWEEN}{bar}".rstrip()


def _totals(profile: Profile, places: int) -> list[str]:
    rest = profile.unattributed
    rows = [(words.unattributed_title(), rest.p50_ns, rest.p99_ns, rest.count), *words.totals(profile)]
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
