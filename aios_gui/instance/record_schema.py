"""What the record of this program is made of: every feature that keeps something there brings its part."""

from __future__ import annotations

from aios_gui.alerts.record import ALERTS
from aios_gui.history.changes.record import CHANGES
from aios_gui.history.notes.record import NOTES
from aios_gui.history.who_ran.record import WHO_RAN
from aios_gui.record.importing.record import IMPORTED
from aios_gui.record.store.schema import RecordSchema
from aios_gui.selfcheck.record import MEASUREMENTS

RECORD_SCHEMA = RecordSchema(MEASUREMENTS, ALERTS, CHANGES, WHO_RAN, NOTES, IMPORTED)
