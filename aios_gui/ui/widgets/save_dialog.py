"""Asks where to save a file, and whether one that is there already may be replaced."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def save_dialog(parent: QWidget, title: str, start: Path, kinds: str) -> QFileDialog:
    """The dialog; it adds the ending of ``start`` to a name that has none before it looks for such a file."""
    dialog = QFileDialog(parent, title, str(start.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(start.suffix)
    dialog.selectFile(start.name)
    return dialog


def ask_where_to_save(parent: QWidget, title: str, start: Path, kinds: str) -> Path | None:
    """The file chosen, None for none; ``start`` is offered, and has the usual ending."""
    dialog = save_dialog(parent, title, start, kinds)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
