"""The stages of a profile: what each is called, what it is part of, and between which two moments it lies.

A new stage is a line here; where nothing notes its moments yet, ``instruments`` or the runs of its group do.
"""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.selfcheck.profile import moments as at
from aios_gui.selfcheck.profile.model import Group
from aios_gui.text.catalogue import N_


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, from one moment to another. ``title`` is to be translated when it is shown.

    ``in_total``: it is part of the total of the path of the beat.
    """

    name: str
    title: str
    group: Group
    began: str
    ended: str
    in_total: bool = False


STAGES: tuple[Stage, ...] = (
    Stage("wake", N_("Wake up"), Group.BEAT, at.ALARM, at.WOKE),
    Stage("sample_cpu", N_("Read CPU"), Group.BEAT, at.CPU_BEGAN, at.CPU_ENDED, True),
    Stage("sample_memory", N_("Read memory"), Group.BEAT, at.MEMORY_BEGAN, at.MEMORY_ENDED, True),
    Stage("percentages", N_("Work out percentages"), Group.BEAT, at.MEMORY_ENDED, at.COMPARE_BEGAN, True),
    Stage("compare", N_("Compare with thresholds"), Group.BEAT, at.COMPARE_BEGAN, at.COMPARE_ENDED, True),
    Stage("build", N_("Build the result"), Group.BEAT, at.COMPARE_ENDED, at.APPEND_BEGAN, True),
    Stage("append", N_("Hand over to the recorder"), Group.BEAT, at.APPEND_BEGAN, at.APPEND_ENDED, True),
    Stage("drain", N_("Drain and derive"), Group.RECORDER, at.ROUND_BEGAN, at.DRAINED),
    Stage("context", N_("Take the context sample"), Group.RECORDER, at.CONTEXT_BEGAN, at.CONTEXT_ENDED),
    Stage("write", N_("Write and commit"), Group.RECORDER, at.KEEP_BEGAN, at.KEEP_ENDED),
    Stage("publish", N_("Figures and publishing"), Group.RECORDER, at.KEEP_ENDED, at.ROUND_ENDED),
    Stage("breach", N_("Compare, over thresholds"), Group.SLOW_PATH, at.COMPARE_BEGAN, at.COMPARE_ENDED),
    Stage("mark", N_("Mark the evidence before sleep"), Group.SLOW_PATH, at.MARK_BEGAN, at.MARK_ENDED),
    Stage("growth", N_("Read the evidence when late"), Group.SLOW_PATH, at.MARK_ENDED, at.GROWTH_ENDED),
    Stage("culprit", N_("Find who held the interpreter"), Group.SLOW_PATH, at.GROWTH_ENDED, at.CULPRIT_ENDED),
    Stage("split", N_("Divide the lateness by cause"), Group.SLOW_PATH, at.CULPRIT_ENDED, at.SPLIT_ENDED),
)
