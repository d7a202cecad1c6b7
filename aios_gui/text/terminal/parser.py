"""Reads arguments; help that cannot be written and wrong usage are one line each."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from aios_gui.text.terminal.output import complain, give_up_output, silence_output

_FAILURE = 2


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, or with the output that its help goes to."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with the status for wrong usage."""
        complain(f"{message}; see {self.prog} --help", self._program)
        self.exit(_FAILURE)

    @property
    def _program(self) -> str:
        return self.prog.partition(" ")[0]

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or version; where that cannot be written, say so and exit as for any output that cannot."""
        try:
            print(message, end="", file=file, flush=True)
        except BrokenPipeError:
            silence_output()
            self.exit()
        except OSError as error:
            give_up_output(error, self._program)
            self.exit(_FAILURE)
