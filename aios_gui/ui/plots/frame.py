"""The rectangle of a plot and how times and values map onto its pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF


@dataclass(frozen=True, slots=True)
class Frame:
    """``rect`` in pixels of the view; time from ``start_s`` to ``end_s`` across it, shares 0 to 1 up it."""

    rect: QRectF
    start_s: float
    end_s: float

    @property
    def pixel_s(self) -> float:
        """Seconds that a pixel is wide."""
        return (self.end_s - self.start_s) / max(1.0, self.rect.width())

    def x(self, at_s: float) -> float:
        """The pixel of a moment; outside the rectangle where the moment is."""
        return self.rect.left() + (at_s - self.start_s) / (self.end_s - self.start_s) * self.rect.width()

    def y(self, share: float) -> float:
        """The pixel of a share of the value axis."""
        return self.rect.bottom() - share * self.rect.height()

    def at_s(self, x: float) -> float:
        """The moment at a pixel."""
        return self.start_s + (x - self.rect.left()) * self.pixel_s
