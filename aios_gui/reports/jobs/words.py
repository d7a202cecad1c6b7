"""How far a job is, in words."""

from __future__ import annotations

from aios_gui.reports.jobs.model import Step
from aios_gui.system.progress import Progress
from aios_gui.text import figures
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_STEPS = {
    Step.READING: N_("Reading the record"),
    Step.RECKONING: N_("Working it out"),
    Step.DRAWING: N_("Drawing"),
    Step.WRITING: N_("Writing"),
}


def step_name(step: str) -> str:
    """What a job does now; of a step of a newer version its own word."""
    return _(_STEPS[Step(step)]) if step in list(Step) else step


def progress_sentence(progress: Progress) -> str:
    """The step, how much is done, and how long it still takes."""
    sentence = _("{step}: {share}, {span} left") if progress.remaining_s else _("{step}: {share}")
    return sentence.format(
        step=step_name(progress.now),
        share=figures.percent(round(progress.share * 100)),
        span=figures.span(max(1, round(progress.remaining_s)) * 1e9),
    )
