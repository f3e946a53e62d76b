"""Whether something was said in a part of the call: yes with the words, no, or that it cannot be told and why.

"No" asks for proof: the words of that part are known, were recognised surely enough, and nothing like it was heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans
from qa_engine.domain.timings import Courtesy
from qa_engine.domain.transcript import Role, Word
from qa_engine.timings.conversation import Voices
from qa_engine.timings.spoken import Said, SpokenWords

__all__ = ["Listener"]

WHY_NO_WORDS = "the words of the call are not known"
WHY_UNSURE = "the words there were recognised too uncertainly"
WHY_MISSED = "there is speech there without recognised words"
WHY_NEAR = "something like it was heard there"
WHY_OTHER_PARTY = "it was said there, but possibly by the customer"
WHY_NOBODY = "nobody speaks there"

# Probabilities (0..1): below this every third word is wrong (the same ground as that of the rules), and two such words
# in a row are room enough for the verb and the object of an announced transfer.
SURE_WORD = 0.6
UNSURE_RUN = 2
BESIDE = 2  # words between a doubtful word and a remnant of the phrase that it may have belonged to
MISSED = 1.5  # seconds of speech without a word: room for three to five words
WORD_COLLAR = 0.3  # seconds around a word that count as recognised: word times are off by 0.1-0.3 s
CUES = ("please_hold", "transfer", "thanks_for_holding")
MACHINE_OR_CUSTOMER = (Role.CUSTOMER, Role.IVR)


@dataclass(frozen=True, slots=True)
class Listener:
    """Listens for what the company's side says in parts of a call; `voices` None: nobody is heard to speak."""

    spoken: SpokenWords
    voices: Voices | None

    def listen(self, lexicons: Sequence[str], window: Span, *, last: bool = False) -> Courtesy:
        """Whether a phrase of `lexicons` was said in `window`; of several the first, or the `last` one, is quoted."""
        found = [said for lexicon in lexicons for said in self.spoken.find(lexicon)]
        heard = self._weigh(found, window, last=last)
        if heard.said is False and self._is_mangled(lexicons, window):
            return Courtesy(None, why=WHY_UNSURE)
        return heard

    def listen_for_name(self, window: Span) -> Courtesy:
        """Whether somebody gives his own name in `window`."""
        return self._weigh(self.spoken.find_own_names(), window, last=False)

    def _weigh(self, found: Iterable[Said], window: Span, *, last: bool) -> Courtesy:
        here = sorted((said for said in found if said.span.overlap(window) > 0), key=lambda said: said.span)
        own = [said for said in here if said.turn.role not in MACHINE_OR_CUSTOMER]
        certain = [said for said in own if said.certain]
        if certain:
            return Courtesy(True, certain[-1 if last else 0].quote)
        doubt = self._doubt(window) or self._traces(here, own)
        return Courtesy(None, why=doubt) if doubt else Courtesy(False)

    def _is_mangled(self, lexicons: Sequence[str], window: Span) -> bool:
        """Whether a word of a phrase stands beside one that was not recognised surely: "pursue through" for "put"."""
        words = self._words(window)
        parts = frozenset[str]().union(*map(self.spoken.words_in, lexicons))
        unsure = [at for at, word in enumerate(words) if word.probability is not None and word.probability < SURE_WORD]
        beside = {near for at in unsure for near in range(at - BESIDE, at + BESIDE + 1) if near != at}
        return any(self.spoken.stem(words[at].text) in parts for at in beside if 0 <= at < len(words))

    def is_heard_after(self, second: float) -> bool:
        """Whether anybody speaks after `second`."""
        return self.voices is not None and any(span.end > second for span in self.voices.anybody[-1:])

    def _traces(self, here: Sequence[Said], own: Sequence[Said]) -> str:
        if any(not self._is_something_else(said) for said in own):
            return WHY_NEAR
        others = [said for said in here if said.certain and said.turn.role is Role.CUSTOMER]
        return WHY_OTHER_PARTY if others and not (self.voices and self.voices.exact) else ""

    def _is_something_else(self, near: Said) -> bool:
        """Whether the words of a near miss are a phrase of another kind: "for holding" is no request to hold."""
        sure = (said for lexicon in CUES for said in self.spoken.find(lexicon) if said.certain)
        return any(said.turn is near.turn and said.first <= near.last and near.first <= said.last for said in sure)

    def _doubt(self, window: Span) -> str:
        """Why the absence of words in `window` proves nothing, "" where it does."""
        if not self.spoken.turns or self.spoken.language is None:
            return WHY_NO_WORDS
        if self.voices is None or not intersect_spans(self.voices.anybody, [window]):
            return WHY_NOBODY
        if _is_unsure(self._words(window)):
            return WHY_UNSURE
        return WHY_MISSED if self._longest_missed(window) > MISSED else ""

    def _words(self, window: Span) -> list[Word]:
        """The words of the company's side in `window`; in a mix of both those of anybody but machines."""
        others = MACHINE_OR_CUSTOMER if self.voices and self.voices.exact else (Role.IVR,)
        return [
            word
            for turn in self.spoken.turns
            if turn.role not in others and turn.start <= window.end and turn.end >= window.start
            for word in turn.words
            if word.start <= window.end and word.end >= window.start
        ]

    def _longest_missed(self, window: Span) -> float:
        """Seconds of the longest speech in `window` without words, of the manager alone where he has a channel."""
        voices = self.voices
        if voices is None:
            return 0.0
        speech = intersect_spans(voices.company if voices.exact else voices.anybody, [window])
        turns = [turn for turn in self.spoken.turns if turn.start <= window.end and turn.end >= window.start]
        covered = merge_spans(Span(w.start, max(w.start, w.end)).grow(WORD_COLLAR) for t in turns for w in t.words)
        return max((span.duration for span in subtract_spans(speech, covered)), default=0.0)


def _is_unsure(words: Sequence[Word]) -> bool:
    """Whether the recogniser itself did not trust its words: on the whole, or several in a row."""
    known = [word.probability for word in words if word.probability is not None]
    if not known:
        return False
    run = 0
    for probability in known:
        run = run + 1 if probability < SURE_WORD else 0
        if run >= UNSURE_RUN:
            return True
    return sum(known) / len(known) < SURE_WORD
