"""Goes through a panel as a screen reader does, and tells what would be said without a name, or not at all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QComboBox, QWidget

from aios_gui.ui.widgets.spoken import tell_roles

_NOTHING = (QAccessible.Role.NoRole, QAccessible.Role.Client)


def unspoken(panel: QWidget) -> list[tuple[QWidget, str]]:
    """What is in sight and lacks a name, a role, or, as a picture, a sentence; with what it lacks."""
    tell_roles()
    found = []
    for each in panel.findChildren(QWidget):
        if not each.isVisibleTo(panel) or isinstance(each.parentWidget(), QComboBox):
            continue
        interface = QAccessible.queryAccessibleInterface(each)
        takes_keys = bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus) and each.focusProxy() is None
        role = interface.role()
        is_picture = role == QAccessible.Role.Chart
        if (takes_keys or is_picture) and not _said(interface, QAccessible.Text.Name):
            found.append((each, "a name"))
        if takes_keys and role in _NOTHING:
            found.append((each, "a role"))
        if is_picture and takes_keys and not _said(interface, QAccessible.Text.Description):
            found.append((each, "a sentence"))
    return found


def _said(interface: QAccessibleInterface, what: QAccessible.Text) -> str:
    """What is said of it, or what is said of its label."""
    labels = interface.relations(QAccessible.RelationFlag.Label)
    return interface.text(what) or "".join(other.text(QAccessible.Text.Name) for other, _relation in labels)
