"""Colours that can be read, a stylesheet that is whole, changes that take effect at once."""

import sys
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.panels import PANELS
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import DARK, LIGHT, Theme, Tokens, font, mix, palette_of, set_stylesheet, stylesheet_of


def _luminance(colour: str) -> float:
    seen = QColor(colour)
    parts = (seen.redF(), seen.greenF(), seen.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_reckoned_as_the_standard_says() -> None:
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(tokens: Tokens) -> None:
    grounds = (tokens.window, tokens.surface)
    pairs = [(ink, ground) for ink in (tokens.text, tokens.muted, tokens.accent) for ground in grounds]
    pairs += [
        (tokens.accent, tokens.accent_ground),
        (tokens.surface, tokens.accent),
        (tokens.text, mix(tokens.warning, tokens.surface, 0.10)),
        (tokens.text, mix(tokens.critical, tokens.surface, 0.10)),
    ]
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_states_stand_out_from_the_surface(tokens: Tokens) -> None:
    # Marks are no text: 3 : 1 is asked of them, and a shape stands beside the colour.
    for colour in (tokens.fine, tokens.warning, tokens.critical):
        assert _contrast(colour, tokens.surface) >= 3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_stylesheet_is_filled_and_understood(tokens: Tokens, qtbot: QtBot) -> None:
    sheet = stylesheet_of(tokens)
    assert "$" not in sheet
    label = QLabel("x")
    qtbot.addWidget(label)
    label.setStyleSheet(sheet)  # Qt warns of a sheet that it cannot parse, and warnings fail
    label.ensurePolished()


def test_palette_sets_every_role() -> None:
    palette = palette_of(DARK)
    allowed = {QColor(getattr(DARK, name)).name() for name in DARK.__slots__}
    roles = [role for role in QPalette.ColorRole if role.name not in ("NRoles", "NoRole")]
    odd = [role for role in roles if palette.color(role).name() not in allowed]
    assert odd == []


def test_choice_takes_effect_at_once(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    assert not theme.is_dark
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark")
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window.lower()
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("dark")
    theme.choose("light")


def test_system_follows_the_hint_and_is_light_where_there_is_none(theme: Theme, qapp: QApplication) -> None:
    theme.choose("system")
    assert theme.is_dark == (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)


def test_system_is_followed_live(theme: Theme, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.choose("system")
    monkeypatch.setattr(theme, "_wanted_dark", lambda: True)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == DARK.surface.lower()


def test_digits_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(font(26, strong=True))
    assert len({round(metrics.horizontalAdvance(str(digit)), 2) for digit in range(10)}) == 1


def test_mix_lies_between() -> None:
    assert mix("#FFFFFF", "#000000", 0) == "#000000"
    assert mix("#FFFFFF", "#000000", 1) == "#FFFFFF"
    assert mix("#FFFFFF", "#000000", 0.5) == "#808080"


def _fonts(window: Window) -> dict[QWidget, tuple[int, int]]:
    return {each: (each.font().pixelSize(), each.font().weight()) for each in window.findChildren(QWidget)}


def test_type_survives_another_theme_and_language(
    make_window: Callable[..., Window], controller: Controller, qtbot: QtBot
) -> None:
    window = make_window(tuple(entry for entry in PANELS if entry.key in ("live", "incidents")))
    window.show()
    for key in ("incidents", "live"):
        window.open_panel(key)
        qtbot.waitUntil(lambda key=key: key in window.panels and window.panels[key].isVisible())  # type: ignore[misc]
    before = _fonts(window)
    assert before[window.panels["incidents"]._title] == (20, QFont.Weight.DemiBold)  # type: ignore[attr-defined]
    for choice in ("dark", "light"):
        controller.theme.choose(choice)
        assert _fonts(window) == before
    for language, gone in (("zh_CN", QFont.Weight.DemiBold), ("en", QFont.Weight.Bold)):
        controller.set_value("window.language", language)
        assert [each for each, (_px, weight) in _fonts(window).items() if weight == gone] == []
    assert _fonts(window) == before


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_popup_has_one_frame(theme: Theme, qtbot: QtBot, choice: str) -> None:
    theme.choose(choice)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["one", "two"])
    box.show()
    box.showPopup()
    popup = box.view().parentWidget()
    assert popup is not None
    picture = popup.grab().toImage()
    rings = [
        [picture.pixelColor(x, inset).name().upper() for x in range(8, picture.width() - 8)]
        for inset in range(3)
    ]
    assert [set(ring) for ring in rings] == [
        {theme.tokens.line},
        {theme.tokens.surface},
        {theme.tokens.surface},
    ]
    box.hidePopup()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_focus_is_one_ring(theme: Theme, qtbot: QtBot, choice: str) -> None:
    theme.choose(choice)
    window = QWidget()
    qtbot.addWidget(window)
    button, note = QPushButton("x", window), QPlainTextEdit(window)
    button.setGeometry(0, 0, 120, 40)
    note.setGeometry(0, 50, 120, 60)
    window.show()
    for widget in (button, note):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(widget.hasFocus)
        picture = widget.grab().toImage()
        middle = picture.width() // 3
        across = [picture.pixelColor(middle, y).name().upper() for y in range(picture.height() // 2 - 8)]
        assert across.count(theme.tokens.accent) == 1
        assert set(across) == {theme.tokens.accent, theme.tokens.surface}


def test_other_threads_run_while_a_stylesheet_is_put_on(qapp: QApplication, qtbot: QtBot) -> None:
    # So many that it takes a while: on a busy machine a thread needs some milliseconds to come in.
    window = QWidget()
    qtbot.addWidget(window)
    for _number in range(500):
        QLabel("x", window)
    before, interval_s = qapp.styleSheet(), sys.getswitchinterval()
    gate, came_in = threading.Lock(), threading.Event()
    gate.acquire()

    def come_in() -> None:
        with gate:
            came_in.set()

    thread = threading.Thread(target=come_in)
    thread.start()
    # Python itself lets nobody in: only a call that lets the interpreter go does.
    sys.setswitchinterval(1_000)
    try:
        gate.release()
        for number in range(200):
            set_stylesheet(qapp, f"QLabel {{ color: #{number:06x} }}")
            if came_in.is_set():
                break
        has_come = came_in.is_set()
    finally:
        sys.setswitchinterval(interval_s)
        thread.join()
        qapp.setStyleSheet(before)
    assert has_come
