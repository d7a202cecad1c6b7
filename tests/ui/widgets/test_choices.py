"""Lists of choices, and rows of buttons of which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt

from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.segments import Segments
from tests.ui.fakes import Show


def test_a_choice_that_does_not_fit_ends_in_an_ellipsis(theme: Theme, show: Show) -> None:
    choice = show(Choice())
    choice.addItem("HTML: one page for a browser, which fetches nothing")
    choice.resize(600, 30)
    assert choice.option.currentText == choice.currentText()
    choice.resize(200, 30)
    assert choice.option.currentText.endswith("…")
    assert choice.currentText().endswith("nothing")


def test_tab_leads_to_the_button_that_is_chosen_and_else_to_the_first(show: Show) -> None:
    segments = show(Segments((1, 2, 3)))
    for marked, goal in ((2, 2), (3, 3), (9, 1)):
        segments.mark(marked)
        reached = [
            value
            for value in (1, 2, 3)
            if (button := segments.button(value)) is not None
            and button.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert reached == [goal]
