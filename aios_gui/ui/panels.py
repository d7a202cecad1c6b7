"""The panels of the window in the order of the rail, one line each."""

from __future__ import annotations

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import PanelEntry, later

PANELS: tuple[PanelEntry, ...] = (
    PanelEntry("live", "live", lambda: _("Live"), later("aios_gui.ui.live.panel:LivePanel")),
    PanelEntry(
        "incidents", "incidents", lambda: _("Incidents"), later("aios_gui.ui.incidents.panel:IncidentsPanel")
    ),
    PanelEntry("history", "history", lambda: _("History"), later("aios_gui.ui.history.panel:HistoryPanel")),
    PanelEntry("reports", "reports", lambda: _("Reports"), later("aios_gui.ui.reports.panel:ReportsPanel")),
    PanelEntry("warmup", "warmup", lambda: _("Warm-up"), later("aios_gui.ui.warmup.panel:WarmupPanel")),
    PanelEntry("startup", "startup", lambda: _("Startup"), later("aios_gui.ui.startup.panel:StartupPanel")),
    PanelEntry(
        "settings",
        "settings",
        lambda: _("Settings"),
        later("aios_gui.ui.settings.panel:SettingsPanel"),
        apart=True,
    ),
)
