"""An analysis in sentences: the first one, advice and what it rests on, change points, what was unusual, anomalies."""

from __future__ import annotations

from aios_gui.history.analysis.model.advice import SHORT_BEATS, is_often
from aios_gui.history.analysis.model.analysis import (
    UNUSUAL_SCORE,
    Advice,
    AdviceKind,
    Analysis,
    Anomalies,
    ChangePoint,
    Drift,
    LimitsApart,
    Preceding,
    SeedBand,
    Timed,
    Tracked,
    UnusualMeasure,
    UnusualProgram,
)
from aios_gui.history.changes.words import burst_sentence
from aios_gui.history.comparison.model import Measure
from aios_gui.history.comparison.words import measure_name
from aios_gui.history.model.distribution import Band, band_of
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_BANDS = {
    Band.EXCELLENT: N_("excellent"),
    Band.GOOD: N_("good"),
    Band.ACCEPTABLE: N_("acceptable"),
    Band.POOR: N_("poor"),
}
_SEED_BANDS = {
    SeedBand.UNDER_10: "< 10 ms",
    SeedBand.FROM_10: "10–50 ms",
    SeedBand.FROM_50: "50–100 ms",
    SeedBand.FROM_100: "100–200 ms",
    SeedBand.OVER_200: "> 200 ms",
}
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_TIMED = {Timed.DURATION: N_("duration"), Timed.LATENESS: N_("lateness")}
_SHARES = {Tracked.CPU: N_("CPU of the machine"), Tracked.MEMORY: N_("memory of the machine")}
_TWICE = 2.0
_NAME_CHARACTERS = 60
_RATE_HOURS = 24
"""Of less that was recorded, what 100 hours of it would bring is a guess."""


def band_name(band: Band) -> str:
    """A band in a word."""
    return _(_BANDS[band])


def seed_band_name(band: SeedBand) -> str:
    """One of the older classes by its limits."""
    return _SEED_BANDS[band]


def weekday_name(weekday: int) -> str:
    """A day of the week; Monday is 0."""
    return _(_WEEKDAYS[weekday])


def timed_name(timed: Timed) -> str:
    """Duration or lateness."""
    return _(_TIMED[timed])


def is_hourly(analysis: Analysis) -> bool:
    """Whether the span is too short to tell its hiccups for 100 hours."""
    return analysis.span.end_ns - analysis.span.start_ns < _RATE_HOURS * 3_600_000_000_000


def is_rate_known(count: int, per_100h: float | None) -> bool:
    """Whether so much was recorded that hiccups, of which there were ``count``, can be told for 100 hours."""
    return per_100h is not None and count * 100 >= _RATE_HOURS * per_100h


def tracked_name(tracked: Tracked, hourly: bool = False) -> str:
    """What is followed from day to day; hiccups for an hour where that is wanted."""
    if hourly and tracked is Tracked.HICCUPS:
        return _("hiccups in an hour")
    return _(_SHARES[tracked]) if tracked in _SHARES else measure_name(Measure(tracked))


def tracked_figure(tracked: Tracked, value: float | None, hourly: bool = False) -> str:
    """A figure of it with its unit."""
    if tracked is Tracked.HICCUPS:
        return figures.rate(value / 100 if hourly and value is not None else value)
    return figures.percent(value) if tracked in _SHARES else figures.duration(value)


def share_text(share: float) -> str:
    """A share of 0 to 1 as ``99.93 %``; what is not quite all, or not quite nothing, never reads as that."""
    percent = share * 100
    if 0 < percent < 0.01:
        return "< 0.01 %"
    if 99.99 < percent < 100:
        return "> 99.99 %"
    return figures.percent(percent) if percent < 99 else f"{percent:.2f} %".replace("100.00", "100")


# The first sentence


