"""Test coverage."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import method, program
from aios_gui.reports.template import Needs, Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "tests",
    N_("Test coverage"),
    N_("Do the tests pass, and how many are there?"),
    verdicts.of_tests,
    (
        program.tests,
        method.machine,
    ),
    needs=Needs.TESTS,
)
