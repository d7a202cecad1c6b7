"""The target macos: the bundle, zipped as the Finder does it."""

from __future__ import annotations

import platform
from pathlib import Path

from building.freezing import freeze
from building.materials import materials, write_materials
from building.order import APP, Order
from building.signing import sign
from building.smoke import try_console
from building.smoke_window import try_window
from building.steps import BuildError, run_tool, step

_BUNDLE = "AIOS Heartbeat.app"


def build(order: Order) -> list[Path]:
    """Make and try the bundle; returns the files for users."""
    if platform.system() != "Darwin":
        raise BuildError("A bundle for macOS can be built on a Mac only, as the release workflow does.")
    bundle = freeze(order).with_name(_BUNDLE)
    sign(order, [bundle])
    programs = bundle / "Contents" / "MacOS"
    try_console(programs / APP, order.version)
    try_window(programs / "aios-gui", programs / APP, order.work)
    target = order.dist / f"{APP}-{order.version}-macos-{platform.machine()}.zip"
    with step("Packing the bundle"):
        target.unlink(missing_ok=True)
        # Keeps links and the signature, which zip does not.
        run_tool(["ditto", "-c", "-k", "--keepParent", str(bundle), str(target)], order.work / "ditto.log")
    bill = target.with_name(f"{target.name}.cdx.json")
    return [target, write_materials(order, target, bill, materials(bundle))]
