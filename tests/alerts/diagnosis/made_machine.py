"""A made-up machine with two cores and a disk, on which programs burst: what the kernel tells of it, and who is named.

Time goes on in steps of 10 ms. What a process did is told as the kernel tells it: CPU in whole hundredths of a second,
of children once they were waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from aios_gui.alerts.diagnosis.port import HiccupQuestion
from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.worker import DiagnosisWorker
from aios_gui.alerts.model.incident import HiccupFinding
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stalled import StalledRound, StallSpotter
from tests.bench.culprits.scoring import Burst, Named, Said, judged
from tests.fakes import WALL, S
from tests.processes import wait_until

STEP_S, CORES, MB, PAGE, TICKS = 0.01, 2, 1 << 20, 4096, 100
BEGIN_S = 1000.0
"""When it is first looked at, in seconds since its start; by the wall clock that is WALL."""
FOR_EVER = 1e12
START_S, LEAD_S, STAY_S, APART_S = 0.03, 0.6, 12.0, (3.5, 7.0)
INIT, LAUNCHER, BESIDE, COURIER, EDITOR = 1, 100, 101, 102, 103


@dataclass
class Wants:
    """What a process wants until a moment: a share of a core, a rate of data, memory, or to be done with."""

    until_s: float = 0.0
    cpu: float = 0.0
    io_per_s: float = 0.0
    memory: int = 8 * MB
    of_children: float = 0.0
    """The share of its CPU that children use which end at once."""
    real_time: bool = False
    ends: bool = False


@dataclass
class Process:
    """One process with all it has done."""

    pid: int
    name: str
    parent: int
    started_s: float
    wants: Iterator[Wants]
    now: Wants = field(default_factory=Wants)
    cpu_s: float = 0.0
    of_children_s: float = 0.0
    io_bytes: float = 0.0
    of_children_io: float = 0.0
    of_children_pages: int = 0

    def stat(self) -> bytes:
        """As ``/proc/PID/stat`` has it."""
        cpu, ended = int(self.cpu_s * TICKS + 1e-6), int(self.of_children_s * TICKS + 1e-6)
        policy = int(self.now.real_time)
        return (
            f"{self.pid} ({self.name}) S {self.parent} 0 0 0 0 0 0 {self.of_children_pages} 0 0 "
            f"{cpu} 0 {ended} 0 20 0 1 0 "
            f"{int(self.started_s * TICKS)} 0 {self.now.memory // PAGE} " + "0 " * 16 + f"{policy} 0"
        ).encode()


class Proc(ProcProcesses):
    """Reads the processes of a made-up machine."""

    def __init__(self, machine: Machine) -> None:
        super().__init__("/nowhere", machine.now_ns)
        self._machine = machine
        self._ticks, self._page_bytes = TICKS, PAGE

    def _names(self) -> list[str]:
        self._machine.go(self._machine.at_s + 0.02)  # which is how long a table takes while all is busy
        return [str(pid) for pid in self._machine.processes]

    def _text(self, pid: int, file: str, size: int) -> bytes:
        process = self._machine.processes.get(pid)
        if process is None:
            raise FileNotFoundError(pid)
        if file == "stat":
            return process.stat()
        if file == "io":
            both = int(process.io_bytes + process.of_children_io)
            return f"rchar: 1\nread_bytes: {both}\nwrite_bytes: 0\n".encode()
        if file == f"task/{pid}/io":
            return f"read_bytes: {int(process.io_bytes)}\nwrite_bytes: 0\n".encode()
        return process.name.encode()


class Machine:
    """Programs that go on by themselves, and those that are started to burst."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.at_s = BEGIN_S
        self.processes: dict[int, Process] = {}
        self.stalled_ns = {"cpu": 0.0, "io": 0.0, "memory": 0.0}
        self.busy_s = 0.0
        self._next_pid = 1000
        self.add(INIT, "init", 0, _sleeping())
        self.add(LAUNCHER, "launcher", INIT, _sleeping())
        self.add(BESIDE, "beside", INIT, self._beside())
        self.add(COURIER, "courier", INIT, self._courier())
        self.add(EDITOR, "editor", INIT, self._editor())

    def now_ns(self) -> int:
        """Its monotonic clock."""
        return round(self.at_s * S)

    def wall_ns(self) -> int:
        """Its wall clock."""
        return WALL + round((self.at_s - BEGIN_S) * S)

    def wall_s(self, at_s: float) -> float:
        """A moment of it by the wall clock, s."""
        return (WALL + (at_s - BEGIN_S) * S) / S

    def add(self, pid: int, name: str, parent: int, wants: Iterator[Wants]) -> Process:
        """Start a process."""
        made = self.processes[pid] = Process(pid, name, parent, self.at_s, wants)
        return made

    def new_pid(self) -> int:
        """The number of the next one."""
        self._next_pid += self.chance.randrange(1, 4)
        return self._next_pid

    def go(self, to_s: float) -> None:
        """Let time pass."""
        while self.at_s < to_s - 1e-6:
            self._step()

    def _step(self) -> None:
        for process in tuple(self.processes.values()):
            if process.now.until_s > self.at_s + 1e-6:
                continue
            process.now = next(process.wants, Wants(ends=True))
            if process.now.ends:
                self._end(process)
        running = [each for each in self.processes.values() if each.now.cpu > 0]
        if running:
            self._run(running)
        self.at_s += STEP_S

    def _run(self, running: list[Process]) -> None:
        left = float(CORES)
        for urgent in (True, False):
            left = self._share_out([each for each in running if each.now.real_time is urgent], left)
        self.busy_s += (CORES - left) * STEP_S
        if sum(each.now.cpu for each in running) > CORES:
            self.stalled_ns["cpu"] += STEP_S * S
        elif len(running) > 1:  # two that happen to be on one core
            self.stalled_ns["cpu"] += 0.1 * STEP_S * S
        readers = [each for each in running if each.now.io_per_s]
        for each in readers:
            each.io_bytes += each.now.io_per_s * STEP_S / len(readers)
        if any(each.now.io_per_s > MB for each in readers):
            self.stalled_ns["io"] += 0.75 * STEP_S * S

    def _share_out(self, those: list[Process], left: float) -> float:
        for place, each in enumerate(sorted(those, key=lambda one: one.now.cpu)):
            given = min(each.now.cpu, left / (len(those) - place), 1.0)
            left -= given
            used_s = given * STEP_S
            each.cpu_s += used_s * (1 - each.now.of_children)
            each.of_children_s += used_s * each.now.of_children
        return left

    def _end(self, process: Process) -> None:
        del self.processes[process.pid]
        for each in self.processes.values():
            if each.parent == process.pid:
                each.parent = INIT
        parent = self.processes.get(process.parent)
        if parent is not None:
            parent.now.until_s = 0.0
            parent.of_children_s += process.cpu_s + process.of_children_s
            parent.of_children_io += process.io_bytes + process.of_children_io
            parent.of_children_pages += 100
            parent.cpu_s += self.chance.choice((0.001, 0.005, 0.02))
            parent.now.memory += self.chance.choice((0, 0, 100_000))

    # What goes on by itself

    def _beside(self) -> Iterator[Wants]:
        while True:
            yield Wants(self.at_s + self.chance.uniform(4, 12), self.chance.uniform(0.2, 0.6))

    def _courier(self) -> Iterator[Wants]:
        """Reads and writes a little now and then."""
        while True:
            yield Wants(self.at_s + self.chance.uniform(1, 15))
            yield Wants(0.0, 0.3, self.chance.uniform(0.2, 0.9) * MB)

    def _editor(self) -> Iterator[Wants]:
        """Computes for a moment, and takes memory, each time a person has typed."""
        while True:
            yield Wants(self.at_s + self.chance.uniform(0.5, 20), memory=50 * MB)
            size = 50 * MB + self.chance.randrange(40) * MB
            yield Wants(self.at_s + self.chance.uniform(0.02, 0.2), 1.0, memory=size)

    # Those that burst

    def burst(self, kind: str, length_s: float, stays: bool) -> Burst:
        """Start a program that bursts a moment later."""
        name = "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=8))
        start_s = self.at_s + LEAD_S
        real_time = kind == "cpu" and length_s <= 1
        count = {"cpu": CORES if real_time else 4 * CORES, "read": 2, "fsync": 1}.get(kind, 4 * CORES)
        first = self.new_pid()
        pids = [self.new_pid() for _each in range(count)]
        self.add(first, name, LAUNCHER, self._forking(first, name, pids, kind, start_s, length_s, stays))
        begin, end = self.wall_s(start_s), self.wall_s(start_s + length_s)
        return Burst(kind, name, "launcher", begin, end, stays)

    def _forking(
        self, pid: int, name: str, pids: list[int], kind: str, start_s: float, length_s: float, stays: bool
    ) -> Iterator[Wants]:
        yield Wants(self.at_s + START_S, 1.0)
        for child in pids:
            self.add(child, name, pid, self._bursting(kind, start_s, length_s, stays))
        while any(pid in self.processes for pid in pids):
            yield Wants(FOR_EVER)

    def _bursting(self, kind: str, start_s: float, length_s: float, stays: bool) -> Iterator[Wants]:
        end_s, size = start_s + length_s, 8 * MB
        yield Wants(start_s)
        while self.at_s < end_s - 1e-6:
            match kind:
                case "cpu":
                    yield Wants(end_s, 1.0, real_time=length_s <= 1)
                case "read":
                    yield Wants(end_s, 0.02, 900 * MB)
                case "fsync":
                    yield Wants(end_s, 0.06, 8 * MB)
                case "memory":
                    size = (size + 2 * MB) % (256 * MB)
                    yield Wants(0.0, 1.0, memory=size)
                case _:
                    yield Wants(end_s, 1.0, of_children=0.7)
        if stays:
            yield Wants(self.at_s + STAY_S)


