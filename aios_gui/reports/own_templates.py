"""Templates that users wrote: files in the data folder, in a small part of Jinja's language, as docs/reports.md tells.

A template writes lines: ``# Title``, ``## Section``, ``- an item``, paragraphs, and ``{{ section("incidents") }}`` for
a section of the program's own. What a record holds is text in them and never markup, in every format.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Block, Items, Report, Section, Text
from aios_gui.reports.own_variables import SECTIONS, variables
from aios_gui.reports.template import Template, build
from aios_gui.reports.templates import TEMPLATES
from aios_gui.reports.verdicts import of_span
from aios_gui.system.regular_file import read_regular
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

FOLDER = "report-templates"
ENDING = ".jinja"
_LARGEST_BYTES = 256 << 10
_MOST_CHARACTERS = 1 << 20
_LONGEST_S = 5.0
_MOST_PLACES = 15
_DATA = "\ue000"
"""Stands before each value, so that a line that begins with one is not taken for a heading or an item."""
_PLACE = "\ue001"
"""Stands round the name of a section that is put in."""
_FILTERS = ("upper", "lower", "default", "length", "first", "last", "abs", "int", "float")
_FORBIDDEN = (
    "Macro", "CallBlock", "FilterBlock", "AssignBlock", "Include", "Import", "FromImport", "Extends", "Block",
    "Concat", "Add", "Mul", "Pow", "Mod", "List", "Tuple", "Dict",
)  # fmt: skip
"""What could make a small template large without end, or leave its file."""


class TemplateFault(Exception):
    """A template cannot be used: a whole sentence with its file and line."""

    def __init__(self, file: Path, line: int | None, reason: object) -> None:
        sentence = _("{file}, line {line}: {reason}") if line else _("{file}: {reason}")
        super().__init__(sentence.format(file=file, line=line, reason=plain(reason, 300)))


def own_templates(data: Path) -> tuple[dict[str, Template], list[str]]:
    """By their names; and what is wrong with those that cannot be used, a sentence each."""
    found: dict[str, Template] = {}
    faults: list[str] = []
    try:
        files = sorted((data / FOLDER).glob(f"*{ENDING}"))
    except OSError:
        files = []
    for file in files:
        try:
            name = file.name.removesuffix(ENDING)
            if name in TEMPLATES:
                raise TemplateFault(file, None, _("the program has a template of that name itself"))
            _parsed(_environment(), file)
            found[name] = Template(name, _title_of(file), "", of_span, (), file=file)
        except TemplateFault as fault:
            faults.append(str(fault))
    return found, faults


def _title_of(file: Path) -> str:
    """What its first heading says, or its name."""
    lines = _source(file).splitlines()
    heading = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
    return plain(heading if heading and "{" not in heading else file.name.removesuffix(ENDING), 80)


def build_own(template: Template, material: Material) -> Report:
    """The report by a user's template; TemplateFault where it cannot be used, StoreError as of ``build``."""
    report = build(template, material)
    assert template.file is not None
    lines = _rendered(template.file, material, report).splitlines()
    title, sections = _sections(lines, material, report.title)
    return replace(report, title=title, sections=tuple(sections))


def _source(file: Path) -> str:
    from aios_gui.text.os_reason import reason_of

    try:
        content = read_regular(file, _LARGEST_BYTES + 1)
        if len(content) > _LARGEST_BYTES:
            raise TemplateFault(file, None, _("it is larger than 256 kB"))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateFault(file, None, _("it is not written in UTF-8")) from error
    except OSError as error:
        raise TemplateFault(file, None, reason_of(error)) from error


def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    class Environment(SandboxedEnvironment):
        """Lets a template read fields and call what it was given, and nothing else."""

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return not attr.startswith("_") and not callable(value)

        def is_safe_callable(self, obj: Any) -> bool:
            return getattr(obj, "is_for_templates", False) is True

    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"round": _rounded}
    environment.tests = {name: environment.tests[name] for name in ("defined", "none", "undefined")}
    return environment


def _rounded(value: Any, places: int = 0, method: Any = "common") -> float:
    """As Jinja’s, to the places that a figure can have: no time limit ends the power of ten for millions of them."""
    from jinja2.filters import do_round

    return do_round(value, max(-_MOST_PLACES, min(_MOST_PLACES, places)), method)


