"""The pages of docs/ that are made from the source: whole, and told when they are stale."""

from pathlib import Path

import pytest
import reference

from aios_gui.cli import COMMANDS


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    return tmp_path


def test_every_command_has_its_arguments() -> None:
    page = reference.commands()
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## aios-heartbeat",
        *(f"## aios-heartbeat {name}" for name in COMMANDS),
        "## aios-gui",
    ]
    assert "| `--interval S` | Seconds from beat to beat" in page
    assert "| `--note ID TEXT` |" in page
    assert "| `--level warning\\|critical` |" in page
    assert "In JSON, hours_needed is how many matched hours each span must have in all" in page


def test_pages_are_written_and_then_up_to_date(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check"]) == 1
    assert "docs/commands.md is stale" in capsys.readouterr().out
    assert reference.main([]) == 0
    assert sorted(each.name for each in docs.iterdir()) == sorted(reference.PAGES)
    assert reference.main(["--check"]) == 0
    (docs / "commands.md").write_text("an older one", encoding="utf-8")
    assert reference.main(["--check"]) == 1
