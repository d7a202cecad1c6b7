"""What a command writes for people: sentences on the standard error, and output that may fail or lack characters."""

from __future__ import annotations

import sys
from contextlib import suppress

PROGRAM = "aios-heartbeat"
_LONGEST_LINE = 4_000
_ALIKE: dict[int, str | int | None] = {
    **str.maketrans("“”‘’–−µ×÷·\u00a0\u202f", "\"\"''--ux/.  "),
    ord("…"): "...",
    ord("→"): "->",
    ord("≤"): "<=",
    ord("≥"): ">=",
}
"""What stands in plain ASCII for the characters of English texts that are none of it."""


def complain(sentence: str, program: str = PROGRAM) -> None:
    """One line on stderr, whatever the names in it hold; nothing where that cannot be written."""
    if sys.stderr is None:  # a program without a console has none
        return
    from aios_gui.text.plain import plain

    with suppress(OSError):
        print(f"{program}: {plain(sentence, _LONGEST_LINE)}", file=sys.stderr, flush=True)


def tolerate_any_text() -> None:
    """Where an encoding lacks a character, one that looks like it is written, or a question mark; it is no error."""
    import codecs

    codecs.register_error("alike", _alike)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="alike")


def _alike(error: UnicodeError) -> tuple[str, int]:
    """What stands in place of the characters that could not be written."""
    assert isinstance(error, UnicodeEncodeError)
    alike = error.object[error.start : error.end].translate(_ALIKE)
    return alike.encode("ascii", "replace").decode(), error.end


def can_ask() -> bool:
    """Whether a person is there who reads a question and can answer it."""
    return all(each is not None and each.isatty() for each in (sys.stdin, sys.stderr))


def answers_yes(question: str) -> bool:
    """Whether the person answers with yes, in English or in the language spoken."""
    from aios_gui.text.catalogue import gettext as _

    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("yes", _("yes"))


def say(line: str) -> None:
    """A line on stdout beside work that goes on also where the line cannot be written, which is told once.

    BrokenPipeError where its reader has closed it.
    """
    try:
        print(line, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up_output(error)


def give_up_output(error: OSError, program: str = PROGRAM) -> None:
    """Tell that stdout cannot be written, as on a full disk, and write no more to it, also not at the end."""
    from aios_gui.text.catalogue import gettext as _

    reason = error.strerror or str(error)
    complain(_("the output could not be written: {reason}").format(reason=reason), program)
    silence_output()


def silence_output() -> None:
    """Let what is left for stdout, and all that follows, go nowhere."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
