"""Progress as a child prints it: it comes back as it was told, and what is odd is passed over."""

import msgspec
import pytest

from aios_gui.system.progress import Progress, progress_facts, progress_of


def test_progress_comes_back_as_it_was_told() -> None:
    assert progress_of(progress_facts(Progress(0.25, 12.0, "minimal"))) == Progress(0.25, 12.0, "minimal")


@pytest.mark.parametrize("key", ["progress", "remaining_s", "now"])
@pytest.mark.parametrize("value", [None, [], float("nan"), float("inf"), -1, True])
def test_odd_progress_is_named(key: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError, match=key):
        msgspec.convert(progress_facts(Progress(0.25, 12.0, "minimal")) | {key: value}, Progress)


def test_a_line_that_is_no_progress_is_logged_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    assert progress_of({"progress": "half"}) is None
    assert "not understood" in caplog.text
