"""Writes the pages of docs/ that are made from the source; with --check, says which of them are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import fill

from building.manual import sentence

from aios_gui.app import window_parser
from aios_gui.cli import COMMANDS, command_parser, program_parser
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.model import Effect, Section, Setting
from aios_gui.settings.text import allowed

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WRITTEN = "This page is written from the source by `python3 packaging/dev.py reference`; do not edit it."
COMMANDS_HEAD = f"""# Commands

{WRITTEN}

`aios-heartbeat COMMAND` works in the terminal and in scripts; `aios-gui` opens the window. From a checkout,
`python3 packaging/dev.py run COMMAND` does the same.

The exit status is 0 when all is well, 1 for an alert or a target that is missed, 2 for a wrong call or a failure. An
error is one line on the standard error that says what to do. `--json` prints facts: keys stay the same, times are ISO
8601 with an offset, unknown values are `null`, and nothing in it depends on the language.

Each also takes `--help`, which prints this, and `--home FOLDER`, which keeps data, settings and log in that folder, as
the environment variable `AIOS_HOME` does.
"""
SETTINGS_HEAD = f"""# Settings

{WRITTEN}

The settings stand in one TOML file; `aios-heartbeat settings path` says where. They are changed in the panels
*Settings* and *Startup*, with `aios-heartbeat settings set NAME VALUE`, or in the file with a text editor. A change is
taken over at once, without a restart. What is wrong in the file is told with its line, and the default is used instead.

The setting `beat.interval_s` is the key `interval_s` below the line `[beat]`.
"""
LEFT_OUT = ("--help", "--home")


def commands() -> str:
    """Every command with its arguments."""
    parts = [COMMANDS_HEAD, _section(program_parser())]
    parts += [_section(command_parser(name)) for name in COMMANDS]
    return "\n".join([*parts, _section(window_parser())])


def _section(parser: argparse.ArgumentParser) -> str:
    """One program or command: what it does, a row for every argument, and what else there is to say."""
    rows = [
        f"| {_code(_call(action))} | {_cell(_help(parser, action))} |"
        for action in parser._actions
        if action.help is not argparse.SUPPRESS
        and not any(each in LEFT_OUT for each in action.option_strings)
    ]
    table = ["| argument | does |", "| --- | --- |", *rows, ""] if rows else []
    more = [] if parser.epilog is None or "\n" in parser.epilog else [fill(parser.epilog, 120), ""]
    return "\n".join([f"## {parser.prog}", "", sentence(parser.description or ""), "", *table, *more])


def _call(action: argparse.Action) -> str:
    """How the argument is written; the same with every version of Python, which argparse's own way is not."""
    if action.option_strings:
        value = "" if action.nargs == 0 else f" {_value(action)}"
        return ", ".join(action.option_strings) + value
    return _value(action)


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    if action.metavar is not None:
        name = action.metavar
    elif action.choices is not None:
        name = "|".join(map(str, action.choices))
    else:
        name = action.dest.upper() if action.option_strings else action.dest
    if action.nargs == "?":
        return f"[{name}]"
    if action.nargs in ("*", "+"):
        return f"[{name} …]" if action.nargs == "*" else f"{name} …"
    return " ".join([name] * action.nargs) if isinstance(action.nargs, int) else name


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    text = argparse.HelpFormatter(parser.prog)._expand_help(action) if action.help else ""
    return sentence(text)


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _cell(text: str) -> str:
    """Nothing in the text ends the cell or begins a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def settings() -> str:
    """Every setting by its section, and the tables with what stands in them by default."""
    import tomli_w

    parts = [SETTINGS_HEAD, *map(_settings_table, DECLARED.sections)]
    for table in DECLARED.tables:
        said = " ".join(line.lstrip("# ") for line in table.introduction.splitlines())
        entries = "\n".join(f"[[{table.name}]]\n{tomli_w.dumps(table.write(each))}" for each in table.default)
        parts.append(f"## {table.name.capitalize()}\n\n{said}\n\n```toml\n{entries}```\n")
    return "\n".join(parts)


def _settings_table(section: Section) -> str:
    rows = ["| setting | is called | default | allowed | does |", "| --- | --- | --- | --- | --- |"]
    for setting in section.settings:
        default = setting.written(setting.default)
        does = [setting.help] if setting.help else []
        if setting.alias is not None:
            does.append(f"It is a limit in `[[{setting.alias.table}]]`.")
        if setting.effect is Effect.ON_SETUP:
            does.append("A change takes effect when the start at log-in is set up again.")
        cells = (
            _code(setting.name),
            setting.title,
            _code(f'"{default}"' if isinstance(setting.default, str) else default),
            _allowed(setting),
            " ".join(does),
        )
        rows.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join([f"## {section.title}", "", *rows, ""])


def _allowed(setting: Setting) -> str:
    """What a value may be, and what each word means."""
    if not setting.choices:
        return allowed(setting)
    meanings = setting.choices.items()
    return ", ".join(
        f'`"{word}"`' if each.lower() == word else f'`"{word}"` {each}' for word, each in meanings
    )


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands, "settings.md": settings}
"""The pages by the names of their files."""


def main(arguments: list[str]) -> int:
    """Write the pages; with --check, write nothing, and 1 where one is stale."""
    check = arguments == ["--check"]
    if arguments and not check:
        sys.exit("usage: reference.py [--check]")
    stale = 0
    for name, page in PAGES.items():
        file, text = DOCS / name, page()
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale = 1
            print(f"docs/{name} is stale: run `python3 packaging/dev.py reference`")
        else:
            file.write_text(text, encoding="utf-8", newline="\n")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
