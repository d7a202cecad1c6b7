"""Keys and wheel of History, the same on the strip, the plots and the panel around them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent

from aios_gui.record.model.timerange import TimeRange
from aios_gui.ui.history.span_state import SpanState

_A_LITTLE = 0.1
_REST_MS = 250
_TWICE = 2.0
_WHEEL_NOTCH, _ZOOM_NOTCH = 120, 0.8
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


class Navigation(QObject):
    """Moves the span of ``state``. ``hiccup_wanted`` asks for the next hiccup, or with False the one before."""

    hiccup_wanted = Signal(bool)

    def __init__(self, state: SpanState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        # A key that is held and a wheel that turns are one move, from which one step leads back.
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(state.settle)

    def stop(self) -> None:
        """Wait for no more: the span stands where it is."""
        self._rest.stop()
        self._state.settle()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means; whether it means anything."""
        key, pressed = Qt.Key(event.key()), event.modifiers()
        if pressed & Qt.KeyboardModifier.ControlModifier:
            return False
        step = (_WITH_ALT if pressed & _ALT else _KEYS).get(key)
        if step is None:
            return False
        if pressed & _SHIFT and step in (_little_earlier, _little_later):
            step = _earlier if step is _little_earlier else _later
        step(self)
        return True

    def move(self, span: TimeRange) -> None:
        """Go there, and stay once there was nothing more for a moment."""
        self._state.drag(span)
        self._rest.start()

    def pan(self, share: float) -> None:
        """Move by a share of the span."""
        self.move(self._state.panned(share))

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as much."""
        self.move(self._state.zoomed(factor))

    def step(self, forward: bool) -> None:
        """Back to where a person was, or forward again."""
        (self._state.forward if forward else self._state.back)()

    def to_the_begin(self) -> None:
        """The first span of this length in the record."""
        start_ns = self._state.whole.start_ns
        self.move(TimeRange(start_ns, start_ns + self._state.length_ns))

    def to_the_end(self) -> None:
        """The last span of this length in the record, which goes on with it."""
        end_ns = self._state.whole.end_ns
        self.move(TimeRange(end_ns - self._state.length_ns, end_ns))

    def take_wheel(self, event: QWheelEvent, at_ns: int) -> None:
        """Zoom about a moment, or, sideways or with Shift, move."""
        steps, state = event.angleDelta(), self._state
        if abs(steps.x()) > abs(steps.y()) or event.modifiers() & _SHIFT:
            self.move(state.panned(-(steps.x() or steps.y()) / _WHEEL_NOTCH * _A_LITTLE))
        elif steps.y():
            self.move(state.zoomed(_ZOOM_NOTCH ** (steps.y() / _WHEEL_NOTCH), at_ns))
        event.accept()


def _little_earlier(navigation: Navigation) -> None:
    navigation.pan(-_A_LITTLE)


def _little_later(navigation: Navigation) -> None:
    navigation.pan(_A_LITTLE)


def _earlier(navigation: Navigation) -> None:
    navigation.pan(-1.0)


def _later(navigation: Navigation) -> None:
    navigation.pan(1.0)


def _closer(navigation: Navigation) -> None:
    navigation.zoom(1 / _TWICE)


def _wider(navigation: Navigation) -> None:
    navigation.zoom(_TWICE)


def _back(navigation: Navigation) -> None:
    navigation.step(forward=False)


def _forward(navigation: Navigation) -> None:
    navigation.step(forward=True)


_KEYS: dict[Qt.Key, Callable[[Navigation], object]] = {
    Qt.Key.Key_Left: _little_earlier,
    Qt.Key.Key_Right: _little_later,
    Qt.Key.Key_PageUp: _earlier,
    Qt.Key.Key_PageDown: _later,
    Qt.Key.Key_Up: _closer,
    Qt.Key.Key_Plus: _closer,
    Qt.Key.Key_Equal: _closer,
    Qt.Key.Key_Down: _wider,
    Qt.Key.Key_Minus: _wider,
    Qt.Key.Key_Home: Navigation.to_the_begin,
    Qt.Key.Key_End: Navigation.to_the_end,
    Qt.Key.Key_N: lambda navigation: navigation.hiccup_wanted.emit(True),
    Qt.Key.Key_P: lambda navigation: navigation.hiccup_wanted.emit(False),
    Qt.Key.Key_Backspace: _back,
    Qt.Key.Key_Back: _back,
    Qt.Key.Key_Forward: _forward,
}
_WITH_ALT: dict[Qt.Key, Callable[[Navigation], object]] = {
    Qt.Key.Key_Left: _back,
    Qt.Key.Key_Right: _forward,
}
