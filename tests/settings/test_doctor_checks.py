"""The doctor's check of the settings: names the line, moves nothing."""

from aios_gui.instance.settings import settings_file
from aios_gui.settings import doctor_checks
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.text.check import CheckState


def test_settings_name_the_line_and_stay_where_they_are(paths: Paths) -> None:
    paths.settings.write_text("[beat]\ninterval_s = 0\n")
    check = doctor_checks.settings(settings_file(paths))
    assert check.state is CheckState.WARNING
    assert "line 2" in check.detail
    assert "beat.interval_s" in check.detail
    paths.settings.write_text("[beat")
    check = doctor_checks.settings(settings_file(paths))
    assert check.state is CheckState.ERROR
    assert paths.settings.read_text() == "[beat"


def test_in_chinese_each_remedy_ends_with_its_own_stop(paths: Paths) -> None:
    paths.settings.write_text("odd = 1\n[beat]\ninterval_s = 0\n")
    use_language("zh_CN")
    remedy = doctor_checks.settings(settings_file(paths)).remedy
    use_language("en")
    assert (remedy.count("。"), " " in remedy.replace("AIOS Heartbeat", "")) == (2, False)
