"""`warmup`: warms up the instance that runs, or an engine of its own, and shows cold against warm."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import ALERT, FINE, CommandError, load_settings, print_json
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.heartbeat.model.warmup import StepReport
    from aios_gui.heartbeat.warmup.outcome import WarmupOutcome
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

_STATE_PLACES, _TITLE_PLACES, _FIGURE_PLACES = 8, 30, 9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `warmup`."""
    parser.add_argument("--json", action="store_true", help=_("print one object with all findings"))


def run(arguments: argparse.Namespace) -> int:
    """Warm up and print; 1 where a step failed or the timing did not become stable."""
    from aios_gui.heartbeat.warmup.outcome import facts_of
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    start_logging(paths)
    outcome = _of_resident(paths, arguments.json) or _made_here(settings, arguments.json)
    if arguments.json:
        print_json(facts_of(outcome))
    else:
        _print_evidence(outcome)
    return FINE if outcome.is_warm else ALERT


def _of_resident(paths: Paths, as_json: bool) -> WarmupOutcome | None:
    from aios_gui.heartbeat.warmup import words
    from aios_gui.instance.channel import ChannelError
    from aios_gui.instance.warmup_request import warm_resident
    from aios_gui.text.plain import plain

    try:
        outcome = warm_resident(paths)
    except ChannelError as error:
        sentence = _("the instance that runs was not warmed up: {error}; “aios-heartbeat doctor” says more")
        raise CommandError(sentence.format(error=plain(error))) from error
    if outcome is not None and not as_json:
        print(words.opening(outcome))
        for step in outcome.steps:
            _print_step(step, of_instance=True)
    return outcome


def _made_here(settings: Settings, as_json: bool) -> WarmupOutcome:
    from aios_gui.heartbeat.clock import system_clock
    from aios_gui.heartbeat.sampling import choose_sampler
    from aios_gui.heartbeat.warmup import words
    from aios_gui.instance.warmup_request import warm_here

    if not as_json:
        print(words.opening_here(), flush=True)
    on_step = _nothing if as_json else _print_ended
    return warm_here(settings, on_step, system_clock(), choose_sampler)


def _nothing(_step: StepReport) -> None:
    """All is printed at the end."""


def _print_ended(step: StepReport) -> None:
    from aios_gui.heartbeat.model.warmup import StepState

    if step.state in (StepState.DONE, StepState.FAILED):
        _print_step(step, of_instance=False)


def _print_step(step: StepReport, of_instance: bool) -> None:
    from aios_gui.heartbeat.model.warmup import StepState
    from aios_gui.heartbeat.warmup import words
    from aios_gui.text import figures
    from aios_gui.text.terminal.text_width import padded

    took = (
        figures.duration(step.took_ns) if step.state in (StepState.DONE, StepState.FAILED) else figures.NONE
    )
    line = "  ".join(
        [
            "",
            padded(words.step_state(step.state), _STATE_PLACES),
            padded(words.step_title(step.name), _TITLE_PLACES),
            took.rjust(_FIGURE_PLACES),
            words.step_note(step, of_instance),
        ]
    )
    print(line.rstrip(), flush=True)
    if step.state is StepState.FAILED:
        print(f"{' ' * (_STATE_PLACES + 4)}→ {words.step_without(step.name)}", flush=True)


def _print_evidence(outcome: WarmupOutcome) -> None:
    from aios_gui.heartbeat.warmup import words
    from aios_gui.text.terminal.text_width import padded, width

    rows = words.evidence(outcome)
    places = max((width(name) for name, _found in rows), default=0)
    print()
    for name, found in rows:
        print(f"{padded(name, places)}  {found}")
    print(f"\n{words.conclusion(outcome)}", flush=True)
