"""What tests of whole processes share."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let nothing be registered for the user who runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return tmp_path


@pytest.fixture
def quiet() -> Iterator[None]:
    """Log nothing: garbage fills the log with warnings."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
