"""The templates of reports: one module each, and one line here."""

from __future__ import annotations

from aios_gui.reports.template import Template
from aios_gui.reports.templates import (
    comparison,
    incident,
    month,
    optimization,
    production,
    roadmap,
    startup,
    summary,
    tests,
    warmup,
    week,
)

TEMPLATES: dict[str, Template] = {
    module.TEMPLATE.name: module.TEMPLATE
    for module in (
        summary,
        production,
        week,
        month,
        incident,
        comparison,
        optimization,
        warmup,
        startup,
        tests,
        roadmap,
    )
}
