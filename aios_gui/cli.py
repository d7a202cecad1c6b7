"""The command line: finds the command, runs it, and turns every error into one line and an exit status."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import FAILURE, FINE, CommandError, check_home, speak_the_users_language
from aios_gui.instance.start_options import take_home
from aios_gui.system.paths import find_paths
from aios_gui.text.catalogue import N_, english_only
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import PROGRAM, complain, give_up_output, silence_output, tolerate_any_text

if TYPE_CHECKING:
    import argparse
    from types import ModuleType

INTERRUPTED = 130
_OUTPUT_FAULTS = frozenset(getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO"))
"""What is said of a write, where the error names no file: the output is on a disk that is full or broken."""

# Each command: its module below aios_gui, imported when it is asked for, and what it does. A module has
# add_arguments(parser) and run(arguments) -> exit status. PyInstaller reads the modules from here.
COMMANDS = {
    "beat": ("heartbeat.cli.beat", N_("make one beat, or show the latest of the instance that runs")),
    "service": ("instance.cli.service", N_("beat and record without a window until stopped")),
    "quit": ("instance.cli.quit", N_("end the instance that runs, window or service")),
    "monitor": ("instance.cli.monitor", N_("watch the heartbeat in the terminal")),
    "status": ("instance.cli.status", N_("tell in one line how it is now, for people, scripts and bars")),
    "warmup": ("heartbeat.cli.warmup", N_("warm up, step by step, and show cold against warm")),
    "profile": ("selfcheck.profile.cli", N_("measure what every stage of a beat costs")),
    "bench": (
        "selfcheck.benchmark.cli",
        N_("measure four heartbeats side by side: original, optimized, minimal, warmed"),
    ),
    "incidents": (
        "alerts.cli.incidents",
        N_("list what the rules found, acknowledge, note, mute a rule, try one over the record"),
    ),
    "hiccups": (
        "alerts.cli.hiccups",
        N_("list every stall: when it began, how long it was, whose fault it was"),
    ),
    "changes": (
        "history.changes.cli",
        N_("list what was installed, updated and switched on this machine"),
    ),
    "who": ("history.who_ran.cli", N_("tell which programs ran at a moment, or did most over a span")),
    "note": ("history.notes.cli", N_("write a note on a moment or a span; list, edit and remove notes")),
    "report": (
        "reports.cli.report",
        N_("write a report: a page, a document, Markdown or a picture"),
    ),
    "export": ("reports.cli.export", N_("write recorded beats to a file")),
    "schedule": (
        "reports.cli.schedule",
        N_("show when the scheduled report is due and what was written, or write it now"),
    ),
    "import": (
        "record.importing.cli",
        N_("bring beats of another file into the record, apart from this machine’s own"),
    ),
    "slice": ("history.slices.cli", N_("cut a span out of the record, as a file to send")),
    "analyze": (
        "history.analysis.cli",
        N_("analyse a span: figures, days, what changed when, what was unusual, advice"),
    ),
    "compare": (
        "history.comparison.cli",
        N_("compare two spans: better, worse, no demonstrable difference, or not enough data"),
    ),
    "targets": (
        "selfcheck.targets.cli",
        N_("show every target, what is reached, and whether that is enough"),
    ),
    "settings": ("settings.cli", N_("list, read and change the settings, also while the heartbeat runs")),
    "record": ("record.cli", N_("show the data folder, or move the record to another one")),
    "forget": (
        "instance.cli.forget",
        N_("remove the record, the settings and everything else the program keeps"),
    ),
    "autostart": (
        "autostart.cli",
        N_("start at log-in: status, plan, enable, disable, repair, test"),
    ),
    "doctor": ("selfcheck.doctor.cli", N_("check this installation and say how to mend what is wrong")),
    "about": ("instance.cli.about", N_("tell the version and where newer ones are published")),
}

# The call that scripts make over and over spares the 10 ms that reading arguments takes.
_WITHOUT_PARSER = (["beat"], ["beat", "--json"])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` (default: the process's own) and return its exit status; no tracebacks."""
    arguments = take_home(sys.argv[1:] if argv is None else argv)
    tolerate_any_text()
    try:
        status = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        return _unread()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAILURE
    except CommandError as error:
        complain(str(error))
        return FAILURE
    except Exception as error:  # noqa: BLE001 - the last resort: a user never sees a traceback
        return _unread() if _is_broken_pipe(error) else _unexpected(error)
    return status


