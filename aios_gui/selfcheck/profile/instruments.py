"""The collaborators of beat and recorder with a watch in their hand: each does what it stands for and notes when."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from aios_gui.heartbeat.model.beat import Sample
from aios_gui.heartbeat.model.cpu import CpuCounters
from aios_gui.heartbeat.model.items import ContextSample, LiveItem
from aios_gui.heartbeat.model.sampling import Sampler
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.path import Output
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.record.model.measurement import RecordItem
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from aios_gui.selfcheck.profile import moments as at
from aios_gui.selfcheck.profile.moments import Moments

NowNs = Callable[[], int]


class TimedSampler:
    """A sampler whose two readings are timed."""

    def __init__(self, sampler: Sampler, moments: Moments, now_ns: NowNs) -> None:
        self.name = sampler.name
        self.close = sampler.close
        self._read_cpu = sampler.read_cpu
        self._read_memory = sampler.read_memory
        self._moments = moments
        self._now_ns = now_ns

    def read_cpu(self) -> CpuCounters:
        """As of the sampler."""
        began_ns = self._now_ns()
        counters = self._read_cpu()
        ended_ns = self._now_ns()
        self._moments[at.CPU_BEGAN] = began_ns
        self._moments[at.CPU_ENDED] = ended_ns
        return counters

    def read_memory(self) -> tuple[int, int]:
        """As of the sampler."""
        moments = self._moments
        moments[at.MEMORY_BEGAN] = self._now_ns()
        sizes = self._read_memory()
        moments[at.MEMORY_ENDED] = self._now_ns()
        return sizes


def timed_choice(choose: Callable[[], Choice], moments: Moments, now_ns: NowNs) -> Choice:
    """What ``choose`` chooses, timed."""
    choice = choose()
    return Choice(TimedSampler(choice.sampler, moments, now_ns), choice.passed_over)


class TimedThresholds(Thresholds):
    """The same thresholds as ``limits``, whose comparison is timed."""

    __slots__ = ("_moments", "_now_ns")
    _moments: Moments
    _now_ns: NowNs

    def __init__(self, limits: Thresholds, moments: Moments, now_ns: NowNs) -> None:
        super().__init__(limits.cpu_percent, limits.memory_percent, limits.hiccup_ns)
        # Thresholds are frozen.
        object.__setattr__(self, "_moments", moments)
        object.__setattr__(self, "_now_ns", now_ns)

    def breached_by(self, sample: Sample) -> tuple[str, ...]:
        """As of the thresholds."""
        began_ns = self._now_ns()
        breached = Thresholds.breached_by(self, sample)
        ended_ns = self._now_ns()
        self._moments[at.COMPARE_BEGAN] = began_ns
        self._moments[at.COMPARE_ENDED] = ended_ns
        return breached


class TimedOutput(deque[Output]):
    """Where beats go, whose taking is timed."""

    def __init__(self, limit: int, moments: Moments, now_ns: NowNs) -> None:
        super().__init__(maxlen=limit)
        self._take = super().append
        self._moments = moments
        self._now_ns = now_ns

    def append(self, item: Output) -> None:
        """As of a deque."""
        began_ns = self._now_ns()
        self._take(item)
        ended_ns = self._now_ns()
        self._moments[at.APPEND_BEGAN] = began_ns
        self._moments[at.APPEND_ENDED] = ended_ns


class TimedContext(ContextSampler):
    """The context sampler of the recorder, timed; what the recorder did before it in this round was draining."""

    def __init__(self, moments: Moments, now_ns: NowNs) -> None:
        super().__init__()
        self._moments = moments
        self._watch_ns = now_ns

    def take(self, wall_ns: int, starting: bool = False) -> ContextSample:
        """As of the context sampler."""
        moments = self._moments
        moments[at.DRAINED] = moments[at.CONTEXT_BEGAN] = self._watch_ns()
        sample = super().take(wall_ns, starting)
        moments[at.CONTEXT_ENDED] = self._watch_ns()
        return sample


class TimedKeeper(ResilientStore):
    """The recorder's hand on the store, timed."""

    def __init__(
        self, path: Path, session: SessionFacts, limits: tuple[int, int], moments: Moments, now_ns: NowNs
    ) -> None:
        super().__init__(path, session, *limits)
        self._moments = moments
        self._watch_ns = now_ns

    def keep(
        self,
        items: Iterable[RecordItem],
        now_ns: int,
        wall_ns: int,
        recent: Callable[[], Iterable[LiveItem]] = tuple,
    ) -> None:
        """As of the keeper."""
        moments = self._moments
        moments[at.KEEP_BEGAN] = began_ns = self._watch_ns()
        # In most rounds there is no context sample between draining and writing.
        moments.setdefault(at.DRAINED, began_ns)
        super().keep(items, now_ns, wall_ns, recent)
        moments[at.KEEP_ENDED] = self._watch_ns()
