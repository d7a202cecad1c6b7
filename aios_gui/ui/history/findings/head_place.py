"""What stands in the place of the sentence on a span until there is one: as high as that."""

from __future__ import annotations

from math import ceil

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import STRONG, font
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_TIMES = 6.0
"""A usual headline is this many times as wide as what stands here until it comes, in either language."""


class Headline(PlainLabel):
    """At least as high as a usual headline is in its width, so that nothing moves when that comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def heightForWidth(self, width: int) -> int:
        type_ = QFontMetrics(self.font())
        lines = ceil(_TIMES * type_.horizontalAdvance(_("Analysing this span…")) / max(1, width))
        return max(super().heightForWidth(width), type_.height() + (lines - 1) * type_.lineSpacing())

    def wait(self) -> None:
        """Say that there will be a sentence."""
        self.setFont(font(STRONG, strong=True))
        set_text(self, _("Analysing this span…"))


class HeadPlace(Card):
    """Says that the span is analysed; costs next to nothing to make."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = Headline()
        self.body.addWidget(self.headline)
        self.beats, button = muted_label(), QPushButton(" ")
        self.head.addWidget(button)
        self.body.addWidget(self.beats)
        for later in (button, self.beats):
            keep_place(later)
            later.hide()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("In one sentence"))
        self.headline.wait()
        self.beats.setText(self.headline.text())


def keep_place(widget: QWidget) -> None:
    """Let it take its room also while it is hidden: a text as high as one in the language is, with whatever type."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
