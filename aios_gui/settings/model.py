"""The declared settings: name, type, range, default and unit of each stand here once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from aios_gui.alerts.model.rules import DEFAULT_RULES, Rule, with_limit
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.settings.keys import normalised

MECHANISM_KEYS = (
    "run_key",
    "startup_folder",
    "scheduled_task",
    "desktop_file",
    "systemd_unit",
    "launch_agent",
)
"""Every way to be started at log-in, on whatever system."""
SettingValue = float | int | str | bool
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Effect(StrEnum):
    """When a changed setting takes effect."""

    AT_ONCE = "at_once"
    ON_SETUP = "on_setup"
    """When autostart is set up again, since it is the system that keeps it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``section.key`` is its name in the file; ``choices`` lists what a word may be.

    ``keys`` tells that a text names keys that call something up, or none.
    """

    name: str
    default: SettingValue
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    keys: bool = False
    effect: Effect = Effect.AT_ONCE

    @property
    def section(self) -> str:
        """What it belongs to, as ``beat``."""
        return self.name.partition(".")[0]

    @property
    def kind(self) -> type:
        """The type a value must have; whole numbers are taken for decimal ones."""
        return type(self.default)

    def check(self, value: Any) -> SettingValue:
        """``value`` in its right type; ValueError that says what would be right."""
        if self.kind is bool or self.kind is str:
            return self._check_word(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, not {value!r}")
        if not (self.minimum is None or value >= self.minimum) or not (
            self.maximum is None or value <= self.maximum
        ):
            raise ValueError(f"must lie between {self.minimum:g} and {self.maximum:g}")
        if self.kind is int and int(value) != value:
            raise ValueError(f"must be a whole number, not {value:g}")
        return int(value) if self.kind is int else float(value)

    def read(self, text: str) -> SettingValue:
        """The value that a person wrote as ``text``; ValueError where it is none that is allowed."""
        text = text.strip()
        if self.kind is str:
            return self.check(text)
        if self.kind is bool:
            if text.lower() not in (*_YES, *_NO):
                raise ValueError(f"must be true or false, not {text!r}")
            return text.lower() in _YES
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"must be a number, not {text!r}")
        return self.check(int(text) if _WHOLE.fullmatch(text) else float(text))

    def written(self, value: SettingValue) -> str:
        """``value`` as a person would write it; ``read`` gives it back."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() else repr(value)
        return str(value)

    def _check_word(self, value: Any) -> SettingValue:
        if not isinstance(value, bool if self.kind is bool else str):
            raise ValueError(f"must be {'true or false' if self.kind is bool else 'a word'}, not {value!r}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}, not {value!r}")
        return normalised(str(value)) if self.keys else value


DECLARED: tuple[Setting, ...] = (
    Setting("beat.interval_s", 1.0, 0.02, 3600.0, unit="s"),
    Setting("beat.rehearsal", "auto", choices=tuple(RehearsalMode)),
    Setting("beat.warm_up", True),
    Setting("thresholds.cpu_percent", 80.0, 0.0, 100.0, unit="%"),
    Setting("thresholds.memory_percent", 85.0, 0.0, 100.0, unit="%"),
    Setting("thresholds.hiccup_ms", 50.0, 1.0, 60_000.0, unit="ms"),
    Setting("record.raw_days", 8, 1, 365, unit="d"),
    Setting("record.size_limit_mb", 500, 20, 100_000, unit="MB"),
    Setting("window.theme", "system", choices=("system", "light", "dark")),
    Setting("window.language", "system", choices=("system", "en", "zh_CN")),
    Setting("window.close_button", "ask", choices=("ask", "tray", "quit")),
    Setting("window.refresh_hz", 2.0, 0.5, 10.0, unit="Hz"),
    Setting("window.notifications", True),
    Setting("regulation.enabled", True),
    Setting("regulation.own_cpu_percent", 10.0, 0.1, 400.0, unit="%"),
    Setting("regulation.machine_cpu_percent", 95.0, 50.0, 100.0, unit="%"),
    Setting("regulation.after_s", 10.0, 1.0, 600.0, unit="s"),
    Setting("keyboard.panels", "alt", choices=("alt", "ctrl", "off")),
    Setting("keyboard.settings", "Ctrl+,", keys=True),
    Setting("keyboard.pause", "Ctrl+P", keys=True),
    Setting("keyboard.close", "Ctrl+W", keys=True),
    Setting("keyboard.quit", "Ctrl+Q", keys=True),
    Setting("autostart.mechanism", "auto", choices=("auto", *MECHANISM_KEYS), effect=Effect.ON_SETUP),
    # The words of core.autostart.Face, which a program that only beats need not load.
    Setting("autostart.face", "tray", choices=("tray", "window", "headless"), effect=Effect.ON_SETUP),
    Setting("autostart.delay_s", 10, 0, 3600, unit="s", effect=Effect.ON_SETUP),
    Setting("autostart.spread_s", 0, 0, 3600, unit="s", effect=Effect.ON_SETUP),
    Setting("autostart.on_battery", True, effect=Effect.ON_SETUP),
    Setting("autostart.time_limit_min", 0, 0, 10_080, unit="min", effect=Effect.ON_SETUP),
    Setting("autostart.nice", 0, -20, 19, effect=Effect.ON_SETUP),
)
BY_NAME = {setting.name: setting for setting in DECLARED}


LIMITS = {
    "thresholds.cpu_percent": "cpu",
    "thresholds.memory_percent": "memory",
    "thresholds.hiccup_ms": "hiccup",
}
"""Settings that are the limit of the rule of that name and stand nowhere else."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, each valid. Read one as ``settings["beat.interval_s"]``."""

    changed: tuple[tuple[str, SettingValue], ...] = ()
    rules: tuple[Rule, ...] = DEFAULT_RULES

    def __getitem__(self, name: str) -> Any:
        """The value of a declared setting; KeyError for any other name."""
        if name in LIMITS:
            return self._limit(name)
        for known, value in self.changed:
            if known == name:
                return value
        return BY_NAME[name].default

    def _limit(self, name: str) -> float:
        setting = BY_NAME[name]
        low, high = setting.minimum or 0.0, setting.maximum or 0.0
        for rule in self.rules:
            if rule.name == LIMITS[name]:
                return min(max(low, rule.limit), high)
        return float(setting.default)

    def with_value(self, name: str, value: Any) -> Settings:
        """A copy with one setting changed; ValueError where the value is not allowed."""
        checked = BY_NAME[name].check(value)
        if name in LIMITS:
            return replace(self, rules=with_limit(self.rules, LIMITS[name], float(checked)))
        others = tuple(pair for pair in self.changed if pair[0] != name)
        if checked == BY_NAME[name].default:
            return replace(self, changed=others)
        return replace(self, changed=(*others, (name, checked)))

    def with_rules(self, rules: tuple[Rule, ...]) -> Settings:
        """A copy with other rules; they are taken for valid ones with names of their own."""
        return replace(self, rules=rules)
