"""The words that reports share: why there are no beats."""

from __future__ import annotations

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_GAPS = {
    GapKind.NOT_RECORDED: N_("not recorded: the program did not run"),
    GapKind.SUSPENDED: N_("asleep: the machine was suspended"),
    GapKind.PAUSED: N_("paused by a person"),
    GapKind.CLOCK_JUMP: N_("the clock was changed"),
}


def gap_name(kind: GapKind) -> str:
    """Why there are no beats."""
    return _(_GAPS[kind])
