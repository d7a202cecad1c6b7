"""The score in a few lines, for the tooltip of the header and for who hears the window."""

from __future__ import annotations

from aios_gui.alerts.model.score import Part
from aios_gui.alerts.words import score as words
from aios_gui.heartbeat.model.states import LaunchMode, Mode
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.target_facts import running_facts
from aios_gui.selfcheck.targets import words as target_words
from aios_gui.selfcheck.targets.model import failing, judge_all
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_MOST = 4


class Summary:
    """Made again only for another snapshot."""

    def __init__(self) -> None:
        self.text = ""
        self._snapshot: Snapshot | None = None

    def take(self, snapshot: Snapshot) -> bool:
        """Look at a snapshot; whether the text is another one."""
        if snapshot is self._snapshot:
            return False
        self._snapshot = snapshot
        before, self.text = self.text, summary_text(snapshot)
        return self.text != before


def summary_text(snapshot: Snapshot) -> str:
    """Score with its parts, health with its reasons, the targets that are missed."""
    score, health = snapshot.score, snapshot.health
    lines = [words.score_sentence(score)]
    if score is not None:
        parts = (f"{words.part_name(part)} {figures.score(score.part(part))}" for part in Part)
        lines.append(" · ".join(parts))
    shown_as = LaunchMode.HEADLESS if snapshot.mode is Mode.SERVICE else LaunchMode.WINDOW
    missed = failing(judge_all(running_facts(snapshot, shown_as, None, {})))
    if health is not None:
        lines.append(words.health_sentence(health, snapshot.hour, len(missed)))
        lines += [words.reason_sentence(reason) for reason in health.reasons]
    if missed:
        sentence = ngettext("{count} target missed:", "{count} targets missed:", len(missed))
        lines.append(sentence.format(count=len(missed)))
        lines += [target_words.sentence(result) for result in missed[:_MOST]]
    lines.append(_("Click for details, and for the targets of memory and speed-up."))
    return "\n".join(lines)
