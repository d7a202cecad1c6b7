"""Asks where to save a file, and whether one that is there already may be replaced."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where_to_save(parent: QWidget, title: str, start: Path, kinds: str) -> Path | None:
    """The file chosen, None for none; ``start`` is offered, and a name without an ending gets that of the kind chosen.

    Where there is such a file the dialog comes again with the whole name: those of some systems know of no ending that
    is added, and would not ask whether that file may be replaced.
    """
    dialog = QFileDialog(parent, title, str(start.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(start.name)
    chosen = None
    while chosen is None and dialog.exec():
        named = Path(dialog.selectedFiles()[0])
        ending = dialog.selectedNameFilter().partition("*")[2].rstrip(")") or start.suffix
        chosen = named if named.suffix else named.with_name(named.name + ending)
        if chosen != named and chosen.exists():
            dialog.selectFile(str(chosen))
            chosen = None
    dialog.deleteLater()
    return chosen
