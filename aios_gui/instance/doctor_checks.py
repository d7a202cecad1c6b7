"""What the doctor checks of the instance that runs: whether it answers, beats and records."""

from __future__ import annotations

import time

from aios_gui.instance.channel import ChannelError, NoResident
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetSnapshot
from aios_gui.instance.lock import read_instance
from aios_gui.instance.model.now import Condition, now_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.now_words import headline
from aios_gui.instance.words import parts_sentence, store_sentence
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain

_PATIENCE_S = 2.0


def instance(paths: Paths) -> Check:
    """Whether an instance beats, and answers."""
    try:
        snapshot = ChannelClient(paths, _PATIENCE_S).execute(GetSnapshot()).snapshot
    except NoResident:
        return Check("instance", CheckState.OK, _("none is running"))
    except ChannelError as error:
        info = read_instance(paths)
        detail = _("process {pid} is running but does not answer: {error}")
        remedy = _("Quit it from its tray icon, or end the process, and start it again.")
        text = detail.format(pid=info.pid if info else "?", error=plain(error))
        return Check("instance", CheckState.ERROR, text, remedy)
    return _judged(snapshot)


def _judged(snapshot: Snapshot) -> Check:
    now_ns = time.time_ns()
    now = now_of(snapshot, now_ns)
    detail = _("process {pid}: {state}; {record}").format(
        pid=snapshot.pid,
        state=headline(now, snapshot, now_ns),
        record=store_sentence(snapshot.store),
    )
    if snapshot.broken_parts or now.condition is Condition.NO_BEAT:
        remedy = _("Quit it and start it again; the log tells more.")
        text = "; ".join(filter(None, (detail, parts_sentence(snapshot.broken_parts))))
        return Check("instance", CheckState.ERROR, text, remedy)
    if snapshot.store.recording:
        if now.condition is not Condition.UNREADABLE:
            return Check("instance", CheckState.OK, detail)
        remedy = _("The log tells what the system answers when it is asked for them.")
        return Check("instance", CheckState.WARNING, detail, remedy)
    if snapshot.store.silent_since_ns:
        remedy = _("A disk or a file that hangs may hold it up. Quit it and start it again.")
        return Check("instance", CheckState.ERROR, detail, remedy)
    remedy = _("See the checks of the folders, the disk and the record.")
    return Check("instance", CheckState.ERROR, detail, remedy)
