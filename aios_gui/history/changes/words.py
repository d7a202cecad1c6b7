"""Changes in words."""

from __future__ import annotations

from collections.abc import Callable

from aios_gui.heartbeat.model.states import Mode
from aios_gui.history.changes.model import Burst, Change, ChangeKind, Problem
from aios_gui.history.changes.sources.power import MAINS
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_NAMED = 3
_TOLD = 8
_INSTALLED = (ChangeKind.PACKAGE, ChangeKind.PROGRAM)
_CHARACTERS = 120

_NAMES = {
    ChangeKind.PACKAGE: N_("package"),
    ChangeKind.PROGRAM: N_("program"),
    ChangeKind.KERNEL: N_("kernel"),
    ChangeKind.BOOT_OPTION: N_("boot option"),
    ChangeKind.SYSTEM: N_("system"),
    ChangeKind.DRIVER: N_("driver"),
    ChangeKind.FIRMWARE: N_("firmware"),
    ChangeKind.POWER_SOURCE: N_("power source"),
    ChangeKind.POWER_PLAN: N_("power plan"),
    ChangeKind.BOOT: N_("boot"),
    ChangeKind.RESUME: N_("wake-up"),
    ChangeKind.OWN_VERSION: N_("version"),
    ChangeKind.MODE: N_("mode"),
    ChangeKind.INTERVAL: N_("interval"),
    ChangeKind.SETTING: N_("setting"),
}
_PROBLEMS = {
    Problem.DENIED: N_("{source}: this user may not read it"),
    Problem.UNREADABLE: N_("{source}: it cannot be read, or not wholly"),
    Problem.TOO_MUCH: N_("{source}: it is very large, and only the newest part was read"),
    Problem.TOOK_TOO_LONG: N_("{source}: it took too long; the next look goes on from there"),
}
_MODES: dict[str | None, str] = {Mode.WINDOW: N_("window"), Mode.SERVICE: N_("service")}


def kind_name(kind: ChangeKind) -> str:
    """What it is that changed, in a word or two."""
    return _(_NAMES[kind])


def problem_sentence(source: str, problem: Problem) -> str:
    """Why a source could not be read."""
    return _(_PROBLEMS[problem]).format(source=plain(source, 40))


def change_sentence(change: Change) -> str:
    """What changed, without when."""
    special = _SPECIAL.get(change.kind)
    if special is not None:
        return special(change)
    name = plain(change.subject, _CHARACTERS) or kind_name(change.kind)
    before, after = _value(change.before), _value(change.after)
    installs = change.kind in _INSTALLED
    if change.before is None and change.after is None:
        return _("{name} changed").format(name=name)
    if change.before is None:
        way = _("{name} installed") if installs else _("{name} added")
        name = f"{name} {after}".strip()
    elif change.after is None:
        way = _("{name} removed")
        name = f"{name} {before}".strip()
    elif before == after:
        way = _("{name} installed again")
        name = f"{name} {after}".strip()
    else:
        way = "{name}: {before} → {after}"
    return way.format(name=name, before=before or figures.NONE, after=after or figures.NONE)


def _value(value: str | None) -> str:
    return plain(value, _CHARACTERS) if value is not None else ""


def _boot(change: Change) -> str:
    return _("the machine was started, with kernel {kernel}").format(kernel=_value(change.after))


def _resume(change: Change) -> str:
    asleep_s = change.facts.get("asleep_s")
    if not isinstance(asleep_s, int | float):
        return _("the machine woke up")
    return _("the machine woke up, after {span} asleep").format(span=figures.span(asleep_s * 1e9))


def _power_source(change: Change) -> str:
    if change.after is None:
        return _("power source: no longer known")
    return _("on mains power") if change.after == MAINS else _("on battery")


def _mode(change: Change) -> str:
    after, before = (
        _(_MODES[each]) if each in _MODES else _value(each) or figures.NONE
        for each in (change.after, change.before)
    )
    return _("started as {after}, before as {before}").format(after=after, before=before)


def _own_version(change: Change) -> str:
    return f"AIOS Heartbeat: {_value(change.before) or figures.NONE} → {_value(change.after) or figures.NONE}"


_SPECIAL: dict[ChangeKind, Callable[[Change], str]] = {
    ChangeKind.BOOT: _boot,
    ChangeKind.RESUME: _resume,
    ChangeKind.POWER_SOURCE: _power_source,
    ChangeKind.MODE: _mode,
    ChangeKind.OWN_VERSION: _own_version,
}


def burst_sentence(burst: Burst) -> str:
    """Changes that were made in one go, counted, with the names of a few."""
    changes = burst.changes
    if not burst.is_many:
        return change_sentence(changes[0])
    added = sum(each.before is None for each in changes)
    removed = sum(each.after is None and each.before is not None for each in changes)
    changed = len(changes) - added - removed
    installs = changes[0].kind in _INSTALLED
    ways = (
        (
            added,
            _("{count} installed") if installs else _("{count} added"),
            _("all installed") if installs else _("all added"),
        ),
        (changed, _("{count} changed"), _("all changed")),
        (removed, _("{count} removed"), _("all removed")),
    )
    told = _(", ").join(
        alone if count == len(changes) else way.format(count=figures.count(count))
        for count, way, alone in ways
        if count
    )
    many = {
        ChangeKind.PACKAGE: ngettext("{count} package", "{count} packages", len(changes)),
        ChangeKind.PROGRAM: ngettext("{count} program", "{count} programs", len(changes)),
        ChangeKind.DRIVER: ngettext("{count} driver", "{count} drivers", len(changes)),
    }.get(changes[0].kind, ngettext("{count} change", "{count} changes", len(changes)))
    named = _(", ").join(plain(each.subject, 40) for each in changes[:_NAMED] if each.subject)
    if named and len(changes) > _NAMED:
        named += _(", ") + "…"
    sentence = _("{label}: {value}").format(label=many.format(count=figures.count(len(changes))), value=told)
    return _("{sentence} ({names})").format(sentence=sentence, names=named) if named else sentence


def precise_moment(change: Change, now_ns: int) -> str:
    """When it was, as exactly as that is known."""
    precision_s = change.facts.get("precision_s", 0)
    text = figures.clock_time(change.at_ns, now_ns)
    if isinstance(precision_s, int | float) and precision_s >= 86_400:
        return figures.clock_time(change.at_ns, 1)[:10]
    return text


def changes_tip(found: list[Burst], now_ns: int) -> str:
    """When what changed, a line each; of very many the first ones."""
    lines = [f"{precise_moment(each.changes[0], now_ns)}  {burst_sentence(each)}" for each in found[:_TOLD]]
    more = len(found) - _TOLD
    if more > 0:
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=figures.count(more)))
    return "\n".join(lines)
