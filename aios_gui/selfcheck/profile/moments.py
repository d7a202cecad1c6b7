"""The moments of one run of what is profiled; stages lie between them."""

from __future__ import annotations

Moments = dict[str, int]
"""When what happened in the run in course, monotonic ns."""

# Of the path of the beat
ALARM, WOKE = "alarm", "woke"
CPU_BEGAN, CPU_ENDED = "cpu_began", "cpu_ended"
MEMORY_BEGAN, MEMORY_ENDED = "memory_began", "memory_ended"
COMPARE_BEGAN, COMPARE_ENDED = "compare_began", "compare_ended"
APPEND_BEGAN, APPEND_ENDED = "append_began", "append_ended"
# Of a round of the recorder
ROUND_BEGAN, DRAINED, ROUND_ENDED = "round_began", "drained", "round_ended"
CONTEXT_BEGAN, CONTEXT_ENDED = "context_began", "context_ended"
KEEP_BEGAN, KEEP_ENDED = "keep_began", "keep_ended"
# Of the slow path
MARK_BEGAN, MARK_ENDED = "mark_began", "mark_ended"
GROWTH_ENDED, CULPRIT_ENDED, SPLIT_ENDED = "growth_ended", "culprit_ended", "split_ended"
