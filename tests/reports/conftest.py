"""What the tests of reports and raw data share: one record, which none of them changes."""

import pytest

from tests.history.made import Made
from tests.reports.made import make_record


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_record(tmp_path_factory.mktemp("raw"))
