"""Autostart in the shape that scripts rely on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aios_gui.autostart.model.autostart import Status
from aios_gui.autostart.model.setup import SetupReport, TrialResult


def status_facts(status: Status) -> dict[str, Any]:
    """JSON-ready facts of how a mechanism stands; unknown is None."""
    since = datetime.fromtimestamp(status.since_ns / 1e9).astimezone() if status.since_ns else None
    return {
        "mechanism": status.mechanism,
        "state": str(status.state),
        "command": status.command or None,
        "where": status.where,
        "ours": status.ours,
        "reason": str(status.reason) or None,
        "since": since.isoformat(timespec="seconds") if since is not None else None,
        "detail": status.detail or None,
    }


def report_facts(report: SetupReport) -> dict[str, Any]:
    """JSON-ready facts of one step."""
    return {
        "name": str(report.step),
        "state": str(report.state),
        "ms": report.took_ns / 1e6,
        "findings": [{"kind": str(each.kind), "text": each.text or None} for each in report.findings],
        "error": report.error or None,
        "trial": trial_facts(report.trial) if report.trial is not None else None,
    }


def trial_facts(result: TrialResult) -> dict[str, Any]:
    """JSON-ready facts of a test start."""
    return {
        "outcome": str(result.outcome),
        "first_beat_ms": None if result.first_beat_ns is None else result.first_beat_ns / 1e6,
        "shown": "headless" if result.headless else result.shown or None,
        "status": result.status,
        "said": result.said or None,
    }
