"""What a frozen program hands on to the programs that it starts."""

import importlib.util
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

PACKAGING = Path(__file__).resolve().parent.parent.parent / "packaging"
_SPEC = importlib.util.spec_from_file_location("inherited", PACKAGING / "frozen" / "inherited.py")
assert _SPEC is not None
assert _SPEC.loader is not None
inherited = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(inherited)


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
