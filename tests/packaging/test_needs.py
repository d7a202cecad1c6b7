"""What a build needs of the machine: brought where that may be done, else named together with its command."""

from pathlib import Path

import pytest
import system_packages
from building import needs
from building.clean_root import mirror_address
from building.steps import BuildError

ABSENT = {"no-such-tool-of-a-build": "some-package"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine of root's, whose apt-get knows one package; the requests that it was sent."""
    requests: list[list[str]] = []

    def install(packages: list[str]) -> bool:
        requests.append(packages)
        return packages == ["some-package"]

    monkeypatch.setattr(system_packages, "may_apt_install", lambda: True)
    monkeypatch.setattr(system_packages, "apt_install", install)
    return requests


def test_a_machine_with_all_of_it_is_left_alone(asked: list[list[str]], tmp_path: Path) -> None:
    needs.bring(tmp_path, {})
    assert asked == []


def test_what_is_missing_is_brought_where_that_may_be_done(asked: list[list[str]], tmp_path: Path) -> None:
    needs.bring(tmp_path, ABSENT)
    assert asked == [["some-package"]]


def test_a_package_that_does_not_come_ends_the_build(asked: list[list[str]], tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="could not install another"):
        needs.bring(tmp_path, {"no-such-tool-of-a-build": "another"})


def test_elsewhere_the_command_is_told_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(system_packages, "may_apt_install", lambda: False)
    monkeypatch.setattr(system_packages, "missing", lambda _environment, plugin: [f"lib{plugin}-cursor.so.0"])
    told = r"no-such-tool-of-a-build, libwayland-cursor\.so\.0, libxcb-cursor\.so\.0 (.|\n)*"
    with pytest.raises(
        BuildError, match=told + "apt install libwayland-cursor0 libxcb-cursor0 some-package`"
    ):
        needs.bring(tmp_path, ABSENT)


def test_a_list_of_mirrors_gives_its_first(tmp_path: Path) -> None:
    listed = tmp_path / "mirrors.txt"
    listed.write_text("# best first\n\nhttp://one.example/ubuntu/\tpriority:1\nhttp://two.example/\n")
    assert mirror_address(f"mirror+file:{listed}") == "http://one.example/ubuntu/"
    assert mirror_address("http://plain.example/debian/") == "http://plain.example/debian/"
    listed.write_text("# none\n")
    with pytest.raises(BuildError, match="names none"):
        mirror_address(f"mirror+file:{listed}")
    with pytest.raises(BuildError, match="cannot be read: No such file"):
        mirror_address(f"mirror+file:{tmp_path / 'gone'}")
