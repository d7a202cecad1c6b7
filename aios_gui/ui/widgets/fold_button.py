"""A button that unfolds what is below it: an arrow shows which way, and a screen reader hears it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from aios_gui.text.catalogue import gettext as _


class FoldButton(QPushButton):
    """Checked while it is unfolded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._about = ""
        self.setProperty("look", "quiet")
        self.setCheckable(True)
        self.toggled.connect(self._show)

    def say(self, name: str, about: str = "") -> None:
        """Give it its name, and what there is below, in the language spoken."""
        self._name, self._about = name, about
        self.setToolTip(about)
        self._show()

    def _show(self) -> None:
        mark = "▾" if self.isChecked() else "▸"
        self.setText(f"{self._name} {mark}")
        self.setAccessibleName(self._name)
        state = _("shown") if self.isChecked() else _("folded away")
        sentence = _("{sentence}; {detail}").format(sentence=self._about, detail=state)
        self.setAccessibleDescription(sentence if self._about else state)
