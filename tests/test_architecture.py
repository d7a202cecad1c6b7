"""The shape of the project: layers, modules small enough to read, and a command line that starts light."""

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*(ROOT / "aios_gui").rglob("*.py"), *(ROOT / "packaging").rglob("*.py")])
LONGEST_MODULE_LINES = 700
HEAVY = (
    "PySide6",
    "shiboken6",
    "pyqtgraph",
    "numpy",
    "dataclasses",
)  # the last brings inspect, 4 ms of each call

FOR_LATER = (
    "msgspec",
    "decimal",
    "uuid",
    "typing_extensions",
    "_hashlib",
    "shutil",
    "aios_gui.alerts.model.command_lines",
    "aios_gui.record.store.reader",
    *(() if sys.platform == "win32" else ("multiprocessing", "pickle")),  # there it has the pipes
)
"""What costs memory and is needed only to read the record, answer a caller, or check a confirmed action."""


def name_of(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def text_of(module: Path) -> str:
    return module.read_text(encoding="utf-8")


def test_modules_are_small() -> None:
    """That each says what it is for is seen by the linter."""
    lines = {name_of(module): len(text_of(module).splitlines()) for module in MODULES}
    assert [name for name in lines if lines[name] > LONGEST_MODULE_LINES] == [], "do they do two things?"


def test_every_label_of_the_window_shows_markup_as_text() -> None:
    bare = {
        f"{name_of(module)}:{node.lineno}"
        for module in MODULES
        if "aios_gui/ui/" in name_of(module) and "QLabel" in text_of(module)
        for node in ast.walk(ast.parse(text_of(module)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
    }
    assert bare == set(), "PlainLabel takes nothing for markup"


@pytest.mark.parametrize("entry", ["aios_gui.cli", "aios_gui.__main__"])
def test_start_of_the_command_line_loads_neither_qt_nor_arrays(entry: str) -> None:
    program = f"import sys, {entry}; print([m for m in sys.modules if m.split('.')[0] in {HEAVY!r}])"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, "[]"), answer.stderr


def test_a_service_that_only_beats_and_writes_loads_neither_decoder_nor_openssl() -> None:
    # From the start to the end of a run that wrote beats into a new record.
    program = (
        "import sys; from aios_gui.cli import main; status = main(sys.argv[1:]); "
        f"print(status, 'aios_gui.instance.resident' in sys.modules, [m for m in {FOR_LATER!r} if m in sys.modules])"
    )
    # Where the path to its socket is short, as a user's is.
    with tempfile.TemporaryDirectory() as home:
        answer = subprocess.run(
            [sys.executable, "-c", program, "service", "--interval", "0.1", "--duration", "0.01"],
            cwd=ROOT,
            env=os.environ | {"AIOS_HOME": home},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert answer.stdout.splitlines()[-1] == "0 True []", answer.stdout + answer.stderr


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """Groups of modules that import each other, directly or by way of others (Tarjan's strong components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for other in imports[module]:
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in path:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            start = path.index(module)
            group = set(path[start:])
            del path[start:]
            if len(group) > 1:
                found.append(group)

    for module in imports:
        if module not in number:
            visit(module)
    return found


def test_a_circle_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a", "d"}}
    assert circles(imports) == [{"b", "c"}]


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("aios_gui", cache_dir=None)  # with what is imported for type checking alone
    # A package stands for its __init__, which is not imported by what lies in it.
    imports = {module: graph.find_modules_directly_imported_by(module) for module in sorted(graph.modules)}
    assert circles(imports) == []


def commands_of(module: Path) -> set[str]:
    """The command modules that ``module`` imports."""
    found: set[str] = set()
    text = text_of(module)
    # Most modules do not have the word at all, and need not be parsed.
    for node in ast.walk(ast.parse(text)) if re.search(r"\bcli\b", text) else ():
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            found |= {name for name in names if "cli" in name.split(".")[2:]}
    return found


def test_only_the_command_line_imports_commands() -> None:
    package = ROOT / "aios_gui"
    features = [
        each
        for each in MODULES
        if package in each.parents and "cli" not in each.relative_to(package).with_suffix("").parts
    ]
    assert {name_of(each): commands for each in features if (commands := commands_of(each))} == {}
