"""The steps of a warm-up in their order: what each is called, does, and what still works where it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from aios_gui.heartbeat.model.warmup import StepBoard, StepReport, StepState
from aios_gui.text.catalogue import N_

Parts = TypeVar("Parts")


class StepFailed(Exception):
    """A step could not be done; the message is why."""


@dataclass(frozen=True, slots=True)
class WarmupStep(Generic[Parts]):
    """One step. ``run`` does it and returns how many beats it ran; whatever it raises is why it failed.

    ``title`` and ``without`` (what still works where it failed) are to be translated when they are shown.
    """

    name: str
    title: str
    without: str
    run: Callable[[Parts], int]
    at_start_only: bool = False


class RecorderParts(Protocol):
    """What the steps of the recorder's thread do."""

    def open_record(self) -> int: ...

    def prepare_context(self) -> int: ...


class BeatParts(Protocol):
    """What the steps of the beat's thread do."""

    def open_sampler(self) -> int: ...

    def run_cold(self) -> int: ...

    def run_until_stable(self) -> int: ...

    def settle_collector(self) -> int: ...


RECORDER_STEPS: tuple[WarmupStep[RecorderParts], ...] = (
    WarmupStep(
        "record",
        N_("Open the record"),
        N_("Beats are made and shown; they are written as soon as the record can be opened."),
        lambda parts: parts.open_record(),
    ),
    WarmupStep(
        "context",
        N_("Measure own cost"),
        N_("Beats go on; what this program costs is not shown."),
        lambda parts: parts.prepare_context(),
        at_start_only=True,
    ),
)
BEAT_STEPS: tuple[WarmupStep[BeatParts], ...] = (
    WarmupStep(
        "sampler",
        N_("Open CPU and memory figures"),
        N_("Beats still measure lateness; they carry no CPU and memory figures, and each one tries again."),
        lambda parts: parts.open_sampler(),
    ),
    WarmupStep(
        "baseline",
        N_("First run (CPU baseline)"),
        N_("Beats go on; the first one has no CPU figure."),
        lambda parts: parts.run_cold(),
    ),
    WarmupStep(
        "beats",
        N_("Run until stable"),
        N_("Beats go on; the first ones may take longer than usual."),
        lambda parts: parts.run_until_stable(),
    ),
    WarmupStep(
        "collector",
        N_("Freeze garbage collector"),
        N_("Beats go on; a collection may fall into one of them."),
        lambda parts: parts.settle_collector(),
        at_start_only=True,
    ),
)
_ALL: tuple[WarmupStep[Any], ...] = (*RECORDER_STEPS, *BEAT_STEPS)
STEPS = {step.name: step for step in _ALL}


def perform(step: WarmupStep[Parts], parts: Parts, board: StepBoard, now_ns: Callable[[], int]) -> bool:
    """Do one step and note on ``board`` how it went; whether it succeeded. Nothing that it raises comes through."""
    board.post(StepReport(step.name, StepState.RUNNING))
    began_ns = now_ns()
    try:
        beats = step.run(parts)
    except Exception as error:  # noqa: BLE001 - a step that fails is told on the board; the others go on
        reason = str(error) if isinstance(error, StepFailed) else f"{type(error).__name__}: {error}"
        board.post(StepReport(step.name, StepState.FAILED, now_ns() - began_ns, reason))
        return False
    board.post(StepReport(step.name, StepState.DONE, now_ns() - began_ns, beats=beats))
    return True
