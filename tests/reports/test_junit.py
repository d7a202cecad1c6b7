"""Result files of test runs."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from aios_gui.reports import junit
from aios_gui.reports.junit import NoResults, read_run
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Table, Tone
from aios_gui.reports.sections.program import test_run_of as verdict_of
from aios_gui.reports.sections.program import tests as section_of

RUN = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" timestamp="2025-03-12T14:03:07">
<testcase classname="tests.a" name="one" time="0.5"/>
<testcase classname="tests.a" name="two" time="1.5"><failure message="assert 1 == 2&#10;more">text</failure></testcase>
<testcase classname="tests.b" name="three" time="nan"><skipped message="not here"/></testcase>
<testcase classname="tests.b" name="four" time="-3"><error message="&lt;b&gt;boom"/></testcase>
</testsuite></testsuites>"""


def written(folder: Path, text: str) -> Path:
    file = folder / "junit.xml"
    file.write_text(text, encoding="utf-8")
    return file


def test_tests_are_counted_by_group(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, RUN))
    assert (run.tests, run.passed, run.failed, run.skipped, run.seconds) == (4, 1, 2, 1, 2.0)
    assert [(suite.name, suite.tests) for suite in run.suites] == [("tests.a", 2), ("tests.b", 2)]
    assert [(each.name, each.why) for each in run.failures] == [
        ("tests.a.two", "assert 1 == 2"),
        ("tests.b.four", "<b>boom"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<testsuites/>",
        "<html><testcase/></html>",
        '<!DOCTYPE a [<!ENTITY b "c">]><testsuite><testcase name="&b;"/></testsuite>',
        "<testsuite><testcase></testsuite>",
    ],
)
def test_what_holds_no_results_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoResults):
        read_run(written(tmp_path, text))


def test_of_more_tests_than_are_counted_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(junit, "_MOST_TESTS", 3)
    with pytest.raises(NoResults, match="more than 3 tests"):
        read_run(written(tmp_path, RUN))


def test_failures_that_are_left_out_are_told(tmp_path: Path) -> None:
    for count, told in ((30, "What failed"), (31, "The first 30 of 31 that failed")):
        cases = "<testcase><failure/></testcase>" * count
        run = read_run(written(tmp_path, f"<testsuite>{cases}</testsuite>"))
        section = section_of(cast("Material", SimpleNamespace(test_run=run)))
        assert section is not None
        assert [each.caption for each in section.blocks if isinstance(each, Table)] == [told, "By group"]


@pytest.mark.parametrize(
    ("cases", "tone", "sentence"),
    [
        ("<testcase/>", Tone.FINE, "The one test passed."),
        ("<testcase/><testcase/>", Tone.FINE, "All 2 tests passed."),
        (
            "<testcase/><testcase><skipped/></testcase>",
            Tone.FINE,
            "1 of 2 tests passed, 1 was skipped.",
        ),
        ("<testcase><skipped/></testcase>", Tone.UNKNOWN, "0 of 1 tests passed, 1 was skipped."),
        ("<testcase/><testcase><error/></testcase>", Tone.CRITICAL, "1 of 2 tests failed."),
    ],
)
def test_what_was_skipped_did_not_pass(tmp_path: Path, cases: str, tone: Tone, sentence: str) -> None:
    run = read_run(written(tmp_path, f"<testsuite>{cases}</testsuite>"))
    assert verdict_of(cast("Material", SimpleNamespace(test_run=run))) == (tone, sentence)
