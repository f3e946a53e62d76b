"""The report for the terminal: a row per manager, what to improve, fatal faults, unreadable recordings; 80 columns.

Names and words are shown as they are, never read as markup, and cannot move the cursor.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa_engine.reports.cleaning import clean_text
from qa_engine.reports.figures import Mean, Rate
from qa_engine.reports.report import CriterionSummary, ManagerReport, Report
from qa_engine.reports.wording import Wording

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

__all__ = ["render", "render_plain"]

NUM_IMPROVEMENTS = 2
WIDTH = 80
_POOR, _FAIR = 60.0, 80.0
"""Below, a figure is red or yellow; colour only repeats what the number says."""


def render(report: Report) -> RenderableType:
    """The report as something that a rich console prints; it fits 80 columns and grows with the terminal."""
    from rich.console import Group

    say = Wording(report.language)
    return Group(*_parts(report, say))


def render_plain(report: Report, *, width: int = WIDTH) -> str:
    """The same without colours, for files and pipes."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, color_system=None, legacy_windows=False)
    console.print(render(report))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _parts(report: Report, say: Wording) -> Iterator[RenderableType]:
    yield _head(report, say)
    if report.managers:
        yield _managers_table(report, say)
        yield _line(f"\n{say.say('table_about')}\n", style="dim")
        yield from _changes(report, say)
        yield from _improvements(report, say)
        yield from _notes(report, say)
    else:
        yield _line(say.say("no_calls"))
    yield from _fatal_calls(report, say)
    yield from _failures(report, say)


def _head(report: Report, say: Wording) -> Text:
    totals = report.totals
    counts = [
        f"{say.say('recordings')}: {totals.num_recordings}",
        f"{say.say('scored')}: {totals.num_scored}",
        f"{say.say('unreadable')}: {totals.num_unreadable}",
        f"{say.say('calls_to_review')}: {totals.num_calls_to_review}",
    ]
    text = _line(say.say("report_of", company=clean_text(report.company)), style="bold")
    text.append(f"\n{say.period(report)}\n{' · '.join(counts)}\n", style="not bold")
    return text


def _managers_table(report: Report, say: Wording) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column(say.say("manager"), min_width=10, max_width=24, overflow="fold")
    heads = ("calls", "score", "passed", "answer_short", "greeting", "rules", "impolite", "to_review_head")
    for head in heads:
        table.add_column(say.say(head), justify="right", no_wrap=True)
    for manager in report.managers:
        table.add_row(*_cells(manager, report, say))
    return table


def _cells(manager: ManagerReport, report: Report, say: Wording) -> Iterator[Text]:
    score = manager.score.value
    yield _line(say.name(manager.name))
    yield _line(str(manager.num_calls))
    shown = f"{say.score(score)} {_range(manager.score, say)}".rstrip()
    yield _line(shown, style="" if score is None else _colour(score, good=report.pass_mark))
    yield _rate(manager.passed)
    yield _line(say.seconds(manager.speed.mean.value))
    yield _rate(manager.greeting)
    yield _rate(manager.rules)
    yield _line(str(manager.num_impolite), style="red" if manager.num_impolite else "")
    yield _line(str(manager.num_review), style="yellow" if manager.num_review else "")


def _rate(rate: Rate) -> Text:
    """``7/9``: a share that cannot be read without its number of calls."""
    if rate.percent is None:
        return _line("–")
    return _line(f"{rate.num_pass}/{rate.num_judged}", style=_colour(rate.percent))


def _range(mean: Mean, say: Wording) -> str:
    if mean.low is None or mean.high is None:
        return ""
    return f"({say.number(mean.low, 0)}–{say.number(mean.high, 0)})"


def _colour(value: float, *, good: float = _FAIR) -> str:
    if value >= good:
        return "green"
    return "yellow" if value >= min(_POOR, good) else "red"


def _improvements(report: Report, say: Wording) -> Iterator[RenderableType]:
    yield _line(say.say("to_improve"), style="bold")
    for manager in report.managers:
        yield _line(say.name(manager.name))
        if not manager.to_improve:
            yield _line(f"  {say.say('nothing_lost')}", style="dim")
        for number, criterion in enumerate(manager.to_improve[:NUM_IMPROVEMENTS], start=1):
            yield _improvement(number, criterion, say)
    yield _line("")


def _changes(report: Report, say: Wording) -> Iterator[RenderableType]:
    comparison = report.comparison
    if comparison is None:
        return
    yield _line(say.say("compared_with", period=say.period(comparison)), style="bold")
    if not comparison.same_scorecard:
        yield _line(say.say("other_card"), style="yellow")
    if not comparison.managers:
        yield _line(say.say("nobody_in_both"))
    for change in comparison.managers:
        scores = f"{say.score(change.before.value)} → {say.score(change.now.value)}"
        yield _indented(f"{say.name(change.name)}: {scores}, {say.change(change.difference)}")
    yield _line("")


def _improvement(number: int, criterion: CriterionSummary, say: Wording) -> Padding:
    rate = say.of_calls(criterion.rate.num_pass, criterion.rate.num_judged)
    advice = f" {clean_text(criterion.advice)}" if criterion.advice else ""
    return _indented(f"{number}. {clean_text(criterion.title)}: {rate}.{advice}")


def _notes(report: Report, say: Wording) -> Iterator[RenderableType]:
    """What keeps a reader from taking a figure for more than it is."""
    totals = report.totals
    speed = totals.speed
    if speed.num_not_measured:
        measured = say.say("measured_on", num=speed.mean.num, calls=say.count(totals.num_calls, "of_calls_noun"))
        yield _line(f"{say.say('answer_speed')}: {measured}", style="dim")
        for reason in say.reasons(speed):
            yield _indented(reason, style="dim")
    if totals.review_percent:
        verdicts = say.count(sum(manager.num_review for manager in report.managers), "n_verdicts")
        share = say.say("review_share", percent=say.percent(totals.review_percent), verdicts=verdicts)
        yield _line(share, style="dim")
    if totals.num_other_version:
        yield _line(say.say("other_version", calls=say.count(totals.num_other_version)), style="yellow")


def _fatal_calls(report: Report, say: Wording) -> Iterator[RenderableType]:
    if not report.totals.num_fatal:
        return
    yield _line(f"\n{say.say('fatal_calls')}: {report.totals.num_fatal}", style="bold red")
    for manager in report.managers:
        for call in manager.calls:
            if call.evaluation.fatal:
                recording = say.recording(call.recording, call.customer)
                titles = ", ".join(clean_text(title) for title in call.fatal_titles)
                yield _indented(f"{say.name(manager.name)}, {say.moment(call.started_at)}: {titles}; {recording}")


def _failures(report: Report, say: Wording) -> Iterator[RenderableType]:
    if not report.failures:
        return
    yield _line(f"\n{say.say('unreadable_files')}: {len(report.failures)}", style="bold")
    for failed in report.failures:
        yield _indented(f"{say.recording(failed.path)}: {say.error(failed)}. {say.message(failed)}")


def _indented(text: str, *, style: str = "") -> Padding:
    from rich.padding import Padding

    return Padding(_line(text, style=style), (0, 0, 0, 2))


def _line(text: str, *, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style, overflow="fold")
