"""The records that analyses are tried over, made once."""

from __future__ import annotations

import pytest

from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from tests.history.analysis.made_weeks import Weeks, analysed, make_weeks
from tests.history.made import Made, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    return make_weeks(tmp_path_factory.mktemp("weeks") / "record.sqlite3")


@pytest.fixture(scope="session")
def whole(weeks: Weeks) -> Analysis:
    return analysed(weeks.path, TimeRange(0, END_OF_TIME_NS))
