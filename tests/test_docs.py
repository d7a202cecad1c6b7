"""The pages for people: what they link to and which files they name is there."""

import re
from pathlib import Path

from tests.processes import ROOT

PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = ("aios_gui", "packaging", "resources", "tests", "docs")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_links_lead_somewhere() -> None:
    links = [
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    ]
    assert [
        f"{name_of(page)}: {link}"
        for page, link in links
        if "://" not in link and not (page.parent / link).exists()
    ] == []


def test_files_that_are_named_are_there() -> None:
    named = [
        (page, each)
        for page in PAGES
        for each in re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", page.read_text(encoding="utf-8"))
    ]
    assert [
        f"{name_of(page)}: {each}"
        for page, each in named
        if each.split("/")[0] in FOLDERS and "NAME" not in each and "…" not in each
        if not (ROOT / each).exists()
    ] == []


def test_every_promise_of_security_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promises = text.partition("## What is promised")[2].partition("\n## ")[0].split("\n\n**")[1:]
    assert len(promises) >= 10
    for promise in promises:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", promise)
        assert named, promise
        for file, test in named:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"