def _unread() -> int:
    """The reader of our output has closed it. What is left must not be flushed at exit."""
    silence_output()
    return FINE


def _is_broken_pipe(error: Exception) -> bool:
    """On Windows every write to a pipe whose reader has closed it fails as an invalid argument."""
    if sys.platform != "win32" or not isinstance(error, OSError) or error.errno != errno.EINVAL:
        return False
    try:
        print(flush=True)
    except OSError:
        return True
    return False


def _run(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        return _without_command(arguments)
    check_home(find_paths())
    if arguments in _WITHOUT_PARSER:
        return _run_beat(len(arguments) > 1)
    if "--json" not in arguments:
        speak_the_users_language(find_paths())
    parsed = command_parser(name).parse_args(arguments[1:])
    # Some facts have a sentence for people, as the conclusion of an incident: in English, so that what a script finds
    # in it does not depend on who runs it.
    with english_only() if getattr(parsed, "json", False) else nullcontext():
        status: int = _module_of(name).run(parsed)
    return status


def _module_of(name: str) -> ModuleType:
    from importlib import import_module

    return import_module(f"aios_gui.{COMMANDS[name][0]}")


def command_parser(name: str) -> argparse.ArgumentParser:
    """What reads the arguments of the command ``name``, for the command itself, its manual and its completion."""
    from aios_gui.text.terminal.parser import Parser

    parser = Parser(prog=f"{PROGRAM} {name}", description=_(COMMANDS[name][1]), allow_abbrev=False)
    _module_of(name).add_arguments(parser)
    parser.add_home()
    return parser


def _run_beat(as_json: bool) -> int:
    """One beat in a process too short-lived to collect garbage, also at its end: that is 8 ms of 60."""
    import gc

    gc.disable()
    try:
        from aios_gui.heartbeat.cli.beat import run_plainly

        return run_plainly(as_json)
    finally:
        gc.enable()
        gc.freeze()


def program_parser() -> argparse.ArgumentParser:
    """What reads the arguments where they name no command; its help lists the commands."""
    import argparse

    from aios_gui.text.terminal.parser import Parser

    listed = "\n".join(f"  {name:<10}{_(description)}" for name, (_module, description) in COMMANDS.items())
    parser = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND [OPTIONS]",
        description=_("A warmed heartbeat: shows when this machine stuttered, for how long, and why."),
        epilog=_("commands:\n{list}\n\nEvery command has --help.").format(list=listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_version()
    parser.add_home()
    return parser


def _without_command(arguments: list[str]) -> int:
    speak_the_users_language(find_paths())
    parser = program_parser()
    if not arguments:
        parser.print_help()
        return FINE
    if not arguments[0].startswith("-"):
        parser.error(_no_command(arguments[0]))
    parser.parse_args(arguments)
    return FINE


def _no_command(name: str) -> str:
    """What is wrong with the name of a command; CommandError where a similar one can be suggested."""
    from difflib import get_close_matches

    from aios_gui.text.plain import plain

    near = get_close_matches(name, COMMANDS, 1)
    if near:
        sentence = _("there is no command “{name}”; did you mean “{near}”?")
        raise CommandError(sentence.format(name=plain(name, 40), near=near[0]))
    return _("there is no command “{name}”").format(name=plain(name, 40))


def _unexpected(error: Exception) -> int:
    """One sentence for the user, everything else for the log."""
    import logging

    from aios_gui.system.logs import start_logging
    from aios_gui.text.os_reason import file_and_reason
    from aios_gui.text.plain import plain

    if isinstance(error, OSError) and error.filename is None and error.errno in _OUTPUT_FAULTS:
        give_up_output(error)
        return FAILURE
    paths = find_paths()
    start_logging(paths)
    logging.getLogger(__name__).critical("a command failed", exc_info=error)
    name = getattr(error, "filename", None)
    if isinstance(error, OSError) and error.strerror and name is not None:
        complain(file_and_reason(error))
        return FAILURE
    sentence = _("something went wrong inside the program ({error}); the details are in {log}")
    complain(sentence.format(error=plain(f"{type(error).__name__}: {error}"), log=paths.log))
    return FAILURE


if __name__ == "__main__":
    raise SystemExit(main())
