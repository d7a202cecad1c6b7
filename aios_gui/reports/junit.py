"""Reads the result file of a test run, JUnit XML as pytest and most other tools write it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from aios_gui.reports.model.test_run import FailedTest, RunResult, SuiteResult
from aios_gui.text.plain import plain

_LARGEST_BYTES = 64 << 20
_MOST_TESTS = 200_000
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_BAD = ("failure", "error")


class NoResults(ValueError):
    """The file holds no results of tests."""


def read_run(path: Path) -> RunResult:
    """The run that the file tells of; NoResults where it is none, OSError where it cannot be read."""
    with path.open("rb") as stream:
        content = stream.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise NoResults("it is larger than 64 MB")
    # Entities could make a small file grow without end; results of tests have none.
    if _DECLARATION.search(content) or b"\x00" in content[:4]:
        raise NoResults("it declares entities of its own")
    try:
        root = ET.fromstring(content)  # noqa: S314 - no entities, no external references
    except (ET.ParseError, ValueError, LookupError) as error:
        raise NoResults(f"it is not XML: {error}") from error
    if root.tag not in ("testsuites", "testsuite"):
        raise NoResults("its outermost element is neither testsuites nor testsuite")
    return _run_of(root)


def _run_of(root: ET.Element) -> RunResult:
    suites: dict[str, list[float]] = {}
    failures: list[FailedTest] = []
    for count, case in enumerate(root.iter("testcase")):
        if count >= _MOST_TESTS:
            raise NoResults(f"it holds more than {_MOST_TESTS:,} tests")
        group = case.get("classname") or case.get("file") or root.get("name") or "tests"
        sums = suites.setdefault(plain(group, 120), [0, 0, 0, 0.0])
        bad = next((child for child in case if child.tag in _BAD), None)
        sums[0] += 1
        sums[3] += _seconds(case.get("time"))
        if bad is not None:
            sums[1] += 1
            why = (bad.get("message") or bad.text or "").strip().partition("\n")[0]
            failures.append(FailedTest(plain(f"{group}.{case.get('name', '')}"), plain(why, 300)))
        elif any(child.tag == "skipped" for child in case):
            sums[2] += 1
    if not suites:
        raise NoResults("it holds no tests")
    found = (SuiteResult(name, int(a), int(b), int(c), s) for name, (a, b, c, s) in suites.items())
    at = next((suite.get("timestamp", "") for suite in root.iter("testsuite")), "")
    return RunResult(tuple(sorted(found, key=lambda suite: suite.name)), tuple(failures), plain(at, 40))


def _seconds(text: str | None) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0
