"""A comparison in sentences: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from aios_gui.history.changes.words import burst_sentence
from aios_gui.history.comparison.model import (
    RESOLUTION,
    Comparison,
    Condition,
    Measure,
    MeasureResult,
    Verdict,
)
from aios_gui.history.comparison.suggested import Suggestion, Why
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_WEEK_NS = 7 * 86_400_000_000_000
_CHARACTERS = 60

_MEASURES = {
    Measure.DURATION_P50: N_("duration, P50"),
    Measure.DURATION_P99: N_("duration, P99"),
    Measure.LATENESS_P50: N_("lateness, P50"),
    Measure.LATENESS_P99: N_("lateness, P99"),
    Measure.LATENESS_P99_9: N_("lateness, P99.9"),
    Measure.HICCUPS: N_("hiccups in 100 hours"),
    Measure.WORST_STALL: N_("worst stall"),
}
_VERDICTS = {
    Verdict.BETTER: N_("better"),
    Verdict.WORSE: N_("worse"),
    Verdict.NO_DIFFERENCE: N_("no demonstrable difference"),
    Verdict.UNRESOLVED: N_("unresolved"),
    Verdict.NOT_ENOUGH: N_("not enough data"),
    Verdict.NOT_COMPARABLE: N_("not comparable"),
}
_CONDITIONS = {
    Condition.INTERVAL: N_("the interval"),
    Condition.MODE: N_("window or service"),
    Condition.SAMPLER: N_("the sampler"),
    Condition.POWER: N_("mains or battery"),
    Condition.VERSION: N_("the major version of the program"),
}


_SUGGESTIONS = {
    Why.JUST_BEFORE: N_("The same length of time just before"),
    Why.WEEK_BEFORE: N_("The same time a week before"),
    Why.SAME_WEEKDAY: N_("{day}, and the same weekday before"),
    Why.AROUND_CHANGE: N_("{span} before and after {time}: {change}"),
}


def suggestion_phrase(suggestion: Suggestion) -> str:
    """What two spans that may be compared are."""
    change = time = ""
    if suggestion.burst is not None:
        change = plain(burst_sentence(suggestion.burst), _CHARACTERS)
        time = figures.clock_time(suggestion.burst.changes[0].at_ns)
    weeks = round((suggestion.b.start_ns - suggestion.a.start_ns) / _WEEK_NS)
    if suggestion.why is Why.WEEK_BEFORE and weeks > 1:
        return ngettext(
            "The same time {count} week before", "The same time {count} weeks before", weeks
        ).format(count=weeks)
    return _(_SUGGESTIONS[suggestion.why]).format(
        day=figures.clock_time(suggestion.b.start_ns, 1)[:10],
        span=figures.span(suggestion.b.end_ns - suggestion.b.start_ns),
        time=time,
        change=change,
    )


def delta(value: float | None) -> str:
    """Cliff's delta, −1 to 1."""
    return figures.NONE if value is None else f"{'−' if value < -0.005 else '+'}{abs(value):.2f}"


def noise(result: MeasureResult) -> str:
    """By how much two spans differ here without any change."""
    return figures.NONE if result.noise is None else f"± {change(result.noise).removeprefix('+')}"


def measure_name(measure: Measure) -> str:
    """What is compared."""
    return _(_MEASURES[measure])


def verdict_word(verdict: Verdict) -> str:
    """The verdict in a word or two."""
    return _(_VERDICTS[verdict])


def figure(measure: Measure, value: float | None) -> str:
    """A value of the measure with its unit."""
    return figures.rate(value) if measure is Measure.HICCUPS else figures.duration(value)


def change(ratio: float | None) -> str:
    """A ratio as the change that it is: ``+38 %``, ``−4 %``, ``2.4 ×``."""
    if ratio is None:
        return figures.NONE
    if ratio >= 2:
        return f"{ratio:.1f} ×"
    percent = round((ratio - 1) * 100)
    return f"{'−' if percent < 0 else '+'}{abs(percent)} %"


def interval(result: MeasureResult) -> str:
    """From the least to the most that the change may be."""
    if result.low is None or result.high is None:
        return figures.NONE
    return f"{change(result.low)} … {change(result.high)}"


def verdict_sentence(comparison: Comparison) -> str:
    """Whether the second span is better or worse than the first, and by what."""
    if comparison.verdict is Verdict.NOT_COMPARABLE:
        differing = _(", ").join(_(_CONDITIONS[each]) for each in comparison.differing)
        return _("The two spans cannot be compared, because this differs: {list}.").format(list=differing)
    if comparison.verdict is Verdict.NOT_ENOUGH:
        if comparison.hours_needed is None:
            return _("There is not enough data to tell.")
        hours = max(1, comparison.hours_needed - min(comparison.matched_hours))
        return ngettext(
            "There is not enough data to tell: about {count} more hour is needed in each span.",
            "There is not enough data to tell: about {count} more hours are needed in each span.",
            hours,
        ).format(count=figures.count(hours))
    if comparison.verdict is Verdict.NO_DIFFERENCE:
        return _("No demonstrable difference.")
    found = [each for each in comparison.measures if each.verdict in (Verdict.BETTER, Verdict.WORSE)]
    listed = _("; ").join(
        _("{measure} {change} (interval {interval})").format(
            measure=measure_name(each.measure), change=change(each.ratio), interval=interval(each)
        )
        for each in found
    )
    sentences = {
        Verdict.BETTER: _("The second span is better: {list}."),
        Verdict.WORSE: _("The second span is worse: {list}."),
        Verdict.UNRESOLVED: _("Some is better and some is worse: {list}."),
    }
    return sentences[comparison.verdict].format(list=listed)


def basis_sentences(comparison: Comparison) -> Iterator[str]:
    """What the verdict rests on."""
    yield ngettext(
        "Compared are {a} hour of A and {b} of B, of the same time of day and kind of day.",
        "Compared are {a} hours of A and {b} of B, of the same time of day and kind of day.",
        comparison.matched_hours[0],
    ).format(a=figures.count(comparison.matched_hours[0]), b=figures.count(comparison.matched_hours[1]))
    if comparison.shared_hours:
        yield ngettext(
            "{count} hour is in both spans, which hides part of what differs.",
            "{count} hours are in both spans, which hides part of what differs.",
            comparison.shared_hours,
        ).format(count=figures.count(comparison.shared_hours))
    left_out, unmatched = sum(comparison.left_out_hours), sum(comparison.unmatched_hours)
    if left_out or unmatched:
        sentence = ngettext(
            "Left out: {less} hour that is less than half recorded, {other} without their like in the other span.",
            "Left out: {less} hours that are less than half recorded, {other} without their like in the other span.",
            left_out,
        )
        yield sentence.format(less=figures.count(left_out), other=figures.count(unmatched))
    if comparison.noise_pairs:
        yield _("The noise is what {count} pairs of earlier spans differ by on this machine.").format(
            count=comparison.noise_pairs
        )
    elif comparison.measures:
        yield _("The record does not go back far enough to tell the noise of this machine.")
    if comparison.verdict in (Verdict.NO_DIFFERENCE, Verdict.UNRESOLVED) and comparison.hours_needed:
        yield _("A change of {change} in the P99 would be seen from {hours} hours on.").format(
            change=change(RESOLUTION), hours=figures.count(comparison.hours_needed)
        )


def seed_sentence(comparison: Comparison) -> str:
    """What the random numbers began with, for those who would reckon it again."""
    return _("Seed of the random numbers: {seed}.").format(seed=comparison.seed)
