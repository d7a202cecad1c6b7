"""Counters that begin again, wrap, or go with the card or disk that they belong to: a gap, never a negative rate."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    Heartbeat,
    altered,
    complete,
    heartbeat,
    linux,
    needs_worlds,
    nothing_escaped,
    plausible,
    world,
)
from tests.processes import answered

CARD = r"""
import fcntl, os, socket, struct, subprocess, sys

def card():
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"aios0", 0x1001))  # TUNSETIFF: it goes with the descriptor
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH22x", b"aios0", 0x41))  # SIOCSIFFLAGS: up
    return tun

tun = card()
with subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL):
    for asked in map(str.strip, sys.stdin):
        if asked == "send":
            for _each in range(1000):
                os.write(tun, b"\x45" + bytes(999))
        elif asked == "remove":
            os.close(tun)
        elif asked == "insert":
            tun = card()
"""
"""A network card of its own, that can be pulled, for the program that follows."""

STAT = "cpu  {busy:020d} 0 0 {idle:020d} 0 0 0 0 0 0\nbtime 1700000000\n"
DISK = (
    "8 0 {name} {n:020d} 0 {n:020d} {n:020d} {n:020d} 0 {n:020d} {n:020d} 0 {n:020d} {n:020d} 0 0 0 0 0 0\n"
)
TWO_SAMPLES = 2


def next_sample(running: Heartbeat) -> ContextSample:
    """A sample that was begun from now on."""
    samples = []

    def is_new() -> bool:
        sample = running.snapshot().context
        if sample is not None and sample not in samples:
            samples.append(sample)
        return len(samples) > TWO_SAMPLES

    running.wait_until_it_shows(lambda _seen: is_new(), "another sample")
    return samples[-1]


def has_cards() -> bool:
    if sys.platform != "linux":  # Wine has the device, and no `unshare`
        return False
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError:
        return False
    return subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0


@linux
@pytest.mark.skipif(not has_cards(), reason="this user may open no /dev/net/tun in a namespace here")
def test_a_network_card_that_is_pulled_and_put_back(paths: Paths, tmp_path: Path) -> None:
    inside = ("unshare", "-Urn", sys.executable, "-c", CARD)
    with heartbeat(paths, inside=inside, command=altered("samples_often", tmp_path)) as running:
        assert running.process.stdin is not None

        def card(asked: str) -> ContextSample:
            assert running.process.stdin is not None
            print(asked, file=running.process.stdin, flush=True)
            return next_sample(running)

        running.wait_until_it_beats()
        next_sample(running)
        for asked in ("send", "send", "remove", "insert", "send", "remove"):
            card(asked)
        running.beats_on()
        assert answered("quit").returncode == 0
        _out, err = running.process.communicate()
    assert err == ""
    samples = plausible(paths)
    assert any((sample.network_received_bytes_per_s or 0) > 100_000 for sample in samples), (
        "what came was counted"
    )
    nothing_escaped(paths)


@needs_worlds
def test_counters_that_begin_again_or_wrap(paths: Paths, tmp_path: Path) -> None:
    stat, disks = tmp_path / "stat", tmp_path / "diskstats"

    def set_counters(n: int, busy: int, idle: int, name: str) -> None:
        for file, text in ((stat, STAT.format(busy=busy, idle=idle)), (disks, DISK.format(n=n, name=name))):
            with file.open(
                "r+" if file.exists() else "w"
            ) as opened:  # the same file, which is bound to that of the kernel
                opened.write(text)

    first = next(
        (each.name for each in sorted(Path("/sys/block").iterdir()) if (each / "device").exists()), "sda"
    )
    set_counters(2**64 - 9_000, 5_000, 5_000, first)
    mounts = f"mount --bind {stat} /proc/stat && mount --bind {disks} /proc/diskstats"
    with (
        world(paths, mounts) as counted,
        counted.heartbeat(command=altered("samples_often", tmp_path / "switch")) as running,
    ):
        running.wait_until_it_beats()
        for n, busy, idle, name in (
            (2**64 - 5_000, 6_000, 6_000, first),
            (2**64 - 9, 7_000, 7_000, first),
            (5, 5, 5, first),  # wrapped, or begun again
            (3_000, 4_000, 5, first),
            (3_000, 4_100, 100, "sdx"),  # another disk in its place
            (0, 3_000, 200, "sdx"),  # processor time taken back, as virtual machines do
            (10, 3_100, 300, first),
        ):
            set_counters(n, busy, idle, name)
            running.beats_on(1)
            next_sample(running)
        made = running.quit()
    beats = complete(paths, made)
    assert any(beat.cpu_percent == 50.0 for beat in beats)
    assert any(sample.disk_written_bytes_per_s for sample in plausible(paths))
    nothing_escaped(paths)
