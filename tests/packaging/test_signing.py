"""What is built is signed by the program that the builder names, or not at all."""

import os
import stat
from pathlib import Path

import pytest
from building.order import Order
from building.signing import sign
from building.steps import BuildError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the signer of these tests is a shell script")


def signer(folder: Path, script: str) -> Path:
    file = folder / "sign it"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def order(folder: Path, sign_with: Path | None) -> Order:
    return Order(folder / "dist", folder / "work", "1.2.3", 1_700_000_000, sign_with=sign_with)


def test_every_file_is_signed_by_one_call(tmp_path: Path) -> None:
    files = [tmp_path / "one program.exe", tmp_path / "two.exe"]
    for file in files:
        file.write_text("content")
    sign(order(tmp_path, signer(tmp_path, 'for each in "$@"; do echo " signed" >>"$each"; done')), files)
    assert [file.read_text() for file in files] == ["content signed\n"] * 2


def test_without_a_signer_the_files_are_left_alone(tmp_path: Path) -> None:
    sign(order(tmp_path, None), [tmp_path / "absent.exe"])


def test_what_is_not_signed_ends_the_build_with_what_the_signer_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"sign it ended with status 3(.|\n)*no certificate"):
        sign(order(tmp_path, signer(tmp_path, "echo no certificate; exit 3")), [tmp_path / "one.exe"])
    with pytest.raises(BuildError, match="cannot be started"):
        sign(order(tmp_path, tmp_path / "gone"), [tmp_path / "one.exe"])
