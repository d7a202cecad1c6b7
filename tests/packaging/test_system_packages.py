"""What a Linux lacks for Qt is found and named for its package manager."""

import re
import shutil
import sys
from pathlib import Path

import pytest
import system_packages

WORKFLOWS = Path(system_packages.__file__).parent.parent / ".github" / "workflows"
LDD = """\
/venv/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibQt6XcbQpa.so.6 => not found
\tlibxcb-icccm.so.4 => not found
\tlibX11.so.6 => /lib/x86_64-linux-gnu/libX11.so.6 (0x00007f)
\tlibxcb-cursor.so.0 => not found
\tlibxcb-icccm.so.4 => not found
"""


def managers(folder: Path, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the search path hold only programs of those names."""
    for name in names:
        program = folder / name
        program.touch()
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_each_missing_library_once_and_none_of_qts_own() -> None:
    assert system_packages.missing_in(LDD) == ["libxcb-cursor.so.0", "libxcb-icccm.so.4"]


def test_nothing_missing() -> None:
    assert (
        system_packages.missing_in("\tlibX11.so.6 => /lib/libX11.so.6 (0x7f)\n\tnot a dynamic executable\n")
        == []
    )


def test_libraries_of_one_package_name_it_once() -> None:
    assert system_packages.packages_for(["libglib-2.0.so.0", "libgthread-2.0.so.0"], 0) == ["libglib2.0-0"]


def test_unknown_library_stands_for_itself() -> None:
    assert system_packages.packages_for(["libnew.so.9"], 1) == ["libnew.so.9"]


def test_every_library_has_a_package_for_each_manager() -> None:
    for library, packages in system_packages.PACKAGES.items():
        assert re.fullmatch(r"lib[\w.+-]+\.so\.\d+", library)
        assert len(packages) == len(system_packages.MANAGERS)
        assert all(re.fullmatch(r"[A-Za-z0-9.+-]+", package) for package in packages)


@pytest.mark.skipif(sys.platform == "win32", reason="there programs are found by their suffix")
@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt install libxcb-cursor0 libxcb-icccm4"),
        ("dnf", "sudo dnf install xcb-util-cursor xcb-util-wm"),
        ("pacman", "sudo pacman -S xcb-util-cursor xcb-util-wm"),
    ],
)
def test_advice_gives_the_command_of_this_system(
    manager: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    managers(tmp_path, [manager], monkeypatch)
    advice = system_packages.advice(["libxcb-cursor.so.0", "libxcb-icccm.so.4"])
    assert command in advice
    assert advice.count("sudo") == 1


def test_advice_on_an_unknown_system_gives_all_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    managers(tmp_path, [], monkeypatch)
    assert system_packages.advice(["libxcb-cursor.so.0"]).count("sudo") == 3


def test_plugin_that_qt_will_load() -> None:
    cases: list[tuple[dict[str, str], str | None]] = [
        ({}, None),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, None),
        ({"QT_QPA_PLATFORM": "xcb:fontengine=x"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb;wayland"}, "xcb"),
    ]
    for environment, plugin in cases:
        assert system_packages.platform_plugin(environment) == plugin


def test_environment_without_qt_misses_nothing(tmp_path: Path) -> None:
    assert system_packages.missing(tmp_path, "xcb") == []


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="only a Debian has dpkg")
def test_dpkg_tells_what_is_not_installed() -> None:
    assert system_packages.not_installed(["dpkg", "no-such-package-here"]) == ["no-such-package-here"]


@pytest.mark.skipif(not WORKFLOWS.is_dir(), reason="the source archive has none")
def test_the_workflows_bring_qts_needs_to_every_linux() -> None:
    # Also where no window is opened: a report as PDF is painted by Qt.
    for name in ("check.yml", "release.yml"):
        steps = (WORKFLOWS / name).read_text(encoding="utf-8").split("      - name: ")
        assert any("libegl1" in step and "if: runner.os == 'Linux'" in step for step in steps), name
