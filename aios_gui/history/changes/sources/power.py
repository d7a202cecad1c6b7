"""What the machine runs on, mains or battery, and how it is set to spend it."""

from __future__ import annotations

from pathlib import Path

from aios_gui.history.changes.model import ChangeKind
from aios_gui.history.changes.sources.source import (
    Found,
    Past,
    Source,
    Values,
    folders_in,
    look_at_values,
    read_text,
)

NAME = "power"
MAINS, BATTERY = "mains", "battery"
_SCHEMES = r"SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
_CPUS, _MOST_CPUS = "sys/devices/system/cpu", 1024


def look(past: Past) -> Found:
    """Compare with the last look; what switched to and fro in between is not seen."""
    return look_at_values(NAME, past, _values(past.root))


def _values(root: Path) -> Values:
    plans = {
        "governor": _of_all_cpus(root, "scaling_governor"),
        "preference": _of_all_cpus(root, "energy_performance_preference"),
        "profile": read_text(root / "sys/firmware/acpi/platform_profile"),
        "plan": _windows_plan(),
    }
    return {
        ChangeKind.POWER_SOURCE: _source(),
        ChangeKind.POWER_PLAN: {name: plan for name, plan in plans.items() if plan},
    }


def _source() -> dict[str, str]:
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, RuntimeError, ValueError, psutil.Error):
        return {}
    plugged = battery.power_plugged if battery is not None else None
    return {} if plugged is None else {"": MAINS if plugged else BATTERY}


def _of_all_cpus(root: Path, name: str) -> str:
    """What is set for the processors, each word once."""
    cpus = [each for each in folders_in(root / _CPUS) if each.name.startswith("cpu")][:_MOST_CPUS]
    return ", ".join(sorted({word for cpu in cpus if (word := read_text(cpu / "cpufreq" / name))}))


def _windows_plan() -> str:
    from aios_gui.system.windows.registry import machine_values

    scheme = machine_values(_SCHEMES).get("ActivePowerScheme", "")
    name = machine_values(rf"{_SCHEMES}\{scheme}").get("FriendlyName", "") if scheme else ""
    # The name of one of Windows' own comes after the library that has it in other languages.
    return name.rpartition(",")[2].strip() or scheme


SOURCE = Source(NAME, (), look)
