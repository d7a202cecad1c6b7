"""Incidents of a record as they are now: what the instance that runs tells of those that are open, if one runs."""

from __future__ import annotations

from dataclasses import replace

from aios_gui.alerts.model.incident import Incident
from aios_gui.instance.channel import ChannelError, NoResident
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetSnapshot
from aios_gui.system.paths import Paths


def as_they_are_now(paths: Paths | None, found: list[Incident]) -> list[Incident]:
    """``found`` with what the instance that runs tells of those that go on; where none watches them, with that.

    ``paths`` is None where the record is not that of this installation.
    """
    if all(each.cleared_ns is not None for each in found):
        return found
    try:
        if paths is None:
            raise NoResident
        snapshot = ChannelClient(paths).execute(GetSnapshot()).snapshot
    except NoResident:
        return [replace(each, watched=False) for each in found]
    except ChannelError:
        return found
    told = {each.id: each for each in snapshot.open_incidents}
    return [told[each.id].laid_over(each) if each.id in told else each for each in found]