def _shown(value: Any) -> Any:
    """A value as it is written: one line of text; what is neither text nor a figure is left out."""
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        return str(value)  # which tells what is not there
    if hasattr(value, "__html__"):
        return value
    if value is None:
        return ""
    return _DATA + plain(value, 2_000) if isinstance(value, str | int | float) else ""


def _parsed(environment: SandboxedEnvironment, file: Path) -> Any:
    from jinja2 import TemplateSyntaxError, nodes

    source = _source(file)
    try:
        tree = environment.parse(source)
        for name in _FORBIDDEN:
            for node in tree.find_all(getattr(nodes, name)):
                reason = _("“{word}” cannot be used in a report").format(word=name.lower())
                raise TemplateFault(file, node.lineno, reason)
        return environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise TemplateFault(file, error.lineno, error.message or error) from error
    except (RecursionError, SyntaxError) as error:  # Python’s own, of what Jinja made of it
        raise TemplateFault(file, None, _("it is nested too deeply")) from error
    except ValueError as error:  # a figure of thousands of digits
        raise TemplateFault(file, None, error) from error


def _rendered(file: Path, material: Material, report: Report) -> str:
    from jinja2 import TemplateError

    template = _parsed(_environment(), file)
    template.filename = str(file)

    @_for_templates
    def section(name: str) -> Any:
        from markupsafe import Markup

        if name not in SECTIONS:
            listed = ", ".join(SECTIONS)
            raise ValueError(
                _("there is no section “{name}”; there are: {names}").format(name=name, names=listed)
            )
        return Markup(f"\n{_PLACE}{name}{_PLACE}\n")  # noqa: S704 - the name is one of ours

    parts: list[str] = []
    size = 0
    given = {**variables(material, report), "section": section}
    try:
        with _in_time():
            for part in template.generate(given):
                size += len(part)
                if size > _MOST_CHARACTERS:
                    raise ValueError(_("it writes more than a million characters"))
                parts.append(part)
    except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateFault(file, _line_of(error), error) from error
    except (TooSlow, MemoryError, RecursionError) as error:
        reason = _("it takes longer than {span}").format(span=f"{_LONGEST_S:g} s")
        raise TemplateFault(file, _line_of(error), reason) from error
    return "".join(parts)


class TooSlow(Exception):
    """A template did not end in time."""


@contextmanager
def _in_time() -> Iterator[None]:
    """TooSlow from within as soon as the time is over; a loop that writes nothing is ended, too."""
    until_s = time.monotonic() + _LONGEST_S

    def watch(_frame: FrameType, _event: str, _argument: Any) -> Any:
        if time.monotonic() > until_s:
            raise TooSlow
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _line_of(error: BaseException) -> int | None:
    """The line of the template at which it went wrong; Jinja puts it into the trace."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_name in ("top-level template code", "root"):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _for_templates(function: Callable[..., Any]) -> Callable[..., Any]:
    function.is_for_templates = True  # type: ignore[attr-defined]
    return function


def _sections(lines: list[str], material: Material, title: str) -> tuple[str, list[Section]]:
    """The lines as sections; each of the program's own stands by itself."""
    found: list[Section] = []
    heading, blocks, items = "", list[Block](), list[str]()

    def close_items() -> None:
        if items:
            blocks.append(Items(tuple(items)))
            items.clear()

    def close() -> None:
        close_items()
        if blocks:
            found.append(Section(f"part-{len(found) + 1}", heading, tuple(blocks)))
            blocks.clear()

    for line in map(str.strip, lines):
        text = unescape(line.replace(_DATA, ""))
        if line.startswith(_PLACE) and (name := line.strip(_PLACE)) in SECTIONS:
            close()
            heading = ""
            made = SECTIONS[name](material)
            found += [made] if made is not None else []
        elif line.startswith("## "):
            close()
            heading = text[3:]
        elif line.startswith("# "):
            title = text[2:]
        elif line.startswith("- "):
            items.append(text[2:])
        else:
            close_items()
            if text:
                blocks.append(Text(text))
    close()
    return title, found
