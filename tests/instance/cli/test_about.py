"""`about`: the version, where newer ones are published, and a browser only when it is asked for."""

import json
import webbrowser
from pathlib import Path

import pytest

from aios_gui import __version__, cli
from aios_gui.system import releases

PAGE = "https://releases.example/all"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser was asked to open."""
    pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: not pages.append(page))  # type: ignore[func-returns-value]
    return pages


def tell(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """Let the program have been built with this address."""
    file = folder / "releases.txt"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(releases, "resource", lambda *_parts: file)


def test_a_copy_that_was_told_shows_the_page_and_opens_it_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    tell(monkeypatch, tmp_path, PAGE + "\n")
    assert cli.main(["about"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [f"AIOS Heartbeat {__version__}", f"Updates: {PAGE}"]
    assert cli.main(["about", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": __version__, "releases_page": PAGE}
    assert opened == []
    assert cli.main(["about", "--open"]) == 0
    assert opened == [PAGE]


def test_a_copy_that_was_not_told_says_where_to_look(
    opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert releases.releases_page() == ""
    assert cli.main(["about"]) == 0
    assert "published where you downloaded this" in capsys.readouterr().out
    assert cli.main(["about", "--open"]) == 2
    assert "look where you got it" in capsys.readouterr().err
    assert opened == []


@pytest.mark.parametrize("text", ["", "http://plain.example", "file:///etc/passwd", "javascript:alert(1)"])
def test_only_a_secure_page_is_one(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, tmp_path, text)
    assert releases.releases_page() == ""


def test_without_a_browser_the_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(monkeypatch, tmp_path, PAGE)
    monkeypatch.setattr(webbrowser, "open", lambda _page: False)
    assert cli.main(["about", "--open"]) == 2
    assert PAGE in capsys.readouterr().err
