"""What a check sees of a call: the words of each role ready for search, windows of them, and quotes as evidence."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import Evidence, EvidenceKind
from qa_engine.domain.scorecard import Window
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn, Word
from qa_engine.language import Language
from qa_engine.language.matching import NameHit, PhraseHit, TokenText, find_any
from qa_engine.rules.certainty import WINDOW_GRACE

__all__ = ["CallView", "Hit", "Place", "RoleWords", "Search", "is_mark"]

Made = TypeVar("Made")

Hit = PhraseHit | NameHit
Search = Callable[[TokenText, int, int], Sequence[Hit]]
"""Looks among the words `first`..`last` (inclusive) of a text."""

_OTHER = {Role.MANAGER: Role.CUSTOMER, Role.CUSTOMER: Role.MANAGER, Role.SECOND_MANAGER: Role.CUSTOMER}
_MARKS = {"[": "]", "<": ">", "(": ")"}


def is_mark(word: Word) -> bool:
    """Whether it is a recogniser's remark (``[noise]``, ``<unk>``) and no word."""
    text = word.text
    if text[:1].isalpha():  # nearly always
        return False
    text = text.strip()
    return len(text) > 1 and _MARKS.get(text[0]) == text[-1]


@dataclass(frozen=True, slots=True)
class RoleWords:
    """All words of one role in time order; `turns[i]` is the number of word i's turn, `text` is for the search."""

    role: Role
    words: tuple[Word, ...]
    turns: tuple[int, ...]
    text: TokenText


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: words `first`..`last` (inclusive; none when last < first) of a role, and the time they span."""

    role: Role
    first: int
    last: int
    span: Span
    from_start: bool = False  # the window begins with the call
    to_end: bool = False  # the window ends with the call

    @property
    def num_words(self) -> int:
        """How many words are in it."""
        return max(0, self.last - self.first + 1)


class CallView:
    """One call seen by all checks of a scorecard: what they share is worked out once, when first asked for."""

    __slots__ = ("_made", "call", "language")

    def __init__(self, call: Call, language: Language) -> None:
        self.call = call
        self.language = language
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, kept under `key` for as long as the view lives."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def words_of(self, role: Role) -> RoleWords:
        """The words of a role."""
        return self.once(("words", role), lambda: self._gather(role))

    def turn_at(self, role: Role, word: int) -> Turn:
        """The turn in which word number `word` of a role was said."""
        spoken = [turn for turn in self.call.turns_of(role) if not all(map(is_mark, turn.words))]
        return spoken[self.words_of(role).turns[word]]

    def _gather(self, role: Role) -> RoleWords:
        spoken = [[word for word in turn.words if not is_mark(word)] for turn in self.call.turns_of(role)]
        numbered = [(i, word) for i, words in enumerate(filter(None, spoken)) for word in words]
        words = tuple(word for _, word in numbered)
        text = TokenText.from_words(self.language, [word.text for word in words])
        return RoleWords(role, words, tuple(i for i, _ in numbered), text)

    @property
    def begun(self) -> float:
        """The second from which `first_seconds` counts: the answer, or the end of a machine's words after it."""
        return self.once("begun", self._find_begun)

    def _find_begun(self) -> float:
        people = [turn.start for turn in self.call.turns if turn.role in _OTHER and turn.words]
        first = min(people, default=0.0)
        machine = [turn.end for turn in self.call.turns if turn.role is Role.IVR and turn.start < first]
        answered = self.call.timings.answered_at
        return max([first if answered is None else answered, *(min(end, first) for end in machine)])

    @property
    def ended(self) -> float:
        """The end of the last word of the call, in seconds; from there `last_seconds` counts back."""
        return max((turn.end for turn in self.call.turns if turn.role is not Role.IVR), default=self.call.duration)

    @property
    def handed_over_at(self) -> float | None:
        """The second from which a second manager has the call to its end; None where the first one keeps it."""
        return self.once("handed over", self._find_hand_over)

    def _find_hand_over(self) -> float | None:
        measured = self.call.timings.handed_over_at
        second = [turn.start for turn in self.call.turns_of(Role.SECOND_MANAGER) if turn.words]
        if measured is not None or not second:
            return measured
        returned = any(turn.start > min(second) for turn in self.call.turns_of(Role.MANAGER))
        return None if returned else min(second)

    def place(self, role: Role, window: Window) -> Place:
        """Where `window` is among the words of `role`."""
        return self.once(("place", role, window), lambda: self._find_place(role, window))

    def _find_place(self, role: Role, window: Window) -> Place:
        said = self.words_of(role)
        start, end = self._seconds(window)
        first_turn, last_turn = _turn_limits(window, said)
        if window.last_seconds is not None and last_turn > 0:
            first_turn = max(first_turn, 1)  # the opening of a short call is not its end: "thank you for calling"
        inside = [
            i
            for i, word in enumerate(said.words)
            if word.start <= end and word.end >= start and first_turn <= said.turns[i] <= last_turn
        ]
        limits = Span(min(start, end), end)
        if inside:  # a place counted in turns ends with its words; any place holds its words wholly
            first, last = said.words[inside[0]], said.words[inside[-1]]
            limits = Span(
                first.start if window.last_turns else min(limits.start, first.start),
                last.end if window.first_turns else max(limits.end, last.end),
            )
        return Place(
            role,
            inside[0] if inside else 0,
            inside[-1] if inside else -1,
            limits,
            from_start=window.first_seconds is not None or window.first_turns is not None,
            to_end=window.last_seconds is not None or window.last_turns is not None,
        )

    def _seconds(self, window: Window) -> tuple[float, float]:
        start, end = 0.0, max(self.call.duration, self.ended)
        if window.first_seconds is not None:
            end = min(end, self.begun + window.first_seconds + WINDOW_GRACE)
        if window.last_seconds is not None:
            start = max(0.0, self.ended - window.last_seconds - WINDOW_GRACE)
        return start, end

    def whole(self, role: Role) -> Place:
        """The whole call."""
        return self.place(role, Window())

    def between(self, role: Role, span: Span) -> Place:
        """The words of `role` that touch `span`."""
        words = self.words_of(role).words
        inside = [i for i, word in enumerate(words) if word.start <= span.end and word.end >= span.start]
        return Place(role, inside[0] if inside else 0, inside[-1] if inside else -1, span)

    def other(self, role: Role) -> Role | None:
        """The other party; None for machines."""
        return _OTHER.get(role)

    def find(self, search: Search, place: Place) -> tuple[Hit, ...]:
        """What `search` finds in a place."""
        if place.last < place.first:
            return ()
        return tuple(search(self.words_of(place.role).text, place.first, place.last))

    def says_any(self, role: Role, phrases: Sequence[str]) -> tuple[PhraseHit, ...]:
        """Hits and near misses of any of the phrases anywhere in the words of a role."""
        return find_any(self.words_of(role).text, phrases)

    def quote(self, role: Role, first: int, last: int) -> str:
        """The words of a role as they stand in the transcript."""
        return " ".join(word.text for word in self.words_of(role).words[first : last + 1])

    def cite(self, role: Role, hit: Hit, *, kind: EvidenceKind = EvidenceKind.MATCH, note: str = "") -> Evidence:
        """Evidence for a hit: the very words, with their seconds."""
        words = self.words_of(role).words
        return Evidence(
            kind,
            self.quote(role, hit.first_word, hit.last_word),
            words[hit.first_word].start,
            words[hit.last_word].end,
            role,
            round(hit.similarity, 1),
            note,
        )


def _turn_limits(window: Window, said: RoleWords) -> tuple[int, int]:
    num_turns = said.turns[-1] + 1 if said.turns else 0
    last = num_turns - 1 if window.first_turns is None else window.first_turns - 1
    return (0 if window.last_turns is None else max(0, num_turns - window.last_turns)), last
