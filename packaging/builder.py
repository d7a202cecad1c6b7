"""Builds what users get: `dev.py build` starts it in the project's environment. Its targets are listed in TARGETS."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from building.checksums import write_checksums
from building.order import ROOT, Order, source_time_s, source_version
from building.steps import BuildError, say

# Each module has build(order) -> files for users, already in order.dist; it ends by running what it made.
TARGETS = {
    "linux": "building.linux",
    "macos": "building.macos",
    "wheel": "building.wheel",
    "windows": "building.windows",
}
_OWN = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def main(argv: list[str]) -> int:
    """Build what is asked for; 1 where that fails."""
    asked = _parser().parse_args(argv)
    order = Order(
        dist=asked.out.resolve(),
        work=ROOT / "build" / asked.target,
        version=source_version(),
        epoch_s=source_time_s(),
        one_file=asked.onefile,
        clean_root=asked.clean_root,
        sign_with=asked.sign_with.resolve() if asked.sign_with else None,
        releases_page=asked.releases_page,
    )
    order.dist.mkdir(parents=True, exist_ok=True)
    order.work.mkdir(parents=True, exist_ok=True)
    say(f"AIOS Heartbeat {order.version} for {asked.target}; files bear the time {order.epoch_s}.")
    try:
        files = importlib.import_module(TARGETS[asked.target]).build(order)
        listed = write_checksums(files, order.dist)
    except BuildError as failure:
        say(f"FAILED: {failure}")
        return 1
    for file in [*files, listed]:
        say(f"{file.stat().st_size / 1e6:7.1f} MB  {file}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py build", description="Build what users get, and try it.")
    own = _OWN.get(sys.platform, "wheel")
    parser.add_argument(
        "--target",
        choices=sorted(TARGETS),
        default=own if own in TARGETS else "wheel",
        help="default: this system",
    )
    parser.add_argument(
        "--onefile", action="store_true", help="two single files in place of the folder (slow to start)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="FOLDER", help="default: dist")
    parser.add_argument(
        "--clean-root",
        type=Path,
        metavar="FOLDER",
        help="linux, by root: try the Debian package in a Debian made in this folder",
    )
    parser.add_argument(
        "--sign-with",
        type=Path,
        metavar="PROGRAM",
        help="windows, macos: what signs the files that it is called with",
    )
    parser.add_argument(
        "--releases-page",
        type=_page,
        default="",
        metavar="URL",
        help="where releases are published, for the About box",
    )
    return parser


def _page(text: str) -> str:
    if text and not text.startswith("https://"):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with https://")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
