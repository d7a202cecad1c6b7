"""The week in three sentences, told once a week: which week is due, its sentences by a child, how telling it went."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.alerts.model.action import Why
from aios_gui.record.store.reader import RecordReader
from aios_gui.reports.jobs.run import run_job
from aios_gui.reports.kept import keep, read_kept
from aios_gui.reports.schedule.model import Cadence, Period, Plan, last_period
from aios_gui.reports.schedule.run import order
from aios_gui.system.own_child import OwnChild
from aios_gui.system.passing_folder import passing_folder
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import SYSTEM

log = logging.getLogger(__name__)
TEMPLATE = "week"
DIGEST_NAME = "digest.json"


class Told(StrEnum):
    """How telling of a week went; the words are kept."""

    NOT_YET = ""
    """It is tried again, as after quiet hours."""
    SHOWN = "shown"
    """The desktop confirmed it."""
    FOR_THE_TRAY = "for_the_tray"
    """A window has a tray that is to tell it."""
    PASSED_ON = "passed_on"
    """That tray was given it, which confirms nothing."""
    NOTHING = "nothing"
    """Nothing was recorded in that week."""
    NOT_SHOWN = "not_shown"


_TOLD: dict[str, Told] = {
    "": Told.SHOWN,
    Why.TRAY: Told.FOR_THE_TRAY,
    Why.QUIET_HOURS: Told.NOT_YET,
    Why.FULL_SCREEN: Told.NOT_YET,
    Why.TOLD_LATELY: Told.NOT_YET,
}


@dataclass(frozen=True, slots=True)
class Digest:
    """The week told last: until when it is (wall, ns), its sentences, when and how it was told, and why it was not."""

    start_ns: int = 0
    end_ns: int = 0
    sentences: tuple[str, ...] = ()
    told: Told = Told.NOT_YET
    at_ns: int = 0
    reason: str = ""

    @property
    def title(self) -> str:
        """The first sentence."""
        return self.sentences[0] if self.sentences else ""

    @property
    def text(self) -> str:
        """The others."""
        return "\n".join(self.sentences[1:])


def read_digest(paths: Paths) -> Digest:
    """The last one; as in the beginning where that is not known."""
    return read_kept(paths, DIGEST_NAME, Digest)


def keep_digest(paths: Paths, digest: Digest) -> None:
    """Keep it in place of the one before; OSError where that cannot be."""
    keep(paths, DIGEST_NAME, digest)


def tell_week(
    paths: Paths,
    now_ns: int,
    child: OwnChild,
    notify: Callable[[str, str], str],
    sentences_of: Callable[[OwnChild, Period], tuple[str, ...]] | None = None,
) -> Told | None:
    """Tell of the last whole week, if that was not done; None where it was. JobFailed, StoreError or OSError otherwise.

    ``notify`` takes title and text, and answers as a ``Notifier``: "" only where the desktop has confirmed it.
    """
    period, digest = last_period(Cadence.WEEKLY, now_ns), read_digest(paths)
    if digest.end_ns == period.end_ns and digest.told is not Told.NOT_YET:
        return None
    if digest.end_ns != period.end_ns:
        with RecordReader(paths.store) as reader:
            recorded = reader.count(period.start_ns, period.end_ns)
        sentences = (sentences_of or _sentences)(child, period) if recorded else ()
        digest = Digest(period.start_ns, period.end_ns, sentences)
    keep_digest(paths, digest)  # where that fails, each try would tell the week again
    told, reason = Told.NOTHING, ""
    if digest.sentences:
        reason = notify(digest.title, digest.text)
        told = _TOLD.get(reason, Told.NOT_SHOWN)
    keep_digest(paths, replace(digest, told=told, at_ns=now_ns, reason=str(reason)))
    return told


def _sentences(child: OwnChild, period: Period) -> tuple[str, ...]:
    plan = Plan(Cadence.WEEKLY, TEMPLATE, "html", SYSTEM, "", 1)
    with passing_folder("aios-digest") as folder:
        file = folder / "week.json"
        run_job(child, [*order(plan, period, file), "--preview"])
        return tuple(str(each) for each in json.loads(file.read_bytes())["sentences"])
