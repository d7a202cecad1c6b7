"""The panels of the window, one module each; the registry imports each when it is first shown."""

from __future__ import annotations

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Panel, PanelContext, PanelEntry


def _make_live(context: PanelContext) -> Panel:
    from aios_gui.ui.live.panel import LivePanel

    panel = LivePanel(context)
    panel.place_asked.connect(context.controller.place_asked)
    return panel


def _make_incidents(context: PanelContext) -> Panel:
    from aios_gui.ui.incidents.panel import IncidentsPanel

    return IncidentsPanel(context)


def _make_warmup(context: PanelContext) -> Panel:
    from aios_gui.ui.warmup.panel import WarmupPanel

    return WarmupPanel(context)


def _make_startup(context: PanelContext) -> Panel:
    from aios_gui.ui.startup.panel import StartupPanel

    return StartupPanel(context)


def _make_settings(context: PanelContext) -> Panel:
    from aios_gui.ui.settings.panel import SettingsPanel

    return SettingsPanel(context)


PANELS: tuple[PanelEntry, ...] = (
    PanelEntry("live", "live", lambda: _("Live"), _make_live),
    PanelEntry("incidents", "incidents", lambda: _("Incidents"), _make_incidents),
    PanelEntry("warmup", "warmup", lambda: _("Warm-up"), _make_warmup),
    PanelEntry("startup", "startup", lambda: _("Startup"), _make_startup),
    PanelEntry("settings", "settings", lambda: _("Settings"), _make_settings, apart=True),
)
"""The panels in the order of the rail."""
