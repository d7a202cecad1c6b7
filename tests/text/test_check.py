"""The gravest of several findings."""

from aios_gui.text.check import CheckState, worst


def test_worst() -> None:
    assert worst([]) is CheckState.OK
    assert worst([CheckState.WARNING, CheckState.ERROR, CheckState.OK]) is CheckState.ERROR
