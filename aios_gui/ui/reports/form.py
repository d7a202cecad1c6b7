"""The choices that make a report: template, span and what else it needs, format and language; or raw data."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QGridLayout, QLabel, QPushButton, QWidget

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.formats import FORMATS, FormatKind, of_kind
from aios_gui.text.catalogue import CHINESE, ENGLISH, current_language
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.reports.span_box import SpanBox
from aios_gui.ui.reports.templates import AGAINST, INCIDENT, TESTS, Templates
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.segments import segments

REPORT, DATA = range(2)
USUAL_TEMPLATE = "summary"
_TEXT_TOP_PX = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, in the words of the command line; "" for what is not given, and as template for raw data."""

    template: str
    span: str
    format: str
    language: str = ""
    against: str = ""
    tests: str = ""
    figure: str = ""
    incident: int = 0
    slice: str = ""
    """What is read in place of this machine's record."""

    def command(self, output: str, *more: str) -> list[str]:
        """The words after the name of the program, which write it to a file and tell the progress."""
        options = {
            "--template": self.template,
            "--format": self.format,
            "--range": self.span,
            "--language": self.language,
            "--against": self.against,
            "--tests": self.tests,
            "--figure": self.figure,
            "--incident": str(self.incident or ""),
            "--slice": self.slice,
        }
        # With "=", so that nothing that was typed is taken for an option.
        given = [f"{name}={value}" for name, value in options.items() if value]
        return ["report" if self.template else "export", *given, "-o", output, "--progress", "json", *more]


