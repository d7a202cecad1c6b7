"""Keys as text: written one way, and never keys that type or mean something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.settings.keys import TAKEN, normalised


def test_keys_are_written_one_way() -> None:
    cases: list[tuple[str, str]] = [
        ("", ""),
        (" ctrl+p ", "Ctrl+P"),
        ("shift+CTRL+f5", "Ctrl+Shift+F5"),
        ("F11", "F11"),
        ("pause", "Pause"),
        ("Ctrl+,", "Ctrl+,"),
        ("Ctrl++", "Ctrl++"),
        ("Alt+pgdown", "Alt+PgDown"),
    ]
    for text, kept in cases:
        assert normalised(text) == kept
        assert normalised(kept) == kept


def test_what_is_typed_or_unknown_is_refused() -> None:
    cases: list[str] = ["P", "Shift+P", "Ctrl", "Ctrl+Ctrl+P", "Ctrl+Q+W", "Hyper+P", "Space", "+", "é"]
    for text in cases:
        with pytest.raises(ValueError, match=r"."):
            normalised(text)


def test_what_means_something_in_every_window_is_refused() -> None:
    for text in sorted(TAKEN):
        with pytest.raises(ValueError, match="something else"):
            normalised(text)


@given(st.text(max_size=20))
def test_any_text_is_refused_or_kept_for_good(text: str) -> None:
    try:
        kept = normalised(text)
    except ValueError:
        return
    assert normalised(kept) == kept
