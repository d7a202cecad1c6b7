"""Becoming the one instance that beats, with words for what prevents it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import FAILURE, CommandError
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.autostart.login_start import LoginStart
    from aios_gui.heartbeat.model.items import Event
    from aios_gui.instance.resident import Resident
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths
    from aios_gui.system.termination import LastResort


def become_resident(
    interval_s: float | None, login_start: LoginStart | None = None, takes_over: bool = False
) -> Resident:
    """A started resident, which says on stderr where a record is set aside; another one ends first if it takes over.

    CommandError where another one runs or the data folder cannot be used.
    """
    from aios_gui.instance.lock import AlreadyRunning

    try:
        return start_resident(interval_s, login_start, _report_record_set_aside, takes_over)
    except AlreadyRunning as error:
        sentence = _(
            "another instance is already beating (process {pid}); watch it with “aios-heartbeat monitor”, "
            "or stop it first"
        )
        raise CommandError(sentence.format(pid=error.pid or "?")) from error


def start_resident(
    interval_s: float | None,
    login_start: LoginStart | None = None,
    on_record_news: Callable[[Event], object] = lambda _event: None,
    takes_over: bool = False,
) -> Resident:
    """As ``become_resident``, but AlreadyRunning where another one runs, and in silence unless told otherwise."""
    import time

    from aios_gui.heartbeat.model.items import Event, EventKind
    from aios_gui.heartbeat.model.states import Mode
    from aios_gui.instance.resident import Resident
    from aios_gui.instance.settings import settings_file
    from aios_gui.settings.words import problem_sentence
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths
    from aios_gui.text.catalogue import use_terminal_language
    from aios_gui.text.plain import plain

    paths = find_paths()
    start_logging(paths)
    loaded = settings_file(paths).load()
    settings = loaded.settings
    use_terminal_language(settings["window.language"])
    for problem in loaded.problems:
        complain(problem_sentence(problem))
    _report_what_waits(paths, settings)
    fixed = (("beat.interval_s", interval_s),) if interval_s is not None else ()
    resident = Resident(paths, settings, Mode.SERVICE, fixed=fixed)
    resident.login_start = login_start
    resident.on_record_news = on_record_news
    if takes_over:
        _end_other(paths)  # only now that all is loaded, so that hardly a beat is lost in between
    try:
        resident.start()
    except OSError as error:
        sentence = _(
            "the data folder {folder} cannot be used ({reason}); make it writable, or name another one in AIOS_HOME"
        )
        reason = plain(error.strerror or error)
        raise CommandError(sentence.format(folder=paths.data, reason=reason)) from error
    if resident.unreachable:
        sentence = _("other commands cannot reach this heartbeat ({reason}); Ctrl-C or a signal ends it")
        complain(sentence.format(reason=resident.unreachable))
    for problem in loaded.problems:
        if problem.set_aside is not None:
            facts: dict[str, int | float | str] = {"path": str(problem.set_aside)}
            resident.record_event(Event(EventKind.SETTINGS_SET_ASIDE, time.time_ns(), facts=facts))
    return resident


def _end_other(paths: Paths) -> None:
    from aios_gui.instance.client import ask_to_end

    if not ask_to_end(paths):
        raise CommandError(_("the instance that runs did not end, so it goes on recording"))


def _report_record_set_aside(event: Event) -> None:
    from aios_gui.heartbeat.model.items import EventKind
    from aios_gui.instance.words import event_sentence

    if event.kind in (EventKind.STORE_SET_ASIDE, EventKind.STORE_CARRIED_OVER):
        complain(event_sentence(event))


def _report_what_waits(paths: Paths, settings: Settings) -> None:
    from aios_gui.alerts.confirmations import Confirmations
    from aios_gui.alerts.model.trust import waiting
    from aios_gui.alerts.settings import rules_of

    held = waiting(rules_of(settings), Confirmations(paths.confirmations).read())
    if held:
        from aios_gui.alerts.words.trust import how_to_confirm, waiting_sentence

        complain(f"{waiting_sentence(held)}. {how_to_confirm()}")


def last_resort() -> LastResort:
    """What ends this process with status 2 where its end takes too long."""
    from aios_gui.instance.words import not_closed_sentence
    from aios_gui.system.termination import LastResort

    return LastResort(FAILURE, not_closed_sentence)


def close_resident(resident: Resident, last: Callable[[], object] = lambda: None) -> None:
    """Shut it down; where that cannot be done, as on a disk that hangs, the process ends here, with status 2.

    ``last`` is done before it ends so.
    """
    from aios_gui.instance.words import not_closed_sentence, yielded_sentence
    from aios_gui.system.termination import leave

    if not resident.shutdown():
        last()
        leave(FAILURE, not_closed_sentence())
    if resident.yielded_to is not None:
        complain(yielded_sentence(resident.yielded_to.pid))