def headline(analysis: Analysis) -> str:
    """How the machine was over the span, in one sentence."""
    if not analysis.count:
        return _("There is no beat in this span.")
    if analysis.count < SHORT_BEATS:
        return ngettext(
            "There is only {count} beat in this span: too few to judge by.",
            "There are only {count} beats in this span: too few to judge by.",
            analysis.count,
        ).format(count=figures.count(analysis.count))
    stalls = analysis.stalls
    late_ns = analysis.distributions.lateness.raw.at(0.99)
    woke = _("99 of 100 beats woke within {lateness}").format(lateness=figures.spoken_duration(late_ns))
    if band_of(late_ns) is Band.POOR and not is_often(stalls):
        return _("The machine was often late: {woke}.").format(woke=woke)
    if not stalls.count:
        return _("The machine was calm: {woke}, and it never stuttered.").format(woke=woke)
    if is_often(stalls):
        way = ngettext(
            "The machine stuttered often: {count} time, for up to {worst}; {woke}.",
            "The machine stuttered often: {count} times, for up to {worst}; {woke}.",
            stalls.count,
        )
    else:
        way = ngettext(
            "The machine was mostly calm: {woke}, and it stuttered {count} time, for {worst}.",
            "The machine was mostly calm: {woke}, and it stuttered {count} times, for up to {worst}.",
            stalls.count,
        )
    return way.format(
        count=figures.count(stalls.count), worst=figures.spoken_duration(stalls.worst_ns), woke=woke
    )


# Changes over time


def change_sentence(point: ChangePoint) -> str:
    """When a figure became another one, by how much, and what changed on the machine before."""
    when = point.date.isoformat()
    if point.precision_ns < 86_400_000_000_000:
        when = figures.clock_time(point.at_ns, 1)
    way = _("{measure}: {change} on {date} (interval {interval})")
    sentence = way.format(
        measure=tracked_name(point.tracked),
        change=change_phrase(point.ratio),
        date=when,
        interval=_interval(point.low, point.high),
    )
    if not point.preceding:
        return _("{sentence}.").format(sentence=sentence)
    return _("{sentence}; {before}.").format(sentence=sentence, before=preceding_phrase(point.preceding[0]))


def preceding_phrase(preceding: Preceding) -> str:
    """How long before it what changed."""
    what = burst_sentence(preceding.burst)
    if preceding.before_ns < 60_000_000_000:
        return _("at that time: {what}").format(what=what)
    return _("{span} before: {what}").format(span=figures.span(preceding.before_ns), what=what)


def drift_sentence(drift: Drift) -> str:
    """How a figure slowly changes."""
    return _("{measure}: {change} in 30 days, slowly (interval {interval}, by {count} days).").format(
        measure=tracked_name(drift.tracked),
        change=change_phrase(drift.ratio),
        interval=_interval(drift.low, drift.high),
        count=figures.count(drift.days),
    )


def change_phrase(ratio: float) -> str:
    """A factor as a change: ``up by 38 %``, ``down by 4 %``, ``unchanged``, ``up to 2.4 times as much``."""
    if ratio >= _TWICE:
        return _("up to {factor} times as much").format(factor=f"{ratio:.1f}")
    way = _("down by {percent} %") if ratio < 1 else _("up by {percent} %")
    percent = _percent(abs(ratio - 1))
    return way.format(percent=percent) if float(percent) else _("unchanged")


def _interval(low: float, high: float) -> str:
    """From the least to the most that a change may be."""
    if high >= _TWICE:
        return f"{low:.1f}–{high:.1f} ×"
    if high < 1:
        return f"{_percent(1 - high)}–{_percent(1 - low)} %"
    if low >= 1:
        return f"{_percent(low - 1)}–{_percent(high - 1)} %"
    return f"−{_percent(1 - low)}–+{_percent(high - 1)} %"


def _percent(share: float) -> str:
    percent = share * 100
    return f"{percent:.1f}" if percent < 2 else f"{percent:.0f}"


# What was unusual


def unusual_measure_sentence(unusual: UnusualMeasure, analysis: Analysis) -> str:
    """A measure against the same hours of the weeks before."""
    hourly = is_hourly(analysis)
    value, usual, low, high = (
        tracked_figure(unusual.tracked, each, hourly)
        for each in (unusual.value, unusual.usual, unusual.low, unusual.high)
    )
    way = (
        _("{measure}: {value}, more than the usual {usual}")
        if unusual.score >= 0
        else _("{measure}: {value}, less than the usual {usual}")
    )
    return _("{sentence} ({low} to {high} in these hours of earlier weeks).").format(
        sentence=way.format(measure=tracked_name(unusual.tracked, hourly), value=value, usual=usual),
        low=low,
        high=high,
    )


