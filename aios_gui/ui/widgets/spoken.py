"""What Qt does not tell a screen reader by itself: what a widget is that paints itself, and what has changed."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def tell_roles() -> None:
    """From now on the attribute ``accessible_role`` of a widget's class is its role, where it has one.

    Without it a screen reader takes the widget for an empty box, and passes over it.
    """
    QAccessible.installFactory(_interface)


def _interface(_name: str, thing: QObject) -> QAccessibleWidget | None:
    role = getattr(thing, "accessible_role", None)
    if isinstance(thing, QWidget) and isinstance(role, QAccessible.Role):
        return QAccessibleWidget(thing, role)
    return None


def say_aloud(widget: QWidget, text: str) -> None:
    """Have a screen reader say ``text`` of ``widget``, wherever the keyboard is; nothing where none runs."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
