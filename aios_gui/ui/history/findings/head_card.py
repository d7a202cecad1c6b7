"""What there is to say of a span in one sentence, and how far its analysis is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis import words
from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.head_place import Headline, keep_place
from aios_gui.ui.history.words import span_phrase
from aios_gui.ui.theme import STRONG, Theme, font
from aios_gui.ui.widgets.card import set_look, set_text
from aios_gui.ui.widgets.run_bar import RunBar


class HeadCard(FindingCard):
    """``run`` shows progress and Cancel while the span is analysed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._analysis: Analysis | None = None
        self._trouble = ""
        self.head.removeWidget(self.more)
        self.run = RunBar(self.more)
        self.head.addWidget(self.run, 1)
        self.headline = Headline()
        self.body.insertWidget(0, self.headline)
        keep_place(self.sentence)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("In one sentence"))
        super().retranslate()
        self.run.retranslate()
        self.headline.setFont(font(STRONG, strong=True))
        self._show()

    def show_analysis(self, analysis: Analysis) -> None:
        """Say what it comes to."""
        self._analysis, self._trouble = analysis, ""
        self._show()

    def show_trouble(self, trouble: str) -> None:
        """Say why there is no analysis."""
        self._trouble = trouble
        self._show()

    def _show(self) -> None:
        set_look(self.sentence, "critical" if self._trouble else "muted")
        if self._trouble:
            self.tell(self._trouble)
        elif self._analysis is None:
            self.headline.wait()
            self.tell("")
            self.sentence.setText(self.headline.text())
        else:
            set_text(self.headline, words.headline(self._analysis))
            self.tell(_about(self._analysis))
        self.headline.setVisible(self._analysis is not None or not self._trouble)

    def as_text(self) -> str:
        """The sentence first."""
        return f"{self.headline.text()}\n{self.sentence.text()}\n".replace("\u00a0", " ")


def _about(analysis: Analysis) -> str:
    """Of when, and from how many beats."""
    beats = ngettext("{count} beat", "{count} beats", analysis.count)
    parts = [span_phrase(analysis.span, live=False), beats.format(count=figures.count(analysis.count))]
    if analysis.coverage.share is not None:
        parts.append(_("{share} recorded").format(share=figures.availability(analysis.coverage.share)))
    return " · ".join(parts)
