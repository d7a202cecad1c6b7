"""The colours of the light and the dark look, for the window and for reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as ``#RRGGBB``; ``grid`` is for the hairlines within plots."""

    window: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    accent_ground: str
    fine: str
    warning: str
    critical: str
    gap: str
    duration: str
    lateness: str
    cpu: str
    memory: str
    grid: str


LIGHT = Tokens(
    window="#F5F6F8",
    surface="#FFFFFF",
    line="#E2E5EA",
    text="#1A1E24",
    muted="#5C6675",
    accent="#2459D6",
    accent_ground="#E8EEFC",
    fine="#1B7F4D",
    warning="#B26A00",
    critical="#C22F3D",
    gap="#9AA3B0",
    duration="#2459D6",
    lateness="#C2610C",
    cpu="#0B7A75",
    memory="#7A3FC9",
    grid="#EDEFF3",
)
DARK = Tokens(
    window="#14171C",
    surface="#1B1F26",
    line="#2A303A",
    text="#E6E9EE",
    muted="#98A2B2",
    accent="#7FA3FF",
    accent_ground="#22304F",
    fine="#4CC38A",
    warning="#E9A23B",
    critical="#FF7A85",
    gap="#667080",
    duration="#7FA3FF",
    lateness="#F0A05A",
    cpu="#4FC4BC",
    memory="#B892F5",
    grid="#232932",
)
