"""`record`: where the record lies, and moving it to another folder."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    ALERT,
    FAILURE,
    FINE,
    CommandError,
    add_json_or_progress,
    cancelled_by_signals,
    load_settings,
    print_json,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.record.relocation.model import MoveStatus
    from aios_gui.system.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `record`."""
    parser.add_argument(
        "--move", metavar="FOLDER", help=_("move it to this folder, while the heartbeat goes on recording")
    )
    add_json_or_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell where the record lies, or move it; 1 where the move was cancelled, 2 where it could not be done."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    if arguments.move is not None:
        return _move(paths, _folder(arguments.move), arguments)
    return _tell(paths, is_json=arguments.json or arguments.progress)


def _tell(paths: Paths, is_json: bool) -> int:
    from functools import partial

    from aios_gui.record.model.retention import Growth
    from aios_gui.record.settings import limits_of
    from aios_gui.record.store.errors import StoreError
    from aios_gui.record.store.former import formers_of
    from aios_gui.record.store.growth import growth_of, size_of
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.record.words import growth_sentence
    from aios_gui.text import figures
    from aios_gui.text.plain import plain

    settings = load_settings(paths)
    raw_days, limit_bytes = limits_of(settings)
    size = size_of(paths.store)
    growth = Growth()
    with RecordReader(paths.store) as reader, suppress(StoreError):  # where it lies is told all the same
        growth = growth_of(partial(reader.row, "page"))
    if is_json:
        facts = {"folder": str(paths.record_folder), "file": str(paths.store), "size_bytes": size}
        more = {"bytes_a_day": round(growth.bytes_a_day), "unsealed_hours": growth.unsealed_hours}
        limits = {"raw_days": raw_days, "size_limit_bytes": limit_bytes}
        print_json({**facts, **more, **limits})
        return FINE
    print(_("The record is {file} ({size}).").format(file=paths.store, size=figures.size(size)))
    if sentence := growth_sentence(growth, raw_days, limit_bytes):
        print(sentence)
    for former in formers_of(paths.store):
        way = _("A copy of it as an older version left it is kept until all beats are compressed: {file}")
        print(way.format(file=plain(former, 400)))
    return FINE


def _folder(text: str) -> Path:
    return Path.cwd() / Path(text).expanduser()


def _move(paths: Paths, target: Path, arguments: argparse.Namespace) -> int:
    from aios_gui.instance.channel import ChannelError
    from aios_gui.instance.lock import AlreadyRunning
    from aios_gui.instance.relocation import move_record
    from aios_gui.record.relocation.model import MovePhase
    from aios_gui.record.relocation.words import move_sentence
    from aios_gui.system.parent import EndWithParent
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.progress_line import ProgressLine

    cancelled = cancelled_by_signals()
    quiet = arguments.json or arguments.progress
    try:
        with (
            EndWithParent(end=cancelled.set) if arguments.progress else nullcontext(),
            ProgressLine(None if quiet else sys.stderr) as line,
        ):
            status = move_record(
                paths,
                target,
                cancelled,
                _print_progress
                if arguments.progress
                else lambda status: line.show(status.share, move_sentence(status)),
            )
    except (AlreadyRunning, ChannelError, ValueError, OSError) as error:
        sentence = _(
            "the running instance cannot be asked to move the record ({reason}); end it and try again"
        )
        raise CommandError(sentence.format(reason=plain(error))) from error
    if arguments.json:
        print_json(_facts(status))
    elif arguments.progress:
        print_json(_facts(status), indent=None)
    elif status.phase is MovePhase.DONE:
        print(move_sentence(status))
    if status.phase is not MovePhase.DONE:
        complain(move_sentence(status))
    return {MovePhase.DONE: FINE, MovePhase.CANCELLED: ALERT}.get(status.phase, FAILURE)


def _print_progress(status: MoveStatus) -> None:
    from aios_gui.record.relocation.words import move_sentence

    progress = {"progress": status.share, "phase": str(status.phase), "text": move_sentence(status)}
    print_json(progress, indent=None)


def _facts(status: MoveStatus) -> dict[str, str | int | None]:
    from aios_gui.record.relocation.words import move_sentence

    return {
        "state": str(status.phase),
        "folder": status.target,
        "problem": str(status.problem) if status.problem is not None else None,
        "left_behind": status.left_behind or None,
        "size_bytes": status.total_bytes,
        "text": move_sentence(status),
    }
