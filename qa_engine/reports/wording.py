"""Numbers, dates, plurals and sentences as people of one language write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa_engine.domain.evaluation import EvidenceKind, FailedRecording, Verdict
from qa_engine.domain.transcript import Role
from qa_engine.reports.cleaning import clean_text, mask_customer, mask_name, mask_text
from qa_engine.reports.figures import Difference, Mean, Rate
from qa_engine.reports.labels import LABELS
from qa_engine.reports.report import AnswerSpeed, Comparison, CriterionSummary, Report

__all__ = ["MARKS", "Wording", "plural_form"]

MARKS = {
    Verdict.PASS: "✓",
    Verdict.PARTIAL: "◐",
    Verdict.FAIL: "✗",
    Verdict.REVIEW: "?",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.NOT_MEASURED: "·",
}
"""A sign per verdict, so that colour is never the only one."""

LONGEST_QUOTE = 400
"""Characters of a quote that are shown; a longer one is cut with an ellipsis."""


def plural_form(language: str, num: int) -> int:
    """Which of ``one|few|many`` goes with a number (Unicode CLDR plural rules for en and ru): 0, 1 or 2."""
    if language != "ru":
        return 0 if num == 1 else 2
    if num % 10 == 1 and num % 100 != 11:
        return 0
    return 1 if 2 <= num % 10 <= 4 and not 12 <= num % 100 <= 14 else 2


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a report says, in `language` (English where it is unknown)."""

    language: str

    def say(self, key: str, /, **fields: object) -> str:
        """The label `key` with its fields filled."""
        return LABELS.say(self.language, key, **fields)

    def count(self, num: int, key: str = "n_calls") -> str:
        """A number with its noun: ``5 звонков``."""
        return f"{num}\u00a0{self.say(key).split('|')[plural_form(self.language, num)]}"

    def of_calls(self, num: int, total: int) -> str:
        """``7 of 9 calls``."""
        return self.say("of_calls", num=num, calls=self.count(total, "of_calls_noun"))

    def number(self, value: float, digits: int = 1) -> str:
        """A number with at most `digits` decimals: ``87,5``, ``90``."""
        text = f"{value:.{digits}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text == "-0" else text.replace("-", "−").replace(".", self.say("decimal_mark"))

    def percent(self, value: float | None, digits: int = 0) -> str:
        """``87%``, or a dash where there is no figure."""
        return "–" if value is None else self.say("percent", number=self.number(value, digits))

    def score(self, value: float | None) -> str:
        """A score 0..100 with one decimal where it has one."""
        return "–" if value is None else self.number(value)

    def seconds(self, value: float | None) -> str:
        """``7.4 s``."""
        return "–" if value is None else self.say("seconds", number=self.number(value))

    def clock(self, seconds: float | None) -> str:
        """Minutes and seconds of a recording, ``1:05``; with hours from the first hour on."""
        if seconds is None:
            return "–"
        minutes, rest = divmod(int(max(0.0, seconds)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    def day(self, moment: datetime) -> str:
        """``20 November 2026``."""
        month = self.say("months").split("|")[moment.month - 1]
        return self.say("day_long", day=moment.day, month=month, year=moment.year)

    def moment(self, moment: datetime | None) -> str:
        """A day with the time as the clock showed it."""
        if moment is None:
            return self.say("date_unknown")
        short = self.say("months_short").split("|")[moment.month - 1]
        clock = f"{moment:%H:%M}"
        return self.say("moment", day=moment.day, month_short=short, year=moment.year, clock=clock)

    def period(self, report: Report | Comparison) -> str:
        """The period asked for, else the days of the first and the last call."""
        if report.period:
            return clean_text(report.period)
        if report.first is None or report.last is None:
            return self.say("period_none")
        first, last = self.day(report.first), self.day(report.last)
        return first if first == last else self.say("from_to", first=first, last=last)

    def quoted(self, text: str) -> str:
        """Words in the quotation marks of the language, cut where they are very long."""
        text = clean_text(text)
        cut = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
        return self.say("quoted", text=cut)

    def name(self, manager: str) -> str:
        """A manager's name, or the words for a manager whom nobody knows."""
        return clean_text(manager) or self.say("not_known")

    def interval(self, figure: Rate | Mean | Difference, *, key: str = "interval") -> str:
        """How sure a rate or a mean is; "" where it cannot be said."""
        if figure.low is None or figure.high is None:
            return ""
        if isinstance(figure, Rate):
            return self.say(key, low=self.number(figure.low, 0), high=self.percent(figure.high))
        digits = 0 if figure.high - figure.low >= 10 else 1
        return self.say(key, low=self.number(figure.low, digits), high=self.number(figure.high, digits))

    def rate(self, rate: Rate) -> str:
        """``7 of 9 calls, 95% between 45 and 94%``."""
        if not rate.num_judged:
            return self.say("not_judged")
        return f"{self.of_calls(rate.num_pass, rate.num_judged)}, {self.interval(rate, key='interval_long')}"

    def other_counts(self, criterion: CriterionSummary) -> str:
        """The verdicts besides pass, in words: ``fail 2, to review 1``; "" for none."""
        counts = {
            "counts_partial": criterion.num_partial,
            "counts_fail": criterion.num_fail,
            "counts_review": criterion.num_review,
            "counts_not_applicable": criterion.num_not_applicable,
            "counts_not_measured": criterion.num_not_measured,
        }
        return ", ".join(self.say(key, num=num) for key, num in counts.items() if num)

    def reasons(self, speed: AnswerSpeed) -> tuple[str, ...]:
        """Why the answer was not measured on some calls, the most frequent reason first."""
        return tuple(
            self.say("because", calls=self.count(num), reason=clean_text(reason) or self.say("reason_unknown"))
            for reason, num in speed.reasons
        )

    def change(self, difference: Difference) -> str:
        """``+12 points, better``, or why nothing can be said."""
        if difference.value is None or difference.low is None:
            return self.say("change_unknown")
        way = "change_better" if difference.value > 0 else "change_worse"
        return f"{self.signed(difference)}, {self.say(way if difference.is_clear else 'change_unclear')}"

    def signed(self, difference: Difference) -> str:
        """A change with its sign: ``+12 points``, ``−3 points``."""
        value = round(difference.value or 0.0, 1)
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return self.say("points_change", number=sign + self.number(abs(value)))

    def verdict(self, verdict: Verdict) -> str:
        """The word for a verdict."""
        return self.say(f"verdict_{verdict.value}")

    def passed(self, passed: bool | None) -> str:
        """Whether a call reached the pass mark, in words."""
        return self.say("no_score") if passed is None else self.say("call_passed" if passed else "call_failed")

    def speaker(self, role: Role | None) -> str:
        """Who said a quote, where it was not the manager who took the call."""
        known = {Role.CUSTOMER: "by_customer", Role.IVR: "by_ivr", Role.SECOND_MANAGER: "by_second_manager"}
        return self.say(known[role]) if role in known else ""

    def evidence_kind(self, kind: EvidenceKind | None) -> str:
        """What a quote is, where it is not simply what was said."""
        return "" if kind in (None, EvidenceKind.MATCH) else self.say(f"kind_{kind.value}")

    def error(self, failed: FailedRecording) -> str:
        """The kind of failure in words."""
        key = f"error_{failed.kind}"
        return self.say(key if key in LABELS.tables["en"] else "error_other")

    def message(self, failed: FailedRecording) -> str:
        """What happened to a recording, with the numbers of customers in it hidden."""
        return mask_text(failed.message)

    def customer(self, customer: str) -> str:
        """The customer's number with all but the last digits hidden."""
        return mask_customer(customer) or self.say("customer_unknown")

    def recording(self, path: str, customer: str = "") -> str:
        """The name of the recording with the customer's number hidden."""
        return mask_name(path, customer)
