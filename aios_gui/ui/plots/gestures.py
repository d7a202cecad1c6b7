"""What a person can ask of a plot, by mouse, wheel or keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent

_PAN_SHARE = 0.1
_ZOOM_KEY = 0.5


@dataclass(frozen=True, slots=True)
class Pan:
    """Move the window by a share of its span; negative into the past."""

    share: float


@dataclass(frozen=True, slots=True)
class Zoom:
    """Show ``factor`` times as much time; ``at_s`` stays where it is, None for wherever is natural."""

    factor: float
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """Go back to the newest moment."""


@dataclass(frozen=True, slots=True)
class GoToStart:
    """Go one whole span into the past."""


@dataclass(frozen=True, slots=True)
class Point:
    """Read the plots at this moment, or no more where it is None."""

    at_s: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """Move the crosshair by ``beats``."""

    beats: int


@dataclass(frozen=True, slots=True)
class ToggleCrosshair:
    """Put the crosshair on the newest beat in view, or take it away."""


@dataclass(frozen=True, slots=True)
class OpenHiccup:
    """Tell more of the hiccup at this moment (wall, ns)."""

    wall_ns: int


@dataclass(frozen=True, slots=True)
class OpenMoment:
    """Tell who ran at this moment; None for the one that the crosshair reads."""

    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class OpenNote:
    """Change the note of that number."""

    number: int


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Write a note on the span that is marked, on the moment that the crosshair reads, or on the newest one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark the span between two moments, in whatever order."""

    one_s: float
    other_s: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Close what was opened of a moment; where nothing was, take the mark and then the crosshair away."""


@dataclass(frozen=True, slots=True)
class AskMenu:
    """Show the menu of the plots at this place of the screen."""

    at: QPoint


Gesture = (
    Pan
    | Zoom
    | Follow
    | GoToStart
    | Point
    | Step
    | ToggleCrosshair
    | OpenHiccup
    | OpenMoment
    | OpenNote
    | WriteNote
    | Mark
    | Leave
    | AskMenu
)


def gesture_of_key(event: QKeyEvent, crosshair: bool) -> Gesture | None:
    """What a key means on a plot; with the crosshair on, left and right step through beats."""
    key = event.key()
    if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return None
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        towards = -1 if key == Qt.Key.Key_Left else 1
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if crosshair:
            return Step(towards * (10 if large else 1))
        return Pan(towards * (1.0 if large else _PAN_SHARE))
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and crosshair:
        return OpenMoment()
    return _PLAIN_KEYS.get(key)


_PLAIN_KEYS: dict[int, Gesture] = {
    Qt.Key.Key_PageUp: Pan(-1.0),
    Qt.Key.Key_PageDown: Pan(1.0),
    Qt.Key.Key_Up: Zoom(_ZOOM_KEY),
    Qt.Key.Key_Plus: Zoom(_ZOOM_KEY),
    Qt.Key.Key_Equal: Zoom(_ZOOM_KEY),
    Qt.Key.Key_Down: Zoom(1 / _ZOOM_KEY),
    Qt.Key.Key_Minus: Zoom(1 / _ZOOM_KEY),
    Qt.Key.Key_Home: GoToStart(),
    Qt.Key.Key_End: Follow(),
    Qt.Key.Key_Escape: Leave(),
    Qt.Key.Key_N: WriteNote(),
    Qt.Key.Key_Space: ToggleCrosshair(),
    Qt.Key.Key_Return: ToggleCrosshair(),
    Qt.Key.Key_Enter: ToggleCrosshair(),
}