def _sleeping() -> Iterator[Wants]:
    while True:
        yield Wants(FOR_EVER)


class Evidence(SystemEvidence):
    """The counters of a made-up machine."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(None, self, machine.now_ns)
        self._folder = None
        self._machine = machine

    def cpu_times(self) -> object:
        """How busy it was."""
        machine = self._machine
        idle = (machine.at_s - BEGIN_S) * CORES - machine.busy_s
        return type("Times", (tuple,), {"idle": idle})((machine.busy_s, idle))


class Watched:
    """The machine with this program's recorder on it: once a second, and as soon as the beat was held up."""

    def __init__(self, seed: int) -> None:
        self.machine = machine = Machine(seed)
        self.worker = DiagnosisWorker(
            Proc(machine),
            Evidence(machine),
            lambda _pid: (),
            machine.now_ns,
            machine.wall_ns,
            own_pid=7,
        )
        self._spotter = StallSpotter()
        self._before = (machine.at_s, dict(machine.stalled_ns), machine.busy_s)
        self._round_s = machine.at_s + machine.chance.random()
        self._lengths: dict[int, float] = {}
        self.said: list[Said] = []

    def go(self, to_s: float) -> None:
        """Let time pass, with a round each second."""
        while self._round_s <= to_s:
            self.machine.go(self._round_s)
            self._round()
            self._round_s += 1.0
        self.machine.go(to_s)

    def hold_up(self, from_s: float, to_s: float) -> None:
        """The beat's own thread does not get to run for a while."""
        self.go(from_s)
        self.machine.go(to_s)
        length_ns = round((to_s - from_s) * S)
        facts: dict[str, int | float | str] = {
            "lateness_ns": length_ns,
            "cause": int(Cause.RUN_QUEUE),
            "run_queue_ns": length_ns,
        }
        self._round(Event(EventKind.HICCUP, self.machine.wall_ns(), None, facts))
        while self._round_s < self.machine.at_s:
            self._round_s += 1.0

    def _round(self, *felt: Event) -> None:
        machine, (since_s, stalled_ns, busy_s) = self.machine, self._before
        grown = {name: round(total - stalled_ns[name]) for name, total in machine.stalled_ns.items()}
        now_s, wall_ns = machine.at_s, machine.wall_ns()
        self._before = now_s, dict(machine.stalled_ns), machine.busy_s
        current = StalledRound(wall_ns - round((now_s - since_s) * S), wall_ns, grown)
        stalls = self._spotter.take(current, felt)
        for event in felt:
            self.worker.look_into(HiccupQuestion(event, grown))
        for event in stalls:
            self.worker.look_into(HiccupQuestion(event))
        cpu = (machine.busy_s - busy_s) / max(STEP_S, now_s - since_s) / CORES * 100
        self.worker.tick(cpu, self._spotter.is_stalled)
        wait_until(lambda: self.worker.is_idle, "the worker is idle", pause_s=0.0002)
        self._lengths |= {each.wall_ns: hiccup_length_ns(each) / S for each in (*felt, *stalls)}
        for answer in self.worker.answers():
            assert isinstance(answer, HiccupFinding)
            first = next(iter(answer.finding.culprits), None)
            end = answer.wall_ns / S
            named = (first.name, first.parent, first.ended_children) if first is not None else ("", "", False)
            self.said.append(Said(end - self._lengths[answer.wall_ns], end, *named))


@dataclass
class Result:
    """What came of one burst."""

    burst: Burst
    named: Named
    said: list[Said]


KINDS = ("cpu", "read", "fsync", "memory", "storm")


def results(seed: int, count: int, kinds: tuple[str, ...] = KINDS, longest_s: float = 8.0) -> list[Result]:
    """That many bursts one after the other, half of them shorter than a second."""
    watched = Watched(seed)
    machine, chance = watched.machine, watched.machine.chance
    watched.go(machine.at_s + 25.0)
    made = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        length_s = chance.uniform(0.1, 0.95) if chance.random() < 0.5 else chance.uniform(1.0, longest_s)
        start_s = machine.at_s + LEAD_S
        made.append(machine.burst(kind, length_s, chance.random() < 0.5))
        if kind == "cpu" and length_s <= 1:
            watched.hold_up(start_s, start_s + length_s + 0.01)
        watched.go(max(machine.at_s, start_s + length_s) + chance.uniform(*APART_S))
    watched.go(machine.at_s + 6.0)
    found = []
    for burst in made:
        near = [each for each in watched.said if each.start < burst.end + 3 and each.end > burst.start - 1]
        found.append(Result(burst, judged(burst, watched.said), near))
    return found
