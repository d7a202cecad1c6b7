"""What the doctor checks of what changed: which sources there are, and which could not be read."""

from __future__ import annotations

from aios_gui.history.changes.look import OVERALL
from aios_gui.history.changes.record_reader import kept_states
from aios_gui.history.changes.words import problem_sentence
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain


def changes(paths: Paths) -> Check:
    """Whether changes of this machine were looked for, and what could not be read."""
    try:
        with RecordReader(paths.store) as reader:
            states = kept_states(reader)
    except StoreError as error:
        return Check("changes", CheckState.WARNING, plain(error, 400), _("See what is said of the record."))
    overall = states.pop(OVERALL, None)
    if overall is None:
        detail = _(
            "not looked for yet: the program does so minutes after it was started, and then every hour"
        )
        return Check("changes", CheckState.OK, detail)
    detail = _("looked for on {moment}, in {sources}").format(
        moment=figures.clock_time(overall.at_us * 1000),
        sources=", ".join(plain(each, 40) for each in sorted(states)),
    )
    problems = [
        problem_sentence(name, state.problem)
        for name, state in sorted(states.items())
        if state.problem is not None
    ]
    if problems:
        remedy = _("Nothing needs to be done: what changed there is missing from the list.")
        return Check("changes", CheckState.WARNING, f"{detail}; {'; '.join(problems)}", remedy)
    return Check("changes", CheckState.OK, detail)
