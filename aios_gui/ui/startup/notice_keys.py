"""What the notices about starting at log-in are told apart by."""

from __future__ import annotations

from aios_gui.autostart.model.setup import AdviceKind

OFFER = "startup-offer"


def advice_key(kind: AdviceKind) -> str:
    """Of what a look at a start found."""
    return f"startup-{kind}"