def unusual_program_sentence(unusual: UnusualProgram) -> str:
    """A program against the same hours of the weeks before."""
    name = plain(unusual.name, _NAME_CHARACTERS)
    cpu = figures.percent(unusual.cpu_percent)
    if unusual.usual_cpu_percent is None:
        way = _("{name} took {cpu} of a core on average; in these hours of earlier weeks it was not seen.")
        return way.format(name=name, cpu=cpu)
    way = _("{name} took {cpu} of a core on average; in these hours of earlier weeks it was {usual}.")
    return way.format(name=name, cpu=cpu, usual=figures.percent(unusual.usual_cpu_percent))


def unusual_sentences(analysis: Analysis) -> list[str]:
    """All that was unusual in the span, measures first."""
    unusual = analysis.unusual
    measures = [each for each in unusual.measures if abs(each.score) >= UNUSUAL_SCORE]
    programs = [each for each in unusual.programs if each.score >= UNUSUAL_SCORE]
    return [
        *(unusual_measure_sentence(each, analysis) for each in measures),
        *map(unusual_program_sentence, programs),
    ]


# Anomalies


def anomalies_sentence(anomalies: Anomalies) -> str:
    """How many beats stand out, by both limits, and why these lie apart."""
    counted = ngettext(
        "{timed}: {count} beat over {limit} ({share})",
        "{timed}: {count} beats over {limit} ({share})",
        anomalies.count,
    ).format(
        timed=timed_name(anomalies.timed),
        count=figures.count(anomalies.count),
        limit=figures.spoken_duration(anomalies.limit_ns),
        share=share_text(anomalies.share),
    )
    by_mean = ngettext(
        "a limit of 3 × mean would find {count}, over {limit}",
        "a limit of 3 × mean would find {count}, over {limit}",
        anomalies.mean_count,
    ).format(
        count=figures.count(anomalies.mean_count), limit=figures.spoken_duration(anomalies.mean_limit_ns)
    )
    why = {
        LimitsApart.ALIKE: _("both limits lie close together"),
        LimitsApart.OUTLIERS_RAISE_MEAN: _("a few very long ones raise the mean, which hides others"),
        LimitsApart.NARROW_SPREAD: _("times hardly differ here, so that even 3 × mean is far above them"),
        LimitsApart.WIDE_SPREAD: _(
            "times vary widely here as a rule, so that the mean calls usual ones unusual"
        ),
    }[anomalies.apart]
    if anomalies.count == anomalies.mean_count and anomalies.apart is not LimitsApart.ALIKE:
        why = _("both limits agree")
    return _("{counted}; {by_mean}: {why}.").format(counted=counted, by_mean=by_mean, why=why)


# Advice


def advice_sentence(advice: Advice, analysis: Analysis) -> str:
    """One thing to say of the span."""
    known = advice.figures
    if advice.kind is AdviceKind.CHANGED:
        return change_sentence(analysis.change_points[int(known["place"])])
    if advice.kind is AdviceKind.DRIFTS:
        return drift_sentence(analysis.drifts[int(known["place"])])
    if advice.kind is AdviceKind.UNUSUAL_MEASURE:
        return unusual_measure_sentence(analysis.unusual.measures[int(known["place"])], analysis)
    if advice.kind is AdviceKind.UNUSUAL_PROGRAM:
        return unusual_program_sentence(analysis.unusual.programs[int(known["place"])])
    return {
        AdviceKind.NO_BEATS: _(
            "Nothing was recorded in this span: choose another one, or start the heartbeat."
        ),
        AdviceKind.TOO_SHORT: _("Choose a longer span to judge by."),
        AdviceKind.ALL_WELL: _("Nothing needs to be done."),
        AdviceKind.SLOW_BEATS: _("Beats are slow: see under Warm-up which stage takes the time."),
        AdviceKind.STUTTERS: _("The machine stutters: see under Incidents who did it each time."),
        AdviceKind.CULPRIT: _("{name} causes most of it: update it, limit it, or run it at another time."),
        AdviceKind.BAD_HOUR: _(
            "{weekday} at {hour} is the worst hour of the week: see what is scheduled then."
        ),
        AdviceKind.CPU_BUSY: _("The processor is busy most of the time: end what is not needed."),
        AdviceKind.MEMORY_FULL: _(
            "Memory is nearly full most of the time: end what is not needed, or add memory."
        ),
        AdviceKind.MISSED: _("Beats were missed: the machine was too busy, or the program was stopped."),
        AdviceKind.NOT_MEASURED: _(
            "Beats could not read the CPU and memory figures: if the program's log goes back so far, it tells why."
        ),
        AdviceKind.NOT_RECORDED: _(
            "Much of the span is not recorded: set up autostart, so that nothing is missing."
        ),
    }[advice.kind].format(
        name=plain(str(known.get("name", "")), _NAME_CHARACTERS),
        weekday=weekday_name(int(known.get("weekday", 0))),
        hour=f"{int(known.get('hour', 0)):02d}:00",
    )


