"""Composition root of the window: builds, wires, runs, shuts down. Qt is imported only when it is needed."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aios_gui.autostart.login_start import LoginStart
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.arguments import add_start, seconds
from aios_gui.instance.home_words import closed_sentence, unsafe_home_sentence
from aios_gui.instance.lock import AlreadyRunning
from aios_gui.instance.settings import settings_file
from aios_gui.instance.start_options import SLICE, LaunchOptions, take_home, wait_to_start
from aios_gui.settings.file import Loaded, SettingsFile
from aios_gui.settings.model import Settings
from aios_gui.system.linux.memory import share_heaps
from aios_gui.system.logs import start_logging, stop_logging
from aios_gui.system.own_program import WINDOW_PROGRAM as PROGRAM
from aios_gui.system.paths import Paths, find_paths
from aios_gui.system.private_home import UnsafeHome, secure_home
from aios_gui.system.termination import HeldSignals, any_left_behind, leave
from aios_gui.text.catalogue import SYSTEM, use_terminal_language
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.text.terminal.output import complain, give_up_output, tolerate_any_text
from aios_gui.text.terminal.parser import Parser
from aios_gui.ui.shell.qt_start import (
    activation_token,
    has_display,
    load_qt,
    missing_library,
    remedy,
    silent_display,
    unknown_platform,
)

if TYPE_CHECKING:
    from aios_gui.record.model.timerange import View
    from aios_gui.ui.shell.sources import LocalSource, RemoteSource

log = logging.getLogger(__name__)
FINE, FAILURE = 0, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window until it is quit, or run a command; returns the exit status.

    A command, as `service`, is run here so that on Windows it opens no console.
    """
    arguments = take_home(sys.argv[1:] if argv is None else argv)
    if arguments and not arguments[0].startswith("-") and not arguments[0].endswith(SLICE):
        from aios_gui.cli import main as command

        return command(arguments)
    options = _parse(arguments)
    began_ns = time.time_ns()
    if not wait_to_start(options.after_s, options.spread_s):
        return FINE
    login_start = LoginStart(began_ns, time.time_ns()) if options.at_login else None
    paths = find_paths()
    try:
        closed = secure_home(paths)
    except UnsafeHome as error:
        use_terminal_language(SYSTEM)  # the settings are what may be another user's, and so is the log
        complain(unsafe_home_sentence(error), PROGRAM)
        return FAILURE
    start_logging(paths)
    file = settings_file(paths)
    loaded = file.load()
    use_terminal_language(loaded.settings["window.language"])
    for folder in closed:
        _complain(closed_sentence(folder))
    try:
        if not has_display():
            if not (options.slice or options.screenshot):
                return _in_the_terminal()
            _complain(_("no display: the window cannot be opened from here"))
            return FAILURE
        unknown = unknown_platform()
        if unknown:
            _complain(unknown)
            return FAILURE
        lacking = missing_library()
        if lacking:
            _complain(remedy(lacking))
            return FAILURE
        silent = silent_display()
        if silent:
            _complain(_silence(silent))
            return FAILURE
        if options.slice:
            return _look_at(Path(options.slice).absolute(), options, paths, file, loaded)
        with HeldSignals() as held:
            return _open(options, paths, file, loaded, login_start, held)
    except ImportError as error:
        log.exception("Qt cannot be loaded")
        _complain(remedy(str(error)))
        return FAILURE
    finally:
        stop_logging()


def window_parser() -> argparse.ArgumentParser:
    """What reads the arguments of the window, for itself, its manual and its completion."""
    parser = Parser(prog=PROGRAM, description=_("The window of AIOS Heartbeat."))
    parser.add_argument(
        "slice",
        nargs="?",
        metavar="FILE",
        help=_("a slice to look at, in place of the heartbeat of this machine"),
    )
    parser.add_argument("--minimized", action="store_true", help=_("start into the tray"))
    parser.add_argument("--panel", default="", metavar="NAME", help=_("the panel to open, as live"))
    parser.add_argument(
        "--range",
        type=_view,
        metavar="RANGE",
        help=_("what the panel History shows: START..END, 7d, yesterday 14:03"),
    )
    parser.add_argument(
        "--quit-after",
        type=seconds,
        default=0.0,
        metavar="SECONDS",
        help=_("quit automatically after this long"),
    )
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help=_("save a picture of the window"))
    add_start(parser)
    parser.add_home()
    parser.add_version()
    return parser


def _parse(arguments: list[str]) -> LaunchOptions:
    found = window_parser().parse_args(arguments)
    return LaunchOptions(
        found.minimized,
        found.panel or ("history" if found.range is not None else ""),
        found.quit_after,
        found.screenshot,
        found.after,
        found.spread,
        found.at_login,
        found.slice or "",
        found.range,
    )


def _view(text: str) -> View:
    """What is to be looked at; ArgumentTypeError for what is no range or moment."""
    from aios_gui.record.model.timerange import RangeError, parse_view
    from aios_gui.record.words import range_sentence

    try:
        return parse_view(text, time.time_ns())
    except RangeError as error:
        raise argparse.ArgumentTypeError(range_sentence(error)) from None


