"""Has the program of the console answer questions of a record and write what leaves it, and looks into each file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from aios_gui.reports.formats import FORMATS, FormatKind
from aios_gui.reports.own_templates import ENDING, FOLDER
from aios_gui.reports.templates import TEMPLATES
from building.smoke import Run, said
from building.steps import BuildError, say, step

_QUESTIONS = (
    ("analyze", "--range", "1h", "--json"),
    ("compare", "1h", "2h", "--json"),
    ("who", "--range", "1h", "--json"),
    ("hiccups", "--json"),
    ("changes", "--json"),
    ("report", "--list", "--json"),
)
_ZONE = ("--timezone", "Asia/Shanghai")
"""By a name that not every system knows of itself."""
_OWN = "own-of-the-trial"
_OWN_TEXT = '# Own\n\n## Of {{ beats | upper }} beats\n\n{{ section("method") }}\n'
_TESTS_TEXT = (
    '<testsuite name="own" tests="1"><testcase classname="own" name="one" time="0.5"/></testsuite>\n'
)
SLICE = "trial.aiosrec"
"""What is cut out of the record, among the documents."""
SIGNS = {
    "html": rb"<!DOCTYPE html>.*<style>.*<svg",
    "markdown": rb"\A# .*\n## ",
    "pdf": rb"\A%PDF-.*/FontFile",
    "png": rb"\A\x89PNG\r\n.*IDAT",
    "svg": rb"<svg .*</svg>",
    "csv": rb"\Atime,.*\n\d{4}-",
    "jsonl": rb'\A{"schema".*}\r?\n.*}\r?\n',
    "hgrm": rb"Percentile.*1\.0000.*#\[Max",
    "hlog": rb"#\[Histogram log.*\n[^\n]*HIST",
    "trace": rb'\A{.*"traceEvents".*}',
    "openmetrics": rb"# TYPE .*\n# EOF\n\Z",
    "influx": rb"\Aaios_heartbeat,.* \d{19}\r?\n",
}
"""How each format that a package can write is known, with something in it: an expression over the file."""
_CHINESE = re.compile("[\u4e00-\u9fff]{4}")


def try_documents(run: Run, data: Path, folder: Path, name_of: Callable[[Path], str] = str) -> None:
    """Ask what can be asked, and write every template and every format into ``folder``.

    ``run`` runs the program on a record that holds beats, ``data`` is where it keeps that, and ``name_of`` how it
    calls a path.

    Raises:
        BuildError: an answer or a file is not what it should be; the message holds what the program said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with step("Trying what is told of a record, and written of it"):
        for question in _QUESTIONS:
            _is_json(question, said(question, run))
        _write_templates(run, data, folder, name_of)
        for name, form in FORMATS.items():
            if not form.needs:
                command = "export" if form.kind is FormatKind.DATA else "report"
                file = folder / f"trial-{name}{form.suffix}"
                said((command, "--range", "1h", "--format", name, "-o", name_of(file)), run)
                look_into(file, SIGNS[name])
        beats = name_of(folder / f"trial-csv{FORMATS['csv'].suffix}")
        again = ("import", beats, "--dry-run", *_ZONE, "--json")
        _is_json(again, said(again, run))
        cut = folder / SLICE
        cut.unlink(missing_ok=True)
        said(("slice", "--range", "1h", "--yes", "-o", name_of(cut)), run)
        look_into(cut, rb"\ASQLite format 3")
        said(("analyze", "--slice", name_of(cut)), run)
        told = f"{len(TEMPLATES) + 1} templates and {len(SIGNS)} formats and a slice were written"
        say(f"{len(_QUESTIONS)} questions were answered; {told} in {folder}.")


def _write_templates(run: Run, data: Path, folder: Path, name_of: Callable[[Path], str]) -> None:
    """Each template in Chinese, so that the catalogue is tried, too; and one of the user's own."""
    own = data / FOLDER / f"{_OWN}{ENDING}"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(_OWN_TEXT, encoding="utf-8")
    tests = folder / "tests.xml"
    tests.write_text(_TESTS_TEXT, encoding="utf-8")
    asks = {"comparison": ("--against", "2h"), "tests": ("--tests", name_of(tests))}
    for template in (*TEMPLATES, _OWN):
        page = folder / f"{template}.html"
        asked = ("--range", "1h", "--language", "zh_CN", *asks.get(template, ()))
        said(("report", "--template", template, *asked, "-o", name_of(page)), run)
        text = look_into(page, rb"<!DOCTYPE html>.*<style>").decode()
        if not _CHINESE.search(text):
            raise BuildError(f"{page} was asked for in Chinese and holds none.")
    own.unlink()


def look_into(file: Path, sign: bytes) -> bytes:
    """What the file holds; BuildError where there is none, or it does not fit ``sign``."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BuildError(f"{file} was not written: {error.strerror}.") from error
    if not re.search(sign, content, re.DOTALL):
        raise BuildError(f"{file} is not what its name says; it begins with {content[:60]!r}.")
    return content


def _is_json(question: Sequence[str], answer: str) -> None:
    try:
        json.loads(answer)
    except ValueError as error:
        raise BuildError(f"{' '.join(question)} answers {answer[:200]!r}, which is no JSON.") from error
