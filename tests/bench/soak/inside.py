"""Runs the service or the window as a user's start does, and does inside it what it is told on its standard input.

Each line in is one object as JSON, ``{"do": NAME, "value": …}``; each line out is the answer. What the program itself
prints goes to the standard error.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from aios_gui.system.linux.memory import give_back, of_c_library

if TYPE_CHECKING:
    from aios_gui.ui.live.panel import LivePanel
    from aios_gui.ui.shell.session import Session
    from aios_gui.ui.shell.window import Window

_IMMORTAL = 1 << 28
"""From Python 3.12 on, None has a fixed count of references above this, which says nothing."""


class _Mallinfo2(ctypes.Structure):
    _fields_ = (("sizes", ctypes.c_size_t * 10),)


_MAPPED, _USED, _FREE = 4, 7, 8
"""Places of hblkhd, uordblks and fordblks."""


def heaps_here() -> dict[str, int]:
    """Bytes that are in use in the heaps of the C library, and those that lie free there; nothing without glibc.

    What creeps while that in use is flat is no leak: the heaps have holes.
    """
    look = of_c_library("mallinfo2") if sys.platform == "linux" else None
    if look is None:
        return {}
    look.restype = _Mallinfo2
    sizes = look().sizes
    return {"heap_used": sizes[_USED] + sizes[_MAPPED], "heap_free": sizes[_FREE]}


def _tracked_count() -> int:
    """Objects under the collector, counted without Python code between the list of them and its end.

    While another thread saw that list, ``tuple(each for …)`` would fail there: its tuple must have one owner as it
    grows (CPython issue 39117).
    """
    return next(map(len, iter(gc.get_objects, None)))


def objects_here() -> dict[str, int]:
    """What Python itself keeps: objects under the collector, blocks of memory, references of None where they count.

    What lies free is given back first. The program does so once a minute, and what has come free since would say more
    of when it was looked than of what creeps.
    """
    give_back()
    facts = {
        "objects": _tracked_count() + gc.get_freeze_count(),
        "blocks": sys.getallocatedblocks(),
        **heaps_here(),
    }
    references = sys.getrefcount(None)
    if references < _IMMORTAL:
        facts["none_references"] = references
    return facts


class Talk:
    """Reads orders on a thread of its own and hands each to ``carry_out``, which has it answered."""

    def __init__(self, orders: TextIO, answers: TextIO, carry_out: Callable[[dict[str, Any]], None]) -> None:
        self._orders, self._answers, self._carry_out = orders, answers, carry_out
        self._thread = threading.Thread(target=self._listen, name="soak", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def answer(self, facts: dict[str, Any]) -> None:
        """Write one line."""
        self._answers.write(json.dumps(facts) + "\n")
        self._answers.flush()

    def _listen(self) -> None:
        for line in self._orders:
            self._carry_out(json.loads(line))


def _channels() -> tuple[TextIO, TextIO]:
    """Streams for orders and answers; what is printed from now on goes to the standard error."""
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return orders, answers


def run_service() -> int:
    """The headless heartbeat; the only order is to look."""
    from aios_gui.cli import main

    orders, answers = _channels()
    talk = Talk(orders, answers, lambda _order: talk.answer(objects_here()))
    talk.start()
    return main(["service"])


def run_window() -> int:
    """The window; orders are done on its own thread, between two events."""
    from aios_gui.ui.shell.qt_start import load_qt

    load_qt()  # before anything else of Qt, as the program does: it would keep 18 MB of source otherwise

    from PySide6.QtCore import QObject, Signal

    from aios_gui import app
    from aios_gui.instance.start_options import LaunchOptions
    from aios_gui.ui.shell.session import Session

    orders, answers = _channels()
    run = Session.run

    class Desk(QObject):
        asked = Signal(object)

    def run_with_orders(session: Session, options: LaunchOptions) -> int:
        user = User(session)
        desk = Desk()
        talk = Talk(orders, answers, desk.asked.emit)
        desk.asked.connect(lambda order: talk.answer(user.obey(order)))
        talk.start()
        return run(session, options)

    setattr(Session, "run", run_with_orders)  # noqa: B010
    return app.main([])


class User:
    """Uses the window as a person does."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; the answer says what could not be done, or what was seen."""
        try:
            return getattr(self, f"_do_{order['do']}")(order.get("value")) or {}
        except Exception as error:  # noqa: BLE001 - whatever it is, the run notes it and goes on
            return {"error": f"{order}: {type(error).__name__}: {error}"}

    @property
    def _window(self) -> Window:
        window = self._session.desktop.window
        assert window is not None
        return window

    @property
    def _live(self) -> LivePanel:
        from aios_gui.ui.live.panel import LivePanel

        live = self._window.panels["live"]
        assert isinstance(live, LivePanel)
        return live

    def _do_look(self, _value: object) -> dict[str, int]:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        session = self._session
        roots = [
            session.app,
            session.controller,
            session.tray,
            session.desktop,
            *QApplication.topLevelWidgets(),
        ]
        timers = {timer for root in roots for timer in root.findChildren(QTimer)}
        return {
            **objects_here(),
            "widgets": len(QApplication.allWidgets()),
            "timers": len(timers),
            "timers_at_work": sum(timer.isActive() for timer in timers),
        }

    def _do_panel(self, key: Any) -> None:
        self._window.open_panel(key)

    def _do_span(self, span_s: Any) -> None:
        self._window.open_panel("live")
        self._live.choose_span(span_s)

    def _do_table(self, shown: Any) -> None:
        self._live.bar.table.setChecked(shown)

    def _do_freeze(self, frozen: Any) -> None:
        self._live.bar.freeze.setChecked(frozen)

    def _do_log(self, logarithmic: Any) -> None:
        for card in self._live.cards:
            if card.quantity.logarithmic is not None:
                card.log.setChecked(logarithmic)

    def _do_hide(self, _value: object) -> None:
        if self._session.tray.available:
            self._window.close_asked.emit()
        else:
            self._window.hide()

    def _do_show(self, _value: object) -> None:
        self._session.desktop.open()

    def _do_size(self, size: Any) -> None:
        self._window.resize(*size)

    def _do_set(self, pair: Any) -> None:
        self._session.controller.set_value(*pair)

    def _do_pause(self, _value: object) -> None:
        self._session.controller.toggle_pause()

    def _do_send(self, name: Any) -> None:
        from aios_gui.instance import commands

        self._session.controller.send(getattr(commands, name)())

    def _do_health(self, _value: object) -> None:
        self._window.show_health()

    def _do_close_health(self, _value: object) -> None:
        from aios_gui.ui.shell.score.dialog import HealthDialog

        for dialog in self._window.findChildren(HealthDialog):
            dialog.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit({"service": run_service, "window": run_window}[sys.argv[1]]())