def _in_the_terminal() -> int:
    from aios_gui.cli import main as command_line

    tolerate_any_text()
    try:
        print(_("There is no display, so here is the view for the terminal. Ctrl+C ends it."), flush=True)
    except OSError as error:
        give_up_output(error, PROGRAM)
        return FAILURE
    return command_line(["monitor"])


def _silence(display: str) -> str:
    return _(
        "The display {display} does not answer. Start the window from a desktop session, or use aios-heartbeat, "
        "which needs none."
    ).format(display=display)


def _complain(sentence: str) -> None:
    log.error("%s", sentence)
    complain(sentence, PROGRAM)


def _open(
    options: LaunchOptions,
    paths: Paths,
    settings_file: SettingsFile,
    loaded: Loaded,
    login_start: LoginStart | None,
    held: HeldSignals,
) -> int:
    """Find out who beats, and follow it."""
    share_heaps()
    load_qt()
    try:
        source = _claim(paths, loaded.settings, login_start)
    except AlreadyRunning as other:
        # Started twice at log-in, for example: the window was not asked for.
        return FINE if options.minimized else _raise_other(paths, other, options)
    except OSError as error:
        reason = plain(f"{error.strerror or error}: {error.filename or paths.data}")
        _complain(_("The heartbeat cannot be started: {reason}").format(reason=reason))
        return FAILURE
    source.start()  # before anything heavy is loaded, so that the first beat does not wait for the window
    from aios_gui.ui.shell.session import run

    status = run(options, paths, settings_file, loaded, source, held)
    if any_left_behind():
        from aios_gui.instance.words import not_closed_sentence

        leave(FAILURE, not_closed_sentence())
    return status


def _look_at(
    slice_file: Path, options: LaunchOptions, paths: Paths, file: SettingsFile, loaded: Loaded
) -> int:
    """Show a slice; it neither beats nor disturbs what does."""
    from aios_gui.history.slices.opened import SliceRefused, check_slice
    from aios_gui.history.slices.words import refused_sentence
    from aios_gui.instance.record_schema import RECORD_SCHEMA
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.record.store.errors import StoreError
    from aios_gui.record.store.reader import RecordReader

    try:
        check_slice(slice_file, RECORD_SCHEMA)
        with RecordReader(slice_file) as reader:
            span = reader.span()
    except SliceRefused as refused:
        _complain(refused_sentence(slice_file, refused))
        return FAILURE
    except StoreError as error:
        _complain(plain(error, 400))
        return FAILURE
    if span is None:
        _complain(_("{file} has no beat in it").format(file=plain(slice_file, 400)))
        return FAILURE
    load_qt()
    from aios_gui.ui.shell.slice_window import show_slice

    return show_slice(options, paths, file, loaded, slice_file, TimeRange(span[0], span[1] + 1))


def _claim(paths: Paths, settings: Settings, login_start: LoginStart | None) -> LocalSource | RemoteSource:
    """The engine of this process, or the background service if that beats already.

    AlreadyRunning where there is a window, OSError where the folder of the data cannot be had.
    """
    from aios_gui.ui.shell.sources import RemoteSource, WindowPlace, start_local

    place = WindowPlace(paths)
    place.take()
    try:
        return start_local(paths, settings, login_start, place)
    except AlreadyRunning as other:
        if other.mode is not Mode.SERVICE:
            place.release()
            raise
    except BaseException:
        place.release()
        raise
    from aios_gui.instance.remote import RemoteFeed

    place.answer_calls()
    return RemoteSource(RemoteFeed(paths, each_look=place.keep), place)


def _raise_other(paths: Paths, other: AlreadyRunning, options: LaunchOptions) -> int:
    """Bring the other window to the front: the one beside a service is asked itself, else the one that beats."""
    from aios_gui.instance.channel import ChannelError, NoResident
    from aios_gui.instance.client import ChannelClient
    from aios_gui.instance.commands import RaiseWindow
    from aios_gui.instance.lock import WindowPaths, read_instance

    info = other.info or read_instance(paths)
    pid = info.pid if info is not None else 0
    if sys.platform == "win32":
        from aios_gui.system.windows.identity import let_come_forward

        let_come_forward(pid)
    view = options.view
    edges = (view.span.start_ns, view.span.end_ns, view.at_ns) if view is not None else ()
    command = RaiseWindow(options.panel, activation_token(), *edges)
    try:
        try:
            ChannelClient(WindowPaths(*paths), 5.0).execute(command)
        except NoResident:
            ChannelClient(paths, 5.0).execute(command)
    except ChannelError as error:
        log.warning("the other instance could not be raised: %s", error)
        _complain(
            _("AIOS Heartbeat is running already (process {pid}) but does not answer: {reason}").format(
                pid=pid, reason=plain(error)
            )
        )
        return FAILURE
    return FINE


if __name__ == "__main__":
    raise SystemExit(main())
