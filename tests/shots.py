"""Pictures of every panel in light, dark and Chinese: ``python -m tests.shots FOLDER``."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 90


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: size in points, scale of the screen, and the settings that make the look."""

    name: str
    theme: str
    language: str
    width: int = 1280
    height: int = 800
    scale: float = 1.0


SHOTS = (
    Shot("light", "light", "en"),
    Shot("dark", "dark", "en"),
    Shot("zh", "light", "zh_CN"),
    Shot("zh-dark", "dark", "zh_CN"),
    Shot("light-150", "light", "en", scale=1.5),
    Shot("dark-150", "dark", "en", scale=1.5),
    Shot("zh-150", "light", "zh_CN", scale=1.5),
)


def main(arguments: list[str]) -> int:
    """Take all pictures into the folder named; returns the exit status."""
    parser = argparse.ArgumentParser(prog="dev.py shot", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder: Path = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    from aios_gui.ui.panels import PANELS

    with screen() as environment:
        failed = [
            name
            for shot in SHOTS
            for panel in PANELS
            if not take(shot, panel.key, folder / (name := f"{panel.key}-{shot.name}.png"), environment)
        ]
    for name in failed:
        print(f"no picture: {name}", file=sys.stderr)
    return 2 if failed else 0


def take(shot: Shot, panel: str, file: Path, environment: dict[str, str]) -> bool:
    """Start the program on a record of its own, and have it take its picture."""
    with tempfile.TemporaryDirectory(prefix="aios-shot-") as home:
        from tests.shots_record import write_record

        write_record(Path(home), shot.theme, shot.language)
        _place(Path(home), shot)
        environment = environment | _apart(Path(home)) | {"QT_SCALE_FACTOR": str(shot.scale)}
        if panel == "startup" and sys.platform.startswith("linux"):
            # In the folder of its own; what other systems keep is not to be touched for a picture.
            set_up = [sys.executable, "-m", "aios_gui", "autostart", "enable", "--no-test"]
            subprocess.run(set_up, env=environment, timeout=PATIENCE_S, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(
            [sys.executable, "-m", "aios_gui", "--panel", panel, "--screenshot", str(file)],
            env=environment,
            timeout=PATIENCE_S,
            check=False,
        )
    print(f"{file}: {'taken' if done.returncode == 0 else 'failed'}")
    return done.returncode == 0 and file.is_file()


def _apart(home: Path) -> dict[str, str]:
    """What keeps the program's own files, and what the desktop keeps of it, in ``home``."""
    config = {"XDG_CONFIG_HOME": str(home / "config"), "XDG_CONFIG_DIRS": str(home / "none")}
    return config | {"AIOS_HOME": str(home)}


def _place(home: Path, shot: Shot) -> None:
    """Let the window come up in the size wanted: at 150 % a screen of 1920 × 1080 has 1280 × 720 points."""
    height = min(shot.height, int(1080 / shot.scale))
    (home / "window.ini").write_text(f"[window]\nnormal=@Rect(0 0 {shot.width} {height})\n", encoding="ascii")


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment with a screen of 1920 × 1080: an X server of our own where there is one to start."""
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT), "QT_FONT_DPI": "96"}
    server = shutil.which("Xvfb")
    if server is None:
        if not environment.get("DISPLAY") and sys.platform.startswith("linux"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        yield environment
        return
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        environment["DISPLAY"] = f":{number}"
        environment.pop("WAYLAND_DISPLAY", None)
        environment["QT_QPA_PLATFORM"] = "xcb"
        yield environment
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    began = time.monotonic()
    status = main(sys.argv[1:])
    print(f"{time.monotonic() - began:.0f} s")
    raise SystemExit(status)
