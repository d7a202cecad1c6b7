"""Signs what is built by a program of the builder's own, before it is packed and tried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from building.order import Order
from building.steps import run_tool, step


def sign(order: Order, files: Sequence[Path]) -> None:
    """Let the program that the order names sign ``files``, where it names one.

    Raises:
        BuildError: it cannot be started, or it failed; the message holds its last lines.
    """
    if order.sign_with is None:
        return
    with step(f"Signing {', '.join(file.name for file in files)}"):
        run_tool([order.sign_with, *files], order.work / "sign.log")
