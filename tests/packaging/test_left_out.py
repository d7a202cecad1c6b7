"""What a frozen program does without: nothing that it needs, and every megabyte counted."""

from pathlib import Path

import pytest
from building.left_out import MODULES, OF_THE_SYSTEM, LeftOut, reason

from tests.processes import ROOT


def test_what_it_needs_on_linux_is_kept() -> None:
    cases: list[str] = [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/lib/libQt6OpenGL.so.6",
        "libpython3.11.so.1.0",
        "libxcb-cursor.so.0",
        "libQt6Core.so.6",
        "resources/translations/zh_CN/LC_MESSAGES/aios.mo",
        "resources/icons/app.svg",
        "numpy-2.4.6.dist-info/METADATA",
    ]
    for name in cases:
        assert reason(name, "linux") is None


def test_what_it_does_not_need_is_left_out() -> None:
    cases: list[tuple[str, str]] = [
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", "linux"),
        ("PySide6/Qt/translations/qtbase_de.qm", "linux"),
        ("PySide6\\translations\\qt_help_zh_CN.qm", "win32"),
        ("PySide6\\opengl32sw.dll", "win32"),
        ("PySide6\\plugins\\tls\\qschannelbackend.dll", "win32"),
        ("libcrypto-3.dll", "win32"),
        ("numpy-2.4.6.dist-info/RECORD", "linux"),
        ("numpy-2.4.6.dist-info/direct_url.json", "win32"),
        ("resources/translations/zh_CN/LC_MESSAGES/aios.po", "darwin"),
    ]
    for name, platform in cases:
        assert reason(name, platform) is not None


@pytest.mark.parametrize("name", ["libgtk-3.so.0", "libglib-2.0.so.0", "libX11.so.6", "libstdc++.so.6"])
def test_libraries_of_a_desktop_are_its_own(name: str) -> None:
    assert reason(name, "linux") == OF_THE_SYSTEM
    assert reason(f"numpy.libs/{name}", "linux") is None


def test_every_platform_plugin_of_windows_is_kept() -> None:
    for name in ("platforms\\qwindows.dll", "styles\\qmodernwindowsstyle.dll", "iconengines\\qsvgicon.dll"):
        assert reason(f"PySide6\\plugins\\{name}", "win32") is None


def test_it_counts_what_it_takes_away(tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(bytes(2_000_000))
    left_out = LeftOut("linux")
    wanted = ("resources/icons/app.svg", str(source), "DATA")
    kept = left_out.kept(
        [wanted, ("libgtk-3.so.0", str(source), "BINARY"), ("libX11.so.6", "libX11.so.6.4", "SYMLINK")]
    )
    assert kept == [wanted]
    assert left_out.report().splitlines()[-1].split() == ["2.0", "MB", "2", "left", "out", "in", "all"]


def test_no_module_that_the_program_imports_is_left_out() -> None:
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "aios_gui").rglob("*.py")]
    for module in MODULES:
        package, _dot, name = module.rpartition(".")
        ways = [
            f"import {module}\n",
            f"from {module} import",
            *([f"from {package} import {name}"] if package else []),
        ]
        assert not [way for way in ways for text in texts if f"\n{way}" in text or f"    {way}" in text], (
            module
        )
