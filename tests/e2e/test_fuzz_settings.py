"""Fifty mutated settings files for every reader of settings, and two of them for the real service."""

import random
from pathlib import Path

import pytest

from tests.e2e.fuzz_settings import fuzz, live_through, mutated, read_everywhere, seeds


def test_fifty_mutated_files_get_words(aios_home: Path, tmp_path: Path) -> None:
    fuzz(50, 1, tmp_path / "settings.toml")


@pytest.mark.parametrize("content", seeds())
def test_sound_files_are_sound(aios_home: Path, tmp_path: Path, content: bytes) -> None:
    read_everywhere(tmp_path / "settings.toml", content)


@pytest.mark.parametrize("number", [3, 11])
def test_the_service_lives_through_a_mutated_file(aios_home: Path, number: int) -> None:
    live_through(mutated(random.Random(number)))
