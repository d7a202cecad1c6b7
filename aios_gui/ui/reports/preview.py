"""How a report will look: made by a child after each change, drawn on a thread of its own, shown without a browser."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTemporaryDir, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QPainter, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QProgressBar, QPushButton, QTextBrowser, QWidget

from aios_gui.reports.jobs.words import progress_sentence
from aios_gui.system.progress import progress_of
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.pool import WorkerPool
from aios_gui.ui.reports.form import Order
from aios_gui.ui.theme import LABEL, M, Theme, Tokens, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel

_log = logging.getLogger(__name__)
_SETTLE_MS = 500
_MOST_BYTES = 20_000_000
_STEPS = 1000
_INK = re.compile(r"var\(--([a-z-]+)\)")
_LEAST_PX = 240


class Page:
    """A report as a child wrote it for the window: text of Qt's kind, and figures as SVG, in colours by their names."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.html = str(content["html"])
        self.figures = {str(each["name"]): each for each in content["figures"]}

    @property
    def titles(self) -> dict[str, str]:
        """The figures that it has, by their names."""
        return {name: str(each["title"]) for name, each in self.figures.items()}


class Drawn:
    """A page in the colours of a theme, its figures as pictures that fit a width."""

    def __init__(self, page: Page, tokens: Tokens, width_px: int, ratio: float) -> None:
        from PySide6.QtSvg import QSvgRenderer

        colours = asdict(tokens)

        def coloured(text: str) -> str:
            return _INK.sub(lambda found: str(colours.get(found[1].replace("-", "_"), tokens.text)), text)

        self.page = page
        self.html = coloured(page.html)
        self.pictures: dict[str, QImage] = {}
        for name, figure in page.figures.items():
            wide, high = float(figure["width"]), float(figure["height"])
            scale = min(1.0, width_px / wide)
            image = QImage(
                QSize(round(wide * scale * ratio), round(high * scale * ratio)), QImage.Format.Format_ARGB32
            )
            image.fill(0)
            painter = QPainter(image)
            QSvgRenderer(QByteArray(coloured(str(figure["svg"])).encode())).render(
                painter, QRectF(0, 0, image.width(), image.height())
            )
            painter.end()
            image.setDevicePixelRatio(ratio)
            self.pictures[name] = image
            self.html = self.html.replace(
                f'src="figure:{name}"',
                f'src="figure:{name}" width="{round(wide * scale)}" height="{round(high * scale)}"',
            )


