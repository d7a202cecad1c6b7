"""What builds share: the version, archives that come out the same, checksums, bills of materials, failures."""

import json
import os
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

import builder
import pytest
from building import order as orders
from building.archive import write_tar_gz
from building.checksums import read_checksums, sha256, write_checksums
from building.deb import debian_version
from building.materials import shipped, write_materials
from building.metainfo import ID, metainfo
from building.order import Order, source_time_s, source_version
from building.share import unit_text, write_share
from building.smoke import BEAT
from building.steps import BuildError, run_tool

from aios_gui import __version__
from aios_gui.instance.start_options import SLICE
from tests.processes import ROOT

TIME_S = 1_700_000_000


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(tmp_path / "dist", tmp_path / "work", "1.2.3", TIME_S)


def test_the_version_stands_in_one_place() -> None:
    assert source_version() == __version__
    for name in ("pyproject.toml", "packaging/aios.spec", "packaging/linux/aios-heartbeat.desktop"):
        assert f'"{__version__}"' not in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_time_is_that_of_the_commit_unless_it_is_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "17")
    assert source_time_s() == 17
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    (tmp_path / "CHANGELOG.md").write_text("")
    os.utime(tmp_path / "CHANGELOG.md", (23, 23))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert source_time_s(tmp_path) == 23


def filled(folder: Path, names: list[str]) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        os.utime(file, (len(names), len(names)))
    return folder


def test_the_same_files_give_the_same_archive(tmp_path: Path) -> None:
    first = filled(tmp_path / "a", ["program", "sub/one", "sub/two"])
    second = filled(tmp_path / "b", ["sub/two", "program", "sub/one"])
    for folder in (first, second):
        (folder / "program").chmod(0o700)
        write_tar_gz(folder, tmp_path / f"{folder.name}.tar.gz", "app-1", TIME_S)
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()
    with tarfile.open(tmp_path / "a.tar.gz") as archive:
        told = {each.name: (each.mode, each.uid, each.mtime) for each in archive}
    assert told["app-1/sub/one"] == (0o644, 0, TIME_S)
    if os.name == "posix":
        assert told["app-1/program"][0] == 0o755


def test_checksums_keep_what_is_there_and_drop_what_is_gone(tmp_path: Path) -> None:
    filled(tmp_path, ["a b", "c"])
    write_checksums([tmp_path / "c"], tmp_path)
    target = write_checksums([tmp_path / "a b"], tmp_path)
    assert read_checksums(target) == {"a b": sha256(tmp_path / "a b"), "c": sha256(tmp_path / "c")}
    assert target.read_text().splitlines()[0] == f"{sha256(tmp_path / 'a b')}  a b"
    (tmp_path / "c").unlink()
    assert list(read_checksums(write_checksums([], tmp_path))) == ["a b"]


def test_the_bill_names_every_package_that_comes_along(order: Order, tmp_path: Path) -> None:
    product = tmp_path / "product"
    product.write_text("x")
    texts = [write_materials(order, product, tmp_path / name).read_bytes() for name in ("one", "two")]
    assert texts[0] == texts[1]
    told = json.loads(texts[0])
    assert (told["bomFormat"], told["metadata"]["timestamp"]) == ("CycloneDX", "2023-11-14T22:13:20Z")
    names = {each["name"] for each in told["components"]}
    assert {"Python", "PySide6_Essentials", "shiboken6", "numpy", "psutil"} <= names
    assert not names & {"pytest", "pyinstaller", "ruff"}
    assert all(each["licenses"] for each in told["components"])
    assert set(shipped()) == names - {"Python"}


def test_the_bill_can_be_that_of_another_python(order: Order, tmp_path: Path) -> None:
    product = tmp_path / "product"
    product.write_text("x")
    command = [sys.executable, "-m", "building.materials"]
    said = subprocess.run(command, cwd=ROOT / "packaging", capture_output=True, check=True).stdout
    own = write_materials(order, product, tmp_path / "own").read_bytes()
    assert write_materials(order, product, tmp_path / "same", json.loads(said)).read_bytes() == own
    other = [{"bom-ref": "python@9", "name": "Python", "version": "9"}]
    told = json.loads(write_materials(order, product, tmp_path / "other", other).read_bytes())
    assert told["components"] == other
    assert told["dependencies"][0]["dependsOn"] == ["python@9"]


