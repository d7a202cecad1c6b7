"""What is told of another program's command line: name and script, or all of it without what looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BLANK = "***"
_ANALYSED_CHARACTERS = 2000
"""More of an argument is not looked at, and not told."""

_INTERPRETER = re.compile(
    r"(pythonw?|pypy|perl|ruby|node(js)?|deno|bun|php|lua(jit)?|tclsh|wish|javaw?|rscript|pwsh|powershell"
    r"|bash|dash|zsh|ksh|fish|sh)[\d.]*(\.exe)?",
    re.IGNORECASE,
)
_CODE_BY_C_ALONE = re.compile(r"(python|pypy|java|bash|dash|zsh|ksh|fish|sh)", re.IGNORECASE)
_TAKE_A_VALUE = ("-X", "-W", "-cp", "-classpath", "--require", "-O")
_SCRIPT = re.compile(
    r"[\w.+-]+\.(pyw?|pyz|p[lm]|rb|[mc]?js|ts|php|lua|tcl|jar|(ba|z|fi)?sh|ps1|r)", re.IGNORECASE
)
_FILE, _MODULE = re.compile(r"[\w.+-]{1,80}"), re.compile(r"[A-Za-z_][\w.]*")

_WORD = (
    r"(?:pass|pwd|secret|token|credential|auth|cookie|session|signature"
    r"|(?:api|access|account|private|shared|signing|encryption)[-_.]?key|[-_.]key(?![a-z]))"
)
_NAMES_SECRET = re.compile(
    rf"(?:--?|/)[\w.-]*{_WORD}[\w.-]*|.*{_WORD}[\w.-]*[\"']?[=:]|bearer|basic", re.IGNORECASE | re.DOTALL
)
_ASSIGNED = re.compile(rf"({_WORD}[\w.-]*[\"']?\s*[=:]\s*)\S.*", re.IGNORECASE | re.DOTALL)
_BARE = (
    (re.compile(r"\b(bearer|basic|digest|negotiate)\s+\S+", re.IGNORECASE), rf"\1 {BLANK}"),
    (re.compile(r"://(?:[^\s/?#]*|[^\s/?#@:]+:[^\s@]*)@"), f"://{BLANK}@"),
    (re.compile(r"(?<![\w/])[\w.+-]+:[^\s@/]+@"), f"{BLANK}@"),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"), BLANK),
    (re.compile(r"\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|sk-)[\w-]{8,}"), BLANK),
    (re.compile(r"\beyJ[\w-]{8,}[\w.-]*"), BLANK),
    (re.compile(r"-----BEGIN.*", re.DOTALL), BLANK),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])"), BLANK),
)
_RUN, _BASE64 = re.compile(r"[A-Za-z0-9+_=-]{24,}"), re.compile(r"(?!/)[A-Za-z0-9+/]{32,}={0,2}")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)", re.DOTALL)
_SHORT_OPTIONS = (
    (re.compile(r"(mysql|mariadb|mongo)[\w-]*"), "p"),
    (re.compile(r"sshpass|7z[ar]?|xfreerdp|rdesktop|psexec"), "p"),
    (re.compile(r"zip|unzip|rar|unrar|docker|podman|az|sqlcmd|bcp|ipmitool"), "pP"),
    (re.compile(r"curl|smbclient|rpcclient"), "uU"),
    (re.compile(r"(redis|valkey)-cli"), "a"),
    (re.compile(r"ldap\w+"), "wy"),
    (re.compile(r"openssl"), "kK"),
)
"""Programs that take a secret by an option of one letter, attached to it or after it."""


def program_and_script(arguments: Sequence[str]) -> str:
    """The program's file name, and of an interpreter the file name of its script or its module; no other argument.

    "" where there are no arguments.
    """
    arguments = [each[:_ANALYSED_CHARACTERS] for each in arguments]
    while arguments and not arguments[-1]:  # a program that has renamed itself leaves the rest empty
        arguments.pop()
    if not arguments:
        return ""
    first = arguments[0]
    if len(arguments) == 1 and not first.lower().endswith(".exe"):
        first = (first.split(maxsplit=1) or [""])[0]  # it may have put all of them into the first
    program = _file_name(first).removeprefix("-")
    script = _script(program, arguments[1:]) if _INTERPRETER.fullmatch(program) else ""
    return f"{program} {script}" if script else program


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _script(program: str, arguments: Sequence[str]) -> str:
    """What the interpreter runs; "" where that is no file, or it cannot be told from the value of an option."""
    code = re.compile(
        r"-\w*c" if _CODE_BY_C_ALONE.match(program) else r"-\w*[cepr]|--.*|-enc.*|-command", re.IGNORECASE
    )
    takes_value = False
    for number, argument in enumerate(arguments):
        if takes_value:
            takes_value = False
        elif argument == "-m" and _CODE_BY_C_ALONE.match(program):
            module = "".join(arguments[number + 1 : number + 2])
            return f"-m {module}" if _MODULE.fullmatch(module) and _without_bare(module) == module else ""
        elif argument.startswith("-"):
            if code.fullmatch(argument):
                return ""
            takes_value = argument in _TAKE_A_VALUE
        else:
            name = _file_name(argument)
            is_file = _SCRIPT.fullmatch(name) or (name != argument and _FILE.fullmatch(name))
            return name if is_file and "://" not in argument and _without_bare(name) == name else ""
    return ""


def without_secrets(arguments: Iterable[str]) -> str:
    """All arguments as one line, with `***` for what has a form that passwords, tokens and keys are known to have."""
    return " ".join(_shown([each[:_ANALYSED_CHARACTERS] for each in arguments], whole=True))


def line_without_secrets(line: str) -> str:
    """A line of text, as of a log, with `***` for what has the form of a secret; its indentation stays."""
    indented = line[: len(line) - len(line.lstrip())]
    return indented + _of_one(line[len(indented) : len(indented) + _ANALYSED_CHARACTERS])


def of_older_record(line: str) -> tuple[str, str]:
    """`program_and_script` and `without_secrets` of a command line that was kept as one text, as far as can be told."""
    windows = re.match(r"[A-Za-z]:\\.*?\.exe(?= |$)", line, re.IGNORECASE)
    first = [windows.group()] if windows else []
    words = [*first, *line[len("".join(first)) :].split()]
    return program_and_script(words), _of_one(line)


def _shown(arguments: Sequence[str], whole: bool) -> list[str]:
    """Each argument as it may be shown. Not ``whole``: they are words, and a secret may go on up to the next option."""
    told: list[str] = []
    letters, secret_follows = "", False
    for argument in arguments:
        letters += _letters_of(argument)
        by_letter = argument[:1] == "-" and argument[1:2] in tuple(letters)
        if _NAMES_SECRET.fullmatch(argument) or (by_letter and len(argument) == 2):
            told.append(argument)
            secret_follows = True
        elif secret_follows and (whole or not argument.startswith("-")):
            told.append(BLANK)
            secret_follows = not whole
        else:
            secret_follows = False
            told.append(argument[:2] + BLANK if by_letter else _of_one(argument))
    return told


def _letters_of(argument: str) -> str:
    name = _file_name(argument).lower().removesuffix(".exe")
    return "".join(letters for program, letters in _SHORT_OPTIONS if program.fullmatch(name))


def _of_one(argument: str) -> str:
    told = _without_bare(_ASSIGNED.sub(rf"\1{BLANK}", argument))
    words = told.split()
    return " ".join(_shown(words, whole=False)) if len(words) > 1 else told  # such as a command for a shell


def _without_bare(text: str) -> str:
    """``text`` without what is a secret by its own form, whatever stands before it."""
    for form, instead in _BARE:
        text = form.sub(instead, text)
    if _BASE64.fullmatch(text) and _MIXED.match(text):
        return BLANK
    return _RUN.sub(lambda found: BLANK if _MIXED.match(found.group()) else found.group(), text)
