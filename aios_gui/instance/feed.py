"""The port by which a window follows a heartbeat, be it in this process or in another."""

from __future__ import annotations

from typing import Protocol

from aios_gui.heartbeat.model.items import LiveItem
from aios_gui.instance.model.snapshot import Snapshot


class Feed(Protocol):
    """What is new since a reader last looked. Reading costs no lock and never blocks."""

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture; frozen, replaced as a whole."""
        ...

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """Items after ``cursor`` (0 at first) in the order they happened, and the cursor to ask with next.

        None instead of a list when so much has happened that some is gone: read the record again.
        """
        ...