@pytest.mark.parametrize(
    ("version", "told"), [("1.2.3", "1.2.3"), ("1.2.0rc1", "1.2.0~rc1"), ("1.0.dev4", "1.0~dev4")]
)
def test_what_comes_before_a_release_is_before_it_in_debian(version: str, told: str) -> None:
    assert debian_version(version) == told


def test_the_share_of_linux_is_whole(order: Order, tmp_path: Path) -> None:
    write_share(order, tmp_path)
    menu = (tmp_path / "applications" / "aios-heartbeat.desktop").read_text(encoding="utf-8")
    entry = dict(line.split("=", 1) for line in menu.split("[Desktop A")[0].split("\n") if "=" in line)
    assert entry["Exec"] == "aios-gui %f"
    kinds = ET.parse(tmp_path / "mime" / "packages" / "aios-heartbeat.xml").getroot()
    (kind,) = [each for each in kinds if each.tag.endswith("mime-type")]
    (glob,) = [each.get("pattern", "") for each in kind if each.tag.endswith("glob")]
    assert (entry["MimeType"], glob) == (f"{kind.get('type')};", f"*{SLICE}")
    assert (tmp_path / "icons" / "hicolor" / "256x256" / "apps" / f"{entry['Icon']}.png").is_file()
    root = ET.parse(tmp_path / "metainfo" / f"{ID}.metainfo.xml").getroot()
    assert root.findtext("launchable") == "aios-heartbeat.desktop"
    for name in (
        "man/man1/aios-gui.1.gz",
        "doc/aios-heartbeat/copyright",
        "zsh/site-functions/_aios-heartbeat",
    ):
        assert (tmp_path / name).stat().st_size > 100


def test_the_metadata_lists_the_release_and_the_page_only_where_it_is_known() -> None:
    root = ET.fromstring(metainfo("9.9.9", "2030-01-02", "https://releases.example/?a=1&b=2"))
    assert root.findtext("url") == "https://releases.example/?a=1&b=2"
    release = root.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": "9.9.9", "date": "2030-01-02"}
    assert ET.fromstring(metainfo("9.9.9", "2030-01-02")).find("url") is None


def test_the_unit_starts_the_service_at_once() -> None:
    lines = unit_text("/usr/lib/aios-heartbeat/aios-heartbeat").split("\n")
    assert "ExecStart=/usr/lib/aios-heartbeat/aios-heartbeat service --at-login" in lines
    assert "WantedBy=default.target" in lines


def test_a_tool_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    script = "import sys; print('because'); sys.exit(3)"
    with pytest.raises(BuildError, match=r"status 3(.|\n)*because"):
        run_tool([sys.executable, "-c", script], tmp_path / "logs" / "tool.log")
    assert (tmp_path / "logs" / "tool.log").read_text().strip() == "because"
    with pytest.raises(BuildError, match="Install it"):
        run_tool([str(tmp_path / "absent")], tmp_path / "tool.log", advice="Install it.")


@pytest.mark.parametrize(
    "said", ["HEARTBEAT_OK (0.08ms)", "AIOS_ALERT:cpu,disk (1.20ms)", "AIOS_DEGRADED:0.48 (0.10ms)"]
)
def test_what_a_beat_says_is_one(said: str) -> None:
    assert BEAT.fullmatch(said)
    assert not BEAT.fullmatch(f"HEARTBEAT_ERROR:{said}")


@pytest.mark.parametrize("target", builder.TARGETS)
def test_a_target_is_a_module_that_builds(target: str) -> None:
    if target == "windows" and sys.platform not in ("win32", "linux"):
        pytest.skip("is built on Windows or under Wine")
    module = pytest.importorskip(builder.TARGETS[target], exc_type=ImportError)
    assert callable(module.build)


@pytest.mark.parametrize("page", ["http://plain.example", "javascript:alert(1)"])
def test_only_a_secure_page_is_taken_for_that_of_the_releases(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        builder.main(["--releases-page", page])
    assert "does not begin with https://" in capsys.readouterr().err


def test_a_failure_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "platform", "plan9")
    monkeypatch.setattr("platform.system", lambda: "Plan9")
    assert builder.main(["--target", "macos", "--out", str(tmp_path / "out")]) == 1
    assert "FAILED: A bundle for macOS can be built on a Mac only" in capsys.readouterr().out
    assert orders.ROOT == ROOT
