"""The libraries that the window needs: the same as a build asks for, whole, and found by either form of a name."""

import system_packages

from aios_gui.system.linux.libraries import ALWAYS, WAYLAND, X11, packages_of


def test_they_come_from_the_packages_that_a_build_asks_for() -> None:
    for table in (ALWAYS, X11, WAYLAND):
        for name, packages in table.items():
            assert system_packages.PACKAGES[name] == packages


def test_none_that_qt_is_linked_with_on_x11_is_left_out() -> None:
    of_x11 = {name for name in system_packages.PACKAGES if name.startswith("libxcb-")}
    assert of_x11 - set(X11) == {"libxcb-util.so.1"}, "which comes with those that need it"


def test_a_name_may_leave_the_version_out() -> None:
    assert (
        packages_of("libxcb-shape.so")
        == packages_of("libxcb-shape.so.0")
        == ("libxcb-shape0", "libxcb", "libxcb")
    )
    assert packages_of("libX11-xcb.so") == ("libx11-xcb1", "libX11-xcb", "libx11")
    assert packages_of("libodd.so") is None