def advice_basis(advice: Advice, analysis: Analysis) -> str:
    """The figures that it rests on; "" where the sentence has them."""
    known = {name: value for name, value in advice.figures.items() if not isinstance(value, str)}

    def number(name: str) -> float:
        return known.get(name, 0)

    if advice.kind is AdviceKind.CHANGED:
        point = analysis.change_points[int(number("place"))]
        return _("From {before} to {after}; chance alone does as much once in {times}.").format(
            before=tracked_figure(point.tracked, point.before),
            after=tracked_figure(point.tracked, point.after),
            times=figures.count(round(min(1e6, 1 / max(point.p_value, 1e-6)))),
        )
    count = int(number("count"))
    return {
        AdviceKind.TOO_SHORT: ngettext(
            "{count} beat; at least {needed} are needed.",
            "{count} beats; at least {needed} are needed.",
            count,
        ),
        AdviceKind.ALL_WELL: _(
            "Of {count} beats 99 of 100 took at most {duration} and woke at most {lateness} late."
        ),
        AdviceKind.SLOW_BEATS: _("They take {mean} on average; the target is {goal}."),
        AdviceKind.STUTTERS: ngettext(
            "{count} hiccup, {rate} in 100 hours, of {worst}.",
            "{count} hiccups, {rate} in 100 hours, the longest {worst}.",
            count,
        )
        if is_rate_known(count, number("per_100h"))
        else ngettext("{count} hiccup, of {worst}.", "{count} hiccups, the longest {worst}.", count),
        AdviceKind.CULPRIT: _("It was foremost in {hiccups} of {count} hiccups."),
        AdviceKind.BAD_HOUR: _(
            "Lateness P99 is {lateness} then, and {usual} in the middle hour of the week."
        ),
        AdviceKind.CPU_BUSY: _("{percent} on average; from {limit} on it is busy."),
        AdviceKind.MEMORY_FULL: _("{percent} on average; from {limit} on it is nearly full."),
        AdviceKind.MISSED: _("{missed} of {due} beats; {availability} were made."),
        AdviceKind.NOT_MEASURED: ngettext("{beats} of {count} beat.", "{beats} of {count} beats.", count),
        AdviceKind.NOT_RECORDED: ngettext(
            "{length} in {count} gap, {share} of the span.",
            "{length} in {count} gaps, {share} of the span.",
            count,
        ),
    }.get(advice.kind, "").format(
        count=figures.count(count),
        beats=figures.count(int(number("beats"))),
        needed=figures.count(int(number("needed"))),
        duration=figures.spoken_duration(number("duration_p99_ns")),
        lateness=figures.spoken_duration(number("lateness_p99_ns")),
        mean=figures.spoken_duration(number("mean_ns")),
        goal=figures.spoken_duration(number("goal_ns")),
        rate=figures.rate(number("per_100h")),
        worst=figures.spoken_duration(number("worst_ns")),
        hiccups=figures.count(int(number("hiccups"))),
        usual=figures.spoken_duration(number("usual_ns")),
        percent=figures.percent(number("mean_percent")),
        limit=figures.percent(number("limit_percent")),
        missed=figures.count(int(number("missed"))),
        due=figures.count(int(number("due"))),
        availability=figures.availability(number("availability")),
        length=figures.span(number("length_ns")),
        share=share_text(number("share")),
    )
