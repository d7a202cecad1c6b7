"""The words that reports share: bands, gaps, and how figures come about."""

from __future__ import annotations

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.history.model.distribution import Band
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_BANDS = {
    Band.EXCELLENT: N_("excellent"),
    Band.GOOD: N_("good"),
    Band.ACCEPTABLE: N_("acceptable"),
    Band.POOR: N_("poor"),
}
_GAPS = {
    GapKind.NOT_RECORDED: N_("not recorded: the program did not run"),
    GapKind.SUSPENDED: N_("asleep: the machine was suspended"),
    GapKind.PAUSED: N_("paused by a person"),
    GapKind.CLOCK_JUMP: N_("the clock was changed"),
}


def band_name(band: Band) -> str:
    """A band in a word."""
    return _(_BANDS[band])


def gap_name(kind: GapKind) -> str:
    """Why there are no beats."""
    return _(_GAPS[kind])
