"""Text from outside is one printable line, whatever it holds."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.text.plain import paragraph, plain, spreadsheet_safe


@given(st.text(max_size=1000), st.integers(1, 300))
def test_plain_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


def test_plain_drops_what_turns_text_around_and_cuts_long_names() -> None:
    assert plain("a\u202eb\x00c") == "a b c"
    assert plain("x" * 4096) == "x" * 199 + "…"


def test_spreadsheet_gets_no_formula() -> None:
    cases: list[str] = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "\rx"]
    for text in cases:
        assert spreadsheet_safe(text) == "'" + text
        assert spreadsheet_safe("AIOS" + text) == "AIOS" + text


def test_sentences_follow_each_other_as_their_language_has_it() -> None:
    assert paragraph(("One.", "", "Two.")) == "One. Two."
    assert paragraph(("一。", "二？", "三。")) == "一。二？三。"
