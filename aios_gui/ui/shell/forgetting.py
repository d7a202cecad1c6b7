"""The end of a program whose user wants everything forgotten: what it keeps is removed, and that is told."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from aios_gui.autostart.mechanisms import mechanisms, this_program
from aios_gui.instance.client import ask_to_end
from aios_gui.instance.forget_words import forgotten_sentence, left_lines
from aios_gui.instance.forgetting import Forgotten, forget
from aios_gui.instance.lock import AlreadyRunning
from aios_gui.system.logs import stop_logging
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.widgets.icons import tinted
from aios_gui.ui.widgets.plain_tip import plain_tip


def forget_and_report(paths: Paths, unattended: bool) -> bool:
    """Remove everything and say so; True where all of it is gone. Only once nothing of this process is open.

    Unattended, as in a run with a time limit, the message goes by itself.
    """
    stop_logging()
    try:
        ask_to_end(paths)  # the background service, where that records
        forgotten = forget(paths, mechanisms(), this_program().home)
    except (AlreadyRunning, OSError) as error:
        _show(_("Nothing was removed."), plain(error), QMessageBox.Icon.Critical, unattended)
        return False
    text, detail = words_of(forgotten)
    icon = QMessageBox.Icon.Warning if forgotten.left else QMessageBox.Icon.NoIcon
    _show(text, detail, icon, unattended)
    return not forgotten.left


def words_of(forgotten: Forgotten) -> tuple[str, str]:
    """What is said at the end, and in smaller letters."""
    if forgotten.left:
        return _("Not everything could be removed."), "\n".join(left_lines(forgotten))
    return forgotten_sentence(forgotten), _("AIOS Heartbeat ends now.")


def _show(text: str, detail: str, icon: QMessageBox.Icon, unattended: bool) -> None:
    box = QMessageBox()
    box.setWindowTitle("AIOS Heartbeat")
    box.setIcon(icon)
    if icon is QMessageBox.Icon.NoIcon:
        box.setIconPixmap(tinted("app", "#FFFFFF", 40, box.devicePixelRatioF()))
    box.setText(text)
    box.setInformativeText(plain_tip(detail, 20_000))
    if unattended:
        QTimer.singleShot(0, box, box.accept)
    box.exec()
    box.deleteLater()
