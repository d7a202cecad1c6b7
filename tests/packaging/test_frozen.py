"""What a frozen program hands on to the programs that it starts."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

PACKAGING = Path(__file__).resolve().parent.parent.parent / "packaging"


def loaded(name: str) -> ModuleType:
    """A module that only a frozen program imports by its name."""
    spec = importlib.util.spec_from_file_location(name, PACKAGING / "frozen" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


inherited, holding = loaded("inherited"), loaded("holding")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/app/_internal", "PATH": "/bin"}, {"PATH": "/bin"}),
        ({"LD_LIBRARY_PATH": "/app", "LD_LIBRARY_PATH_ORIG": "/own"}, {"LD_LIBRARY_PATH": "/own"}),
        ({"QT_PLUGIN_PATH": "/app/plugins", "QML2_IMPORT_PATH": "/app/qml"}, {}),
        ({}, {}),
    ],
)
def test_children_get_back_what_the_program_was_started_with(
    before: dict[str, str], after: dict[str, str]
) -> None:
    inherited.give_back(before)
    assert before == after


def test_windows_is_told_what_it_is_to_know() -> None:
    root = ET.parse(PACKAGING / "windows" / "aios.manifest").getroot()
    told = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in root.iter()}
    assert told["dpiAwareness"] == "PerMonitorV2, PerMonitor"
    assert (told["longPathAware"], told["activeCodePage"]) == ("true", "UTF-8")
    level = next(each for each in root.iter() if each.tag.endswith("requestedExecutionLevel"))
    assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}


@pytest.mark.skipif(sys.platform != "linux", reason="files are held by their number in /proc")
def test_an_archive_that_is_held_is_read_on_once_another_file_has_its_name(tmp_path: Path) -> None:
    file, other = tmp_path / "program", tmp_path / "program.new"
    file.write_text("the modules it was started with")
    other.write_text("other modules")
    archive = SimpleNamespace(_filename=str(file))
    holding.hold(archive)
    other.replace(file)
    assert Path(archive._filename).read_text() == "the modules it was started with"
    os.close(int(archive._filename.rpartition("/")[2]))
