"""Writes the report that is due, in a child process, removes those that are too many, and notes how it went."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.reports.formats import FORMATS, FormatKind
from aios_gui.reports.jobs.run import JobFailed, run_job
from aios_gui.reports.kept import keep, read_kept
from aios_gui.reports.past import FileState, PastReport, note_written, past_reports, remove
from aios_gui.reports.schedule.model import Period, Plan, ScheduleState, due_period
from aios_gui.system.origin import host
from aios_gui.system.own_child import OwnChild
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import SYSTEM
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.os_reason import file_and_reason
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
STATE_NAME = "schedule.json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotWritten(Exception):
    """The report that is due was not written; the message is a sentence that says why."""


def read_state(paths: Paths) -> ScheduleState:
    """How it stands; as in the beginning where that is not known."""
    return read_kept(paths, STATE_NAME, ScheduleState)


def write_due(
    paths: Paths, plan: Plan, now_ns: int, child: OwnChild, run: Callable[..., object] = run_job
) -> Path | None:
    """Write what is due at a moment (wall, ns); returns the file, None where nothing is due or nothing was recorded.

    NotWritten where it cannot be; that is noted, and nothing else is changed then.
    """
    state = read_state(paths)
    period = due_period(plan, state, now_ns)
    if period is None:
        return None
    try:
        keep(paths, STATE_NAME, state)  # where that fails, each try would write one more file
        file = _write(paths, plan, period, child, run)
    except (NotWritten, OSError, StoreError) as error:
        if child.is_stopped:
            return None
        reason = file_and_reason(error) if isinstance(error, OSError) else str(error)
        try:
            keep(paths, STATE_NAME, replace(state, failed_ns=now_ns, period=period.name, reason=reason))
        except OSError as more:
            log.warning("%s: %s", STATE_NAME, more)
        raise NotWritten(reason) from error
    keep(paths, STATE_NAME, ScheduleState({**state.done_until_ns, plan.cadence: period.end_ns}))
    if file is not None:
        note_written(
            paths,
            file,
            "" if _is_data(plan) else plan.template,
            plan.format,
            plan.language,
            TimeRange(period.start_ns, period.end_ns),
            time.time_ns(),  # after the child, which has noted it as any other
            scheduled=True,
        )
        _remove_old(paths, plan)
    return file


def _is_data(plan: Plan) -> bool:
    return FORMATS[plan.format].kind is FormatKind.DATA


def _write(
    paths: Paths, plan: Plan, period: Period, child: OwnChild, run: Callable[..., object]
) -> Path | None:
    if plan.format not in FORMATS:
        raise NotWritten(_("there is no format {format}").format(format=plain(plan.format, 40)))
    folder = _folder(plan)
    with RecordReader(paths.store) as reader:
        if not reader.count(period.start_ns, period.end_ns):
            return None
    what = plan.format if _is_data(plan) else plan.template
    file = _free_name(
        paths, folder, f"aios-heartbeat {host()} {what} {period.name}", FORMATS[plan.format].suffix
    )
    try:
        run(child, order(plan, period, file))
    except JobFailed as error:
        raise NotWritten(str(error) or _("the program was ended while it was written")) from error
    return file


def order(plan: Plan, period: Period, file: Path) -> list[str]:
    """The command that writes the report of a period."""
    span = "..".join(
        (_EPOCH + timedelta(microseconds=each // 1000)).isoformat()
        for each in (period.start_ns, period.end_ns)
    )
    if _is_data(plan):
        command = ["export"]
    else:
        command = ["report", "--template", plan.template]
        command += ["--language", plan.language] if plan.language != SYSTEM else []
    return [*command, "--format", plan.format, "--range", span, "-o", str(file)]


def _folder(plan: Plan) -> Path:
    """The folder, which is there; NotWritten otherwise. It is not made: a disk may have been taken out."""
    if plan.folder:
        folder = Path(plan.folder).expanduser()
    else:
        from platformdirs import user_documents_path

        folder = user_documents_path()
    if not folder.is_absolute():
        raise NotWritten(_("{folder} is no whole path").format(folder=plain(folder, 400)))
    if not folder.is_dir():
        raise NotWritten(_("the folder {folder} is not there").format(folder=plain(folder, 400)))
    return folder


def _free_name(paths: Paths, folder: Path, name: str, suffix: str) -> Path:
    """A name that none has, or only what was written by schedule and not changed since."""
    plain_name = "".join(each if each.isalnum() or each in " -_." else "-" for each in name)
    own = {each.path for each in _own(paths) if each.state() is FileState.THERE}
    number = 1
    while True:
        file = folder / (plain_name + (f" ({number})" if number > 1 else "") + suffix)
        if not (file.exists() or file.is_symlink()) or Path(os.path.realpath(file)) in own:
            return file
        number += 1


def _own(paths: Paths) -> list[PastReport]:
    """What was written by schedule, the newest first."""
    return [each for each in past_reports(paths) if each.scheduled]


def _remove_old(paths: Paths, plan: Plan) -> None:
    """Remove what is too much of the same kind; what was changed since is only taken off the list."""
    template = "" if _is_data(plan) else plan.template
    same = [each for each in _own(paths) if (each.template, each.format) == (template, plan.format)]
    for each in same[plan.keep :]:
        try:
            remove(paths, each)
        except OSError as error:
            log.warning("an old report cannot be removed: %s", error)