class OrderForm(QWidget):
    """``changed`` comes with every other choice."""

    changed = Signal()

    def __init__(
        self,
        templates: Templates,
        slice_file: Path | None = None,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._templates, self._slice = templates, slice_file
        self._template = USUAL_TEMPLATE
        self._incident = 0
        self._tests: Path | None = None
        self.kinds = QButtonGroup(self)
        self.kinds.setExclusive(True)
        self.kind_row = segments(self.kinds, (REPORT, DATA))
        """Laid out by the owner, at the head of its card."""
        self.template, self.format, self.figure, self.language = (Choice() for _each in range(4))
        self.about = muted_label()
        self.trouble = muted_label()
        self.trouble.setProperty("look", "critical")
        self.trouble.hide()
        of_slice = slice_file is not None
        self.span, self.against = SpanBox(now_ns, of_slice), SpanBox(now_ns, of_slice)
        self.tests = QPushButton()
        self.choose_tests: Callable[[], Path | None] = self._ask_for_tests
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._lay_out()
        self._wire()
        self.kinds.button(REPORT).setChecked(True)

    def _lay_out(self) -> None:
        self._form = QGridLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(M)
        self._form.setVerticalSpacing(S)
        self._form.setColumnStretch(1, 1)
        self._add("template", self.template)
        self._form.addWidget(self.about, self._form.rowCount(), 1)
        self._form.addWidget(self.trouble, self._form.rowCount(), 1)
        self._add("span", self.span)
        self._add("against", self.against)
        self._add("tests", self.tests)
        self._add("format", self.format)
        self._add("figure", self.figure)
        self._add("language", self.language)

    def _add(self, name: str, field: QWidget) -> None:
        label = PlainLabel()
        label.setBuddy(field)
        label.setContentsMargins(0, _TEXT_TOP_PX, 0, 0)  # on a line with the text of the field
        row = self._form.rowCount()
        self._form.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._form.addWidget(field, row, 1)
        self._rows[name] = (label, field)

    def _wire(self) -> None:
        self.kinds.idClicked.connect(lambda _kind: self._on_changed())
        self.template.activated.connect(self._on_template)
        for box in (self.format, self.figure, self.language):
            box.activated.connect(lambda _place: self._on_changed())
        for span in (self.span, self.against):
            span.changed.connect(self._on_changed)
        self.tests.clicked.connect(self._on_tests)
        self._templates.read.connect(self._on_templates)

    def retranslate(self) -> None:
        """Say everything in the language spoken; the templates are asked for again by their owner."""
        for kind, text, tip in (
            (REPORT, _("Report"), _("A page that says how this machine did, with figures and tables")),
            (DATA, _("Raw data"), _("Every beat of the span, for other programs")),
        ):
            button = self.kinds.button(kind)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        names = {
            "template": _("Template"),
            "span": _("Time span"),
            "against": _("Compared with"),
            "tests": _("Test results"),
            "format": _("Format"),
            "figure": _("Figure"),
            "language": _("Language"),
        }
        for name, (label, field) in self._rows.items():
            label.setFont(font(TEXT))
            label.setText(names[name])
            field.setAccessibleName(names[name])
        for label in (self.about, self.trouble):
            label.setFont(font(LABEL + 1))
        for span, name in ((self.span, names["span"]), (self.against, names["against"])):
            span.retranslate()
            span.box.setAccessibleName(name)
        self._fill_languages()
        self._show_tests()
        self._settle()

    # What is chosen

    @property
    def order(self) -> Order:
        """What is wanted; to be used only where ``fault`` is ""."""
        span, form = self.span.words, str(self.format.currentData())
        record = "" if self._slice is None else str(self._slice)
        if self.kinds.checkedId() == DATA:
            return Order("", span, form, slice=record)
        needs = self._needs
        return Order(
            self._template,
            span,
            form,
            str(self.language.currentData() or current_language()),
            self.against.words if needs == AGAINST else "",
            str(self._tests or "") if needs == TESTS else "",
            str(self.figure.currentData() or "") if self.is_figure else "",
            self._incident if needs == INCIDENT else 0,
            record,
        )

    @property
    def fault(self) -> str:
        """What is still missing, or wrong; "" where it can be written."""
        if self.span.fault:
            return self.span.fault
        if self.kinds.checkedId() == DATA:
            return ""
        if self._template not in self._templates.offers:
            return self._templates.fault or _("The templates are being read.")
        if self._needs == AGAINST:
            return self.against.fault
        if self._needs == TESTS and self._tests is None:
            return _("Choose the result file of a test run.")
        return ""

    @property
    def is_figure(self) -> bool:
        """Whether one figure alone is wanted."""
        form = FORMATS.get(str(self.format.currentData()))
        return form is not None and form.kind is FormatKind.FIGURE

    @property
    def _needs(self) -> str | None:
        offer = self._templates.offers.get(self._template)
        return offer.needs if offer is not None else None

    def fill_in(
        self,
        template: str,
        span_ns: tuple[int, int] | None = None,
        incident: int = 0,
        against: TimeRange | None = None,
    ) -> None:
        """Have a template, its spans and an incident; what is not given, as is usual for the template."""
        self.kinds.button(REPORT).setChecked(True)
        self._template, self._incident = template or USUAL_TEMPLATE, incident
        if span_ns is not None:
            self.span.show_span(*span_ns)
        if against is not None:
            self.against.show_span(against.start_ns, against.end_ns)
        self._show_template()
        self._on_changed()

    def show_figures(self, titles: dict[str, str]) -> None:
        """Offer these figures of the report, by their names."""
        if titles == {
            self.figure.itemData(place): self.figure.itemText(place) for place in range(self.figure.count())
        }:
            return
        chosen = self.figure.currentData()
        self.figure.clear()
        for name, title in titles.items():
            self.figure.addItem(title, name)
        self.figure.setCurrentIndex(max(0, self.figure.findData(chosen)))

    def stop(self) -> None:
        """Stop the timers."""
        self.span.stop()
        self.against.stop()

    # Within

    def _settle(self) -> None:
        """Offer what fits what is chosen, and show only what is needed."""
        is_data = self.kinds.checkedId() == DATA
        kinds = (FormatKind.DATA,) if is_data else (FormatKind.REPORT, FormatKind.FIGURE)
        chosen = self.format.currentData()
        self.format.clear()
        for form in of_kind(*kinds).values():
            if form.is_available:
                self.format.addItem(form.title, form.name)
        self.format.setCurrentIndex(max(0, self.format.findData(chosen)))
        shown = {
            "template": not is_data,
            "language": not is_data,
            "against": not is_data and self._needs == AGAINST,
            "tests": not is_data and self._needs == TESTS,
            "figure": self.is_figure,
        }
        for name, is_shown in shown.items():
            for widget in self._rows[name]:
                widget.setVisible(is_shown)
        self.about.setVisible(not is_data and bool(self.about.text()))
        self.trouble.setVisible(not is_data and bool(self._templates.fault))

    def _on_changed(self) -> None:
        self._settle()
        self.changed.emit()

    def _on_templates(self) -> None:
        self.template.clear()
        for offer in self._templates.offers.values():
            title = _("{title} (yours)").format(title=plain(offer.title, 60)) if offer.own else offer.title
            self.template.addItem(title, offer.name)
        if self._templates.offers and self._template not in self._templates.offers:
            self._template = next(iter(self._templates.offers))
        set_text(self.trouble, self._templates.fault)
        self._show_template()
        self._on_changed()

    def _show_template(self) -> None:
        self.template.setCurrentIndex(self.template.findData(self._template))
        offer = self._templates.offers.get(self._template)
        set_text(self.about, plain(offer.question or "", 200) if offer is not None else "")

    def _on_template(self, place: int) -> None:
        before = self._templates.offers.get(self._template)
        self._template, self._incident = str(self.template.itemData(place)), 0
        offer = self._templates.offers.get(self._template)
        # A span that was usual for the template before gives way to the one that is usual for this.
        usual = self._slice is None and before is not None and self.span.words == before.range
        if offer is not None and usual:
            self.span.show_words(offer.range)
        self._show_template()
        self._on_changed()

    def _fill_languages(self) -> None:
        chosen = self.language.currentData()
        self.language.clear()
        for code, name in (("", _("As the window")), (ENGLISH, "English"), (CHINESE, "简体中文")):
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(chosen)))

    def _on_tests(self) -> None:
        chosen = self.choose_tests()
        if chosen is not None:
            self._tests = chosen
            self._show_tests()
            self._on_changed()

    def _show_tests(self) -> None:
        self.tests.setText(_("Choose a file…") if self._tests is None else plain(self._tests.name, 40))
        self.tests.setToolTip(_("JUnit XML, as most programs that run tests can write it"))
        self.tests.setAccessibleDescription(self.tests.toolTip())

    def _ask_for_tests(self) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Result file of a test run"), "", "JUnit XML (*.xml)"
        )
        return Path(chosen) if chosen else None
