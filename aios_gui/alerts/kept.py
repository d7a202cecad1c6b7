"""What a run takes over of the incidents of an earlier one. What decodes them is loaded only where there are any."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from aios_gui.alerts.model.incident import MOST_UNSEEN, Incident, Mute, Unseen
from aios_gui.alerts.record import INCIDENT_COLUMNS, MUTES
from aios_gui.record.store.rows import HIGHEST_NUMBER

_MINUTE_NS = 60_000_000_000


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """What goes on from an earlier run: the open incidents, the last one of each rule, the mutes, what is not seen yet.

    ``highest`` is the greatest number that an incident has, 0 where there is none.
    """

    incidents: tuple[Incident, ...] = ()
    highest: int = 0
    mutes: tuple[Mute, ...] = ()
    unseen: tuple[Unseen, ...] = ()


def kept_alerts(connection: sqlite3.Connection) -> KeptAlerts:
    """What goes on from an earlier run, as far as its rows decode; sqlite3.Error as it comes."""
    query = (
        f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE cleared_us IS NULL "
        "OR id IN (SELECT id FROM incident WHERE count > coalesce(seen_count, 0) AND acknowledged_us IS NULL "
        f"ORDER BY id DESC LIMIT {MOST_UNSEEN}) "
        "OR id IN (SELECT max(id) FROM incident GROUP BY rule) ORDER BY id"
    )
    incidents, mutes = connection.execute(query).fetchall(), connection.execute(MUTES).fetchall()
    if not incidents and not mutes:
        return KeptAlerts()
    from aios_gui.alerts.record_reader import incident_of, mute_of
    from aios_gui.record.store.decode import decode_rows

    highest = connection.execute("SELECT max(id) FROM incident WHERE id < ?", (HIGHEST_NUMBER,)).fetchone()[0]
    found = tuple(decode_rows("incident", incident_of, incidents))
    last = {each.rule: each.id for each in found}
    return KeptAlerts(
        tuple(each for each in found if each.cleared_ns is None or last[each.rule] == each.id),
        int(highest or 0),
        tuple(decode_rows("mute", mute_of, mutes)),
        tuple(Unseen(each.id, each.level) for each in found if each.is_unseen),
    )


def firings(connection: sqlite3.Connection, start_ns: int, end_ns: int) -> Counter[int]:
    """How often rules fired, without silent incidents, by the minute of the wall clock in which the incident began."""
    query = f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE started_us >= ? AND started_us < ?"
    found: Counter[int] = Counter()
    rows = connection.execute(query, (start_ns // 1000, end_ns // 1000)).fetchall()
    if not rows:
        return found
    from aios_gui.alerts.record_reader import incident_of
    from aios_gui.record.store.decode import decode_rows

    for each in decode_rows("incident", incident_of, rows):
        if not each.silence:
            found[each.started_ns // _MINUTE_NS] += each.count
    return found
