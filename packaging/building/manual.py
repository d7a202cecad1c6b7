"""Manual pages, written from what reads the arguments, so that they list just what the program takes."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from aios_gui.app import window_parser
from aios_gui.cli import COMMANDS, command_parser, program_parser

_FILES = (
    ("~/.local/share/aios-heartbeat", "the record of every beat"),
    ("~/.config/aios-heartbeat/settings.toml", "the settings"),
    ("~/.local/state/aios-heartbeat/log", "what went wrong, in detail"),
)
_STATUS = (
    ("0", "All is well."),
    ("1", "An alert, or a target that is missed."),
    ("2", "A wrong call, or a failure; one line on the standard error says what to do."),
)


def manuals(version: str, epoch_s: int) -> dict[str, str]:
    """The pages by the names of their files, for the release of that version and time."""
    return {
        "aios-heartbeat.1": _of_the_command_line(version, epoch_s),
        "aios-gui.1": _of_the_window(version, epoch_s),
    }


def _of_the_command_line(version: str, epoch_s: int) -> str:
    parser = program_parser()
    page = [
        _head(
            "aios-heartbeat", version, epoch_s, "shows when this computer stuttered, for how long, and why"
        ),
        ".SH SYNOPSIS\n.B aios-heartbeat\n.I COMMAND\n.RI [ OPTIONS ]",
        f".SH DESCRIPTION\n{_text(parser.description or '')}",
        _options("OPTIONS", parser),
        ".SH COMMANDS",
    ]
    for name in COMMANDS:
        command = command_parser(name)
        page += [
            f".SS {_text(_usage(command))}",
            _text(sentence(command.description or "")),
            _options("", command),
        ]
    return "\n".join([*page, _tail("aios-gui")]) + "\n"


def _of_the_window(version: str, epoch_s: int) -> str:
    parser = window_parser()
    page = [
        _head("aios-gui", version, epoch_s, "the window of AIOS Heartbeat"),
        f".SH SYNOPSIS\n{_text(_usage(parser))}",
        f".SH DESCRIPTION\n{_text(parser.description or '')}",
        _text(
            "A second start raises the window of the first. Without a display it shows the heartbeat in the terminal."
        ),
        _options("OPTIONS", parser),
    ]
    return "\n".join([*page, _tail("aios-heartbeat")]) + "\n"


def _head(name: str, version: str, epoch_s: int, purpose: str) -> str:
    day = datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d")
    title = f'.TH {name.upper()} 1 "{day}" "AIOS Heartbeat {version}" "User Commands"'
    return f"{title}\n.SH NAME\n{_text(name)} \\- {purpose}"


def _usage(parser: argparse.ArgumentParser) -> str:
    return " ".join(parser.format_usage().removeprefix("usage: ").split())


def _options(title: str, parser: argparse.ArgumentParser) -> str:
    """A list of the arguments with what their help says."""
    formatter = argparse.HelpFormatter(parser.prog)
    rows = [f".SH {title}"] if title else []
    for action in parser._actions:
        if action.help is argparse.SUPPRESS:
            continue
        call = formatter._format_action_invocation(action)
        said = formatter._expand_help(action) if action.help else ""
        rows += [".TP", f".B {_text(call)}", _text(sentence(said))]
    return "\n".join(rows)


def sentence(text: str) -> str:
    """As a page has it: with a capital and a full stop."""
    plain = " ".join(text.split())
    return plain and plain[0].upper() + plain[1:] + ("" if plain.endswith(".") else ".")


def _text(text: str) -> str:
    """As roff reads it: nothing in it is a command or a hyphen that may be turned into another."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def _tail(other: str) -> str:
    rows = [".SH EXIT STATUS"]
    for status, meaning in _STATUS:
        rows += [".TP", f".B {status}", _text(meaning)]
    rows += [
        ".SH ENVIRONMENT",
        ".TP",
        ".B AIOS_HOME",
        _text("Moves record, settings and log into one folder."),
    ]
    rows.append(".SH FILES")
    for place, content in _FILES:
        rows += [".TP", f".I {_text(place)}", _text(sentence(content))]
    return "\n".join([*rows, ".SH SEE ALSO", f".BR {_text(other)} (1)"])
