"""Colours, type and spacing of the window: light, dark, or as the system has it."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from string import Template

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from aios_gui.system.resources import resource
from aios_gui.text import catalogue, colours

LABEL, TEXT, STRONG, TITLE, FIGURE = 11, 13, 15, 20, 26
"""Sizes of type, px."""
XS, S, M, XL = 4, 8, 12, 24
"""Spaces, px."""
RADIUS = 8


Tokens = colours.Tokens
LIGHT, DARK = colours.LIGHT, colours.DARK
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def font(size_px: int, strong: bool = False) -> QFont:
    """The system's font at a size of the scale, with digits of one width so that nothing moves."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(size_px)
    made.setWeight(_strong_weight() if strong else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


_ENGLISH_STRONG, _CHINESE_STRONG = QFont.Weight.DemiBold, QFont.Weight.Bold


def _strong_weight() -> QFont.Weight:
    # Chinese comes from a fallback font, which Qt makes heavier only for a weight of Bold.
    chinese = catalogue.current_language() == catalogue.CHINESE
    return _CHINESE_STRONG if chinese else _ENGLISH_STRONG


def follow_language() -> None:
    """Give every strong text of the window the weight that is strong in the language spoken now."""
    wanted = _strong_weight()
    for widget in QApplication.allWidgets():
        worn = widget.font()
        if worn.weight() in (_ENGLISH_STRONG, _CHINESE_STRONG) and worn.weight() != wanted:
            worn.setWeight(wanted)
            widget.setFont(worn)


@lru_cache(maxsize=256)
def mix(over: str, under: str, share: float) -> str:
    """``over`` laid upon ``under`` with an opacity of ``share`` (0 to 1), as an opaque ``#RRGGBB``."""
    top, bottom = QColor(over), QColor(under)
    parts = (
        round(a * share + b * (1 - share))
        for a, b in zip(top.getRgb()[:3], bottom.getRgb()[:3], strict=True)  # type: ignore[index, unused-ignore]
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


class Theme(QObject):
    """The theme in force. ``changed`` comes after the whole application has been repainted in it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = "system"
        self._app: QApplication | None = None
        self._dark = False
        self._dressed = False

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return DARK if self.is_dark else LIGHT

    @property
    def is_dark(self) -> bool:
        """Whether the dark theme is in force."""
        return self._dark

    def apply(self, app: QApplication) -> None:
        """Follow the system's changes from now on; the application is dressed when there is something to see."""
        self._app = app
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._ask_platform()
        self._dark = self._wanted_dark()

    def dress(self) -> None:
        """Dress the application; again costs nothing. Not before the first window or menu: it takes 2 MB."""
        if self._dressed or self._app is None:
            return
        self._dressed = True
        self._app.setStyle(QStyleFactory.create("Fusion"))
        self._app.setFont(font(TEXT))
        self._dress()

    def choose(self, choice: str) -> None:
        """Take ``system``, ``light`` or ``dark``; at once where the application is dressed already."""
        self._choice = choice if choice in _SCHEMES else "system"
        if self._app is None:
            return
        self._ask_platform()
        self._follow_system()

    def _ask_platform(self) -> None:
        # Platforms with a theme of their own colour the title bar by this; the others ignore it.
        if self._app is not None:
            self._app.styleHints().setColorScheme(_SCHEMES[self._choice])

    def _wanted_dark(self) -> bool:
        if self._choice == "system":
            hints = QGuiApplication.styleHints()
            return hints.colorScheme() == Qt.ColorScheme.Dark
        return self._choice == "dark"

    def _follow_system(self) -> None:
        wanted = self._wanted_dark()
        if self._app is None or wanted == self._dark:
            return
        self._dark = wanted
        worn = [(widget, widget.font()) for widget in QApplication.allWidgets()]
        self._dress()
        # Qt forgets fonts that were set before a widget came into its place when another stylesheet comes.
        for widget, before in worn:
            if widget.font() != before:
                widget.setFont(before)
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is not None and self._dressed:
            self._app.setPalette(palette_of(self.tokens))
            set_stylesheet(self._app, stylesheet_of(self.tokens))


def set_stylesheet(app: QApplication, sheet: str) -> None:
    """``setStyleSheet``, which takes some hundred milliseconds, while other threads can run.

    A plain call keeps the interpreter all that time, and no beat is made. A call by name lets it go.
    """
    QMetaObject.invokeMethod(app, "setStyleSheet", Qt.ConnectionType.DirectConnection, Q_ARG(str, sheet))


def palette_of(tokens: Tokens) -> QPalette:
    """The tokens as a palette with every role set, so that nothing of the platform's shines through."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.window),
        (role.ToolTipBase, tokens.surface),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Text, tokens.text),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.critical),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.grid),
        (role.Mid, tokens.line),
        (role.Dark, tokens.gap),
        (role.Shadow, tokens.line),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.surface),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.memory),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.gap))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.line))
    return palette


def stylesheet_of(tokens: Tokens) -> str:
    """The one stylesheet, filled with the tokens.

    Widgets ask for a look by the dynamic property ``look``: a frame ``card``, ``bar``, ``notice``,
    ``trouble`` or ``hairline``, a label ``muted``, ``critical`` or ``notice``, a button ``primary``, ``quiet``,
    ``grave``, ``index``, or one of ``segment-first``, ``segment``, ``segment-last``, a text ``verbatim``.
    A button whose ``room`` is ``large`` is taller. Sizes of type come from ``font``.
    """
    template = Template(resource("style", "app.qss").read_text(encoding="utf-8"))
    return template.substitute(
        asdict(tokens),
        hover=mix(tokens.accent, tokens.surface, 0.06),
        pressed=mix(tokens.accent, tokens.surface, 0.14),
        accent_hover=mix(tokens.text, tokens.accent, 0.12),
        handle=mix(tokens.gap, tokens.window, 0.6),
        arrow=resource("icons", f"arrow-{'dark' if tokens == DARK else 'light'}.svg").as_posix(),
        check=resource("icons", f"check-{'dark' if tokens == DARK else 'light'}.svg").as_posix(),
        notice=mix(tokens.warning, tokens.surface, 0.10),
        trouble=mix(tokens.critical, tokens.surface, 0.10),
    )
