"""Keys that call something up, as text such as ``Ctrl+P``: written one way, and never keys that type."""

from __future__ import annotations

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
_NAMED = ("Pause", "Ins", "Del", "Home", "End", "PgUp", "PgDown", "Left", "Right", "Up", "Down", "Space")
_ALONE = (*(f"F{number}" for number in range(1, 25)), "Pause")
_SIGNS = ",.;'[]\\-=/`+"
TAKEN = frozenset(
    ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+F", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Alt+F4")
)
"""What means something of its own in every window."""


def normalised(text: str) -> str:
    """``text`` as it is kept, "" for none; ValueError where it names no keys that can be used.

    A letter or a sign alone would be typed, so it needs Ctrl, Alt or Meta; a function key does not.
    """
    text = text.strip()
    if not text:
        return ""
    # The plus sign parts keys and is one.
    head, key = (
        (text[:-2], "+") if text.endswith("++") else (text.rpartition("+")[0], text.rpartition("+")[2])
    )
    held = [_modifier(part) for part in head.split("+")] if head else []
    if len(set(held)) != len(held):
        raise ValueError(f"a key is named twice in {text!r}")
    name = _key(key)
    if name not in _ALONE and not set(held) & {"Ctrl", "Alt", "Meta"}:
        raise ValueError(f"{text!r} is typed; it needs Ctrl, Alt or Meta")
    found = "+".join((*(each for each in MODIFIERS if each in held), name))
    if found in TAKEN:
        raise ValueError(f"{found} means something else already")
    return found


def _modifier(part: str) -> str:
    for name in MODIFIERS:
        if part.strip().lower() == name.lower():
            return name
    raise ValueError(f"there is no key {part!r} to hold")


def _key(part: str) -> str:
    part = part.strip()
    if len(part) == 1 and part.isascii() and (part.isalnum() or part in _SIGNS):
        return part.upper()
    for name in (*_ALONE, *_NAMED):
        if part.lower() == name.lower():
            return name
    raise ValueError(f"there is no key {part!r}")
