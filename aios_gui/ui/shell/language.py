"""The language of the window: the catalogue of this program, and Qt's own for its dialogs."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from aios_gui.text import catalogue
from aios_gui.ui.theme import follow_language

log = logging.getLogger(__name__)
_QT_CATALOGUES = {catalogue.CHINESE: "qtbase_zh_CN"}


class Language:
    """Changes the language of the running program; every widget sets its text again afterwards."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    @property
    def code(self) -> str:
        """The language spoken, ``en`` or ``zh_CN``."""
        return catalogue.current_language()

    def choose(self, choice: str) -> None:
        """Speak ``en`` or ``zh_CN``, or what the system speaks (``system``)."""
        catalogue.use_language(choice)
        follow_language()
        QLocale.setDefault(QLocale(self.code))
        self.remove()
        name = _QT_CATALOGUES.get(self.code)
        if name is None:
            return
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if not translator.load(name, folder):
            log.warning("Qt's own texts stay English: %s is not in %s", name, folder)
            return
        QCoreApplication.installTranslator(translator)
        self._translator = translator

    def remove(self) -> None:
        """Take Qt's translation away."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
