"""Text from outside is one printable line, whatever it holds."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.text.plain import plain


@given(st.text(max_size=1000), st.integers(1, 300))
def test_plain_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


def test_plain_drops_what_turns_text_around_and_cuts_long_names() -> None:
    assert plain("a\u202eb\x00c") == "a b c"
    assert plain("x" * 4096) == "x" * 199 + "…"