class PageView(QTextBrowser):
    """Shows a page, and fetches nothing that is named in it but its own pictures."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, QImage] = {}
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the width stays as drawn for
        self.document().setDocumentMargin(M)

    def show_page(self, drawn: Drawn) -> None:
        """Show it, where the page shown before was scrolled to."""
        place = self.verticalScrollBar().value()
        self._pictures = drawn.pictures
        self.setFont(font(LABEL + 2))
        self.setHtml(drawn.html)
        self.verticalScrollBar().setValue(place)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        url = QUrl(name)
        if kind == QTextDocument.ResourceType.ImageResource.value and url.scheme() == "figure":
            return self._pictures.get(url.path())
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = self.viewport().width()
        super().resizeEvent(event)
        if self.viewport().width() != before or event.size().width() != event.oldSize().width():
            self.resized.emit()


class PreviewCard(Card):
    """Made again a moment after the last change, while it is in view. ``figures_known`` brings titles by names."""

    figures_known = Signal(object)
    _drawn = Signal(object, int)
    _failed = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._order: Order | None = None
        self._made: Order | None = None
        self._page: Page | None = None
        self._folder: QTemporaryDir | None = None
        self._pool = WorkerPool()
        self._ticket = 0
        self._in_view = self._closed = False
        self.child = OwnProcess(self)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)
        self.state = PlainLabel()
        self.state.setProperty("look", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.again = QPushButton()
        self.message = muted_label()
        self.view = PageView()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self.make)
        self._resized = QTimer(self, singleShot=True, interval=150)
        self._resized.timeout.connect(self._draw)
        self.head.addStretch(1)
        for widget in (self.bar, self.state, self.again):
            self.head.addWidget(widget)
        self.body.addWidget(self.message)
        self.body.addWidget(self.view, 1)
        self._room = QWidget()  # so that a message stands at the top
        self.body.addWidget(self._room, 1)
        self.bar.hide()
        self.view.hide()
        self.again.clicked.connect(lambda: self.make(anyway=True))
        self._drawn.connect(self._show)
        self._failed.connect(self._on_unreadable)
        self.view.resized.connect(self._resized.start)
        theme.changed.connect(self._draw)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Preview"))
        for label in (self.state, self.message):
            label.setFont(font(LABEL + 1))
        self.again.setText(_("Refresh preview"))
        self.again.setToolTip(_("Make the preview again from what is recorded by now"))
        self.again.setAccessibleDescription(self.again.toolTip())
        self.bar.setAccessibleName(_("Progress"))
        self.view.setAccessibleName(_("Preview of the report"))
        self.view.setAccessibleDescription(
            _("The text of the report; each figure has what it shows below its title.")
        )

    def want(self, order: Order | None, why: str = "") -> None:
        """Show how this will look; None where there is nothing to show, with the reason."""
        self._order = order
        self.again.setVisible(order is not None)
        if order is None:
            self._settled.stop()
            self.child.cancel()
            self._end()
            self._say(why)
            self._made = None
            return
        if self._page is None:
            self._say(_("The preview is being made…"))
        if self._in_view:
            self._settled.start()

    def activate(self) -> None:
        """It has come into view."""
        self._in_view = True
        if self._order is not None:
            self._settled.start()

    def deactivate(self) -> None:
        """It has gone from view: nothing goes on."""
        self._in_view = False
        self._settled.stop()
        self._resized.stop()
        if self.child.running:
            self._made = None  # what is shown is still the one before
        self.child.cancel()
        self._end()

    def close_down(self) -> None:
        """Nothing is made or drawn any more."""
        self._closed = True
        self.child.cancel()
        self._pool.finish()
        if self._folder is not None:
            self._folder.remove()

    def make(self, anyway: bool = False) -> None:
        """Have it made, unless it is what is shown already."""
        order = self._order
        if order is None or (order == self._made and self._page is not None and not anyway):
            return
        if self._folder is None:
            self._folder = QTemporaryDir()
        self._made = order
        self.bar.setValue(0)
        self.bar.show()
        set_text(self.state, "")
        self.child.start(order.command(self._file, "--preview"), tells_progress=True)

    @property
    def _file(self) -> str:
        return self._folder.filePath("page.json") if self._folder is not None else ""

    def _on_progress(self, told: dict[str, Any]) -> None:
        progress = progress_of(told)
        if progress is not None:
            self.bar.setValue(round(progress.share * _STEPS))
            set_text(self.state, progress_sentence(progress))

    def _on_ended(self, end: Ended) -> None:
        self._end()
        if not end.succeeded:
            self._made = None
            _log.warning("there is no preview: %s", end.message)
            self._say(_("There is no preview: {reason}").format(reason=end.message), failed=True)
            return
        self._draw(read=True)

    def _end(self) -> None:
        self.bar.hide()
        set_text(self.state, "")

    def _draw(self, read: bool = False) -> None:
        """Have the page drawn for this width and theme, off the window's thread."""
        if self._closed or (self._page is None and not read):
            return
        self._ticket += 1
        ticket, page, file = self._ticket, None if read else self._page, Path(self._file)
        width_px = max(_LEAST_PX, self._room_px())
        tokens, ratio = self._theme.tokens, self.devicePixelRatioF()

        def work() -> None:
            try:
                drawn = Drawn(page or _page_in(file), tokens, width_px, ratio)
            except (OSError, ValueError, KeyError, TypeError) as error:
                if not self._closed:
                    self._failed.emit(str(error), ticket)
            else:
                if not self._closed:
                    self._drawn.emit(drawn, ticket)

        self._pool.start(work)

    def _room_px(self) -> int:
        shown = self.view.viewport().width() if self.view.isVisible() else self.width() - 2 * M
        return round(shown - 2 * self.view.document().documentMargin()) - 2 * M

    def _show(self, drawn: Drawn, ticket: int) -> None:
        if ticket != self._ticket:
            return
        if drawn.page is not self._page:
            self._page = drawn.page
            self.figures_known.emit(drawn.page.titles)
        self.message.hide()
        self._room.hide()
        self.view.show()
        self.view.show_page(drawn)

    def _on_unreadable(self, reason: str, ticket: int) -> None:
        _log.warning("the preview cannot be shown: %s", reason)
        if ticket == self._ticket:
            self._say(_("There is no preview: {reason}").format(reason=reason), failed=True)

    def _say(self, text: str, failed: bool = False) -> None:
        self._page = None
        set_look(self.message, "critical" if failed else "muted")
        set_text(self.message, text)
        self.message.show()
        self._room.show()
        self.view.hide()


def _page_in(file: Path) -> Page:
    with file.open("rb") as stream:
        content = json.loads(stream.read(_MOST_BYTES))
    return Page(content)
