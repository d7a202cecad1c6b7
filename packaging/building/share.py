"""What lies in a Linux's /usr/share and beside it for the program: menu entry, icons, manual, completion, unit."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import ToolAnswer
from aios_gui.autostart.mechanisms.systemd_unit import SystemdUnit
from aios_gui.autostart.model import AutostartOptions, LaunchProgram
from aios_gui.heartbeat.model.states import LaunchMode
from building.completion import completions
from building.manual import manuals
from building.metainfo import ID, metainfo
from building.order import APP, ROOT, Order
from building.steps import run_tool, say

PACKAGING = ROOT / "packaging"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def write_share(order: Order, share: Path) -> None:
    """Fill ``share``, as it lies below /usr, with all but the programs."""
    day = datetime.fromtimestamp(order.epoch_s, UTC).strftime("%Y-%m-%d")
    texts = {
        f"applications/{APP}.desktop": (PACKAGING / "linux" / f"{APP}.desktop").read_text(encoding="utf-8"),
        f"mime/packages/{APP}.xml": (PACKAGING / "linux" / f"{APP}-slice.xml").read_text(encoding="utf-8"),
        f"metainfo/{ID}.metainfo.xml": metainfo(order.version, day, order.releases_page),
        **completions(),
    }
    for name, text in texts.items():
        _write(share / name, text.encode())
    for name, text in manuals(order.version, order.epoch_s).items():
        _write(share / "man" / "man1" / f"{name}.gz", gzip.compress(text.encode(), 9, mtime=0))
    for size in ICON_SIZES:
        _copy(
            PACKAGING / "icons" / f"{APP}-{size}.png", share / f"icons/hicolor/{size}x{size}/apps/{APP}.png"
        )
    _copy(ROOT / "resources" / "icons" / "app.svg", share / f"icons/hicolor/scalable/apps/{APP}.svg")
    _copy(ROOT / "LICENSE", share / "doc" / APP / "copyright")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    _write(share / "doc" / APP / "changelog.gz", gzip.compress(changes, 9, mtime=0))


def check_share(share: Path, log: Path) -> None:
    """Let the desktop's own tools judge menu entry and metadata, where they are; BuildError for what they refuse."""
    judges: dict[str, list[str | Path]] = {
        "desktop-file-validate": [share / "applications" / f"{APP}.desktop"],
        "appstreamcli": ["validate", "--no-net", share / "metainfo" / f"{ID}.metainfo.xml"],
    }
    for judge, asked in judges.items():
        if shutil.which(judge):
            run_tool([judge, *asked], log)
        else:
            say(f"{judge} is not installed: that check was left out.")


def unit_text(program: str) -> str:
    """The user unit that starts ``program`` without a window, just as the program itself would write it."""
    mechanism = SystemdUnit(LaunchProgram((), (program, "service")), Path(), lambda _command: ToolAnswer(0))
    return mechanism.plan(AutostartOptions(LaunchMode.HEADLESS, delay_s=0)).text


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
