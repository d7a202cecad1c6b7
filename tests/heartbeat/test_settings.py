"""What the settings mean for the engine."""

from aios_gui.alerts.settings import thresholds_of
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.settings import engine_options
from tests.defaults import DEFAULTS


def test_an_engine_that_is_told_nothing_beats_as_the_default_settings_say() -> None:
    assert engine_options(DEFAULTS, thresholds_of(DEFAULTS)) == EngineOptions()


def test_what_is_set_reaches_the_engine() -> None:
    settings = DEFAULTS.with_value("beat.interval_s", 0.25).with_value("beat.rehearsal", "off")
    settings = settings.with_value("beat.warm_up", False).with_value("thresholds.cpu_percent", 60)
    options = engine_options(settings, thresholds_of(settings))
    assert (options.interval_ns, options.rehearsal, options.warm_up) == (
        250_000_000,
        RehearsalMode.OFF,
        False,
    )
    assert options.thresholds.cpu_percent == 60.0
