"""`profile`: what every stage of a beat costs, measured here and now."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import FINE, CommandError, load_settings, print_json
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.selfcheck.profile.model import Profile
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths
    from aios_gui.system.progress import Progress
    from aios_gui.text.terminal.progress_line import ProgressLine

_RUNS = 1000
_FEWEST, _MOST = 10, 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `profile`."""
    parser.add_argument(
        "--runs",
        type=_runs,
        default=_RUNS,
        metavar="N",
        help=_("how often each stage is measured, 10 to 100000 (default: 1000, some seconds)"),
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=_("print one object with all figures"))
    how.add_argument(
        "--progress",
        action="store_true",
        help=_("for programs: print progress as JSON, a line each, and the result as the last line"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    start_logging(paths)
    with _ending_in_order():
        profile = _measured(paths, settings, arguments)
    _print(profile, arguments)
    return FINE


def _measured(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> Profile:
    from aios_gui.alerts.settings import thresholds_of
    from aios_gui.heartbeat.clock import system_clock
    from aios_gui.heartbeat.sampling import choose_sampler
    from aios_gui.instance.recorder_profile import RecorderRuns
    from aios_gui.selfcheck.profile.model import ProfileFailed
    from aios_gui.selfcheck.profile.runs import run_profile
    from aios_gui.system.parent import EndWithParent
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.progress_line import ProgressLine

    quiet = arguments.json or arguments.progress
    try:
        with (
            EndWithParent(end=_end_from_elsewhere) if arguments.progress else nullcontext(),
            ProgressLine(None if quiet else sys.stderr) as line,
        ):
            on_progress = (
                _print_progress if arguments.progress else lambda progress: _draw_progress(line, progress)
            )
            clock = system_clock()
            return run_profile(
                arguments.runs,
                on_progress,
                clock,
                choose_sampler,
                thresholds_of(settings),
                paths.data,
                lambda folder: RecorderRuns(clock, choose_sampler, settings, folder),
            )
    except (ProfileFailed, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        sentence = _("the beat cannot be measured: {reason}; “aios-heartbeat doctor” says more")
        raise CommandError(sentence.format(reason=plain(error))) from error


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Ended by a signal, everything is tidied up as after Ctrl-C; asked again, it is still tidied up."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number, handler in before.items():
        # What is ignored stays ignored: nohup asks for that.
        if handler is not signal.SIG_IGN:
            signal.signal(number, _on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    # Not SIG_IGN: Python complains of a signal that is under way when it comes to be ignored.
    signal.signal(signal.SIGTERM, _on_repeated_signal)
    signal.signal(signal.SIGINT, _on_repeated_signal)
    raise KeyboardInterrupt


def _on_repeated_signal(_number: int, _frame: FrameType | None) -> None:
    """It is ending already."""


def _end_from_elsewhere() -> None:
    """As of a signal, from another thread."""
    import _thread

    _thread.interrupt_main(signal.SIGTERM)


def _print_progress(progress: Progress) -> None:
    from aios_gui.system.progress import progress_facts

    print_json(progress_facts(progress), indent=None)


def _draw_progress(line: ProgressLine, progress: Progress) -> None:
    from aios_gui.selfcheck.profile import words as profile_words

    line.show(progress.share, profile_words.progress(progress))


def _print(profile: Profile, arguments: argparse.Namespace) -> None:
    from aios_gui.selfcheck.profile.facts import facts_of
    from aios_gui.selfcheck.profile.words import table
    from aios_gui.text.terminal.screen import style_of

    if arguments.json:
        print_json(facts_of(profile))
    elif arguments.progress:
        print_json(facts_of(profile), indent=None)
    else:
        print("\n".join(table(profile, style_of(sys.stdout))), flush=True)


def _runs(text: str) -> int:
    """How many runs, 10 to 100,000."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not _FEWEST <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text} is not between {_FEWEST} and {_MOST}")
    return number
