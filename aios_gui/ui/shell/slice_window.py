"""A window on a slice: Live, Incidents, History and Reports over a file that someone sent and that stays as it is."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.start_options import LaunchOptions
from aios_gui.record.model.timerange import TimeRange
from aios_gui.settings.file import Loaded, SettingsFile
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.panel import PanelEntry, Place, place_of
from aios_gui.ui.panels import PANELS
from aios_gui.ui.shell.controller import Controller, Kit
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.log_off import EndSignals
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.session import Photographer, make_application
from aios_gui.ui.shell.sources import SliceSource
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import Theme

if TYPE_CHECKING:
    from aios_gui.ui.shell.sources import LocalSource

FINE, FAILURE = 0, 2
_LEAST_NS = 60_000_000_000


def show_slice(
    options: LaunchOptions,
    paths: Paths,
    settings_file: SettingsFile,
    loaded: Loaded,
    file: Path,
    span: TimeRange,
) -> int:
    """Show the slice, which was checked, until its window is closed; returns the exit status."""
    app = make_application()
    theme, language = Theme(), Language()
    theme.choose(loaded.settings["window.theme"])
    theme.apply(app)
    language.choose(loaded.settings["window.language"])
    kit = Kit(paths, settings_file, theme, language, _none_here, record=file)
    settings = loaded.settings.with_value("window.introduction", False)  # here for this window alone
    controller = Controller(kit, settings, SliceSource())
    theme.dress()
    window = make_window(controller, file, span)
    if options.view is not None:
        window.go_to(place_of(options.panel, options.view))
    elif options.panel:
        window.open_panel(options.panel)
    window.quit_asked.connect(app.quit)
    window.close_asked.connect(app.quit)
    signals = EndSignals(app.quit, lambda: None)
    status = FINE

    def photographed(saved: bool) -> None:
        nonlocal status
        status = FINE if saved else FAILURE
        app.quit()

    window.show()
    if options.screenshot is not None:
        Photographer(window, options.screenshot, lambda: True).done.connect(photographed)
    elif options.quit_after_s > 0:
        QTimer.singleShot(round(options.quit_after_s * 1000), app.quit)
    code = app.exec()
    window.leave()
    controller.shutdown()
    signals.close()
    return code or status


def make_window(controller: Controller, file: Path, span: TimeRange) -> Window:
    """The window, with all of the slice in Live."""

    def as_of_its_end(entry: PanelEntry, path: str) -> PanelEntry:
        """The panel, for which it is the end of the slice now: its last hour or week is that of the slice."""
        module, name = path.split(":")
        return replace(
            entry, make=lambda context: getattr(import_module(module), name)(context, lambda: span.end_ns)
        )

    by_key = {entry.key: entry for entry in PANELS}
    window = Window(
        controller,
        (
            as_of_its_end(by_key["live"], "aios_gui.ui.live.panel:LivePanel"),
            as_of_its_end(by_key["incidents"], "aios_gui.ui.incidents.panel:IncidentsPanel"),
            as_of_its_end(by_key["history"], "aios_gui.ui.history.panel:HistoryPanel"),
            as_of_its_end(by_key["reports"], "aios_gui.ui.reports.panel:ReportsPanel"),
        ),
    )
    window.status_bar.hide()
    window.setWindowTitle(f"{plain(file.name, 80)} – AIOS Heartbeat")
    # After what an empty snapshot gives rise to, and never closed.
    window.notices.show_notice(
        Notice("slice", Severity.OK, lambda: slice_sentence(file, span), closable=False)
    )
    length_ns = max(_LEAST_NS, span.end_ns - span.start_ns)
    window.resize(1280, 800)
    window.go_to(Place("live", span.start_ns, span.start_ns + length_ns, span.start_ns))
    return window


def slice_sentence(file: Path, span: TimeRange) -> str:
    """What is looked at."""
    begin, end = figures.clock_times(span.start_ns, span.end_ns, seconds=True)
    sentence = _("A slice of a record, from {begin} to {end}: {file}. It is looked at and not changed.")
    return sentence.format(begin=begin, end=end, file=plain(file.name, 80))


def _none_here() -> LocalSource:
    raise OSError("a slice does not beat")
