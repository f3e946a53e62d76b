"""The words of a call ready for search: phrases of the lexicons with who said them and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Quote
from qa_engine.domain.transcript import Role, Turn, Word
from qa_engine.language import Language, get_language
from qa_engine.language.languages import LANGUAGES
from qa_engine.language.matching import MATCH_AT, NameHit, PhraseHit, TokenText, find_any, find_own_name

__all__ = ["Said", "SpokenWords"]

Hit = PhraseHit | NameHit


@dataclass(frozen=True, slots=True)
class Said:
    """Something found in the words `first`..`last` (inclusive) of a turn; `name` where it is a self-introduction."""

    turn: Turn
    first: int
    last: int
    similarity: float
    name: str = ""

    @property
    def span(self) -> Span:
        """Its time."""
        start = self.turn.words[self.first].start
        return Span(start, max(self.turn.words[self.last].end, start))

    @property
    def certain(self) -> bool:
        """Whether it counts as said; otherwise something like it was heard."""
        return self.similarity >= MATCH_AT

    @property
    def quote(self) -> Quote:
        """The words as they stand in the transcript."""
        text = " ".join(word.text for word in self.turn.words[self.first : self.last + 1])
        return Quote(text, self.turn.role, round(self.span.start, 3), round(self.span.end, 3))


class SpokenWords:
    """Turns with words, each text made ready once; nothing is found in a language without lexicons."""

    def __init__(self, turns: Sequence[Turn], language: str) -> None:
        self.turns = tuple(turn for turn in turns if turn.words)
        self.language = get_language(language) if language in LANGUAGES else None
        self._texts: dict[int, TokenText] = {}
        self._found: dict[str, tuple[Said, ...]] = {}

    def words_of(self, role: Role) -> tuple[Word, ...]:
        """The words of one role in the order of its turns."""
        return tuple(word for turn in self.turns if turn.role is role for word in turn.words)

    def means(self, word: Word) -> bool:
        """Whether there is a word in it: not a hesitation, nor a recogniser's remark such as ``[noise]``."""
        is_remark = word.text.strip()[:1] in ("[", "<", "(")
        return not is_remark and (self.language is None or bool(self.language.tokens(word.text)))

    def stem(self, text: str) -> str:
        """The stem of a word as heard, "" where it is none."""
        tokens = self.language.tokens(text) if self.language else ()
        return self.language.stem(tokens[0]) if self.language and tokens else ""

    def words_in(self, lexicon: str) -> frozenset[str]:
        """Stems of the words that carry the phrases of a lexicon; small words left out."""
        if self.language is None:
            return frozenset()
        return _stems(self.language, lexicon)

    def find(self, lexicon: str) -> tuple[Said, ...]:
        """Where anybody says a phrase of a lexicon, near misses too, turn by turn."""
        if self.language is None:
            return ()
        phrases = self.language.lexicon(lexicon)
        return self._once(lexicon, lambda text: find_any(text, phrases))

    def find_own_names(self) -> tuple[Said, ...]:
        """Where anybody introduces himself, doubtful places too, turn by turn."""
        return self._once("", find_own_name) if self.language else ()

    def _once(self, key: str, search: Callable[[TokenText], Iterable[Hit]]) -> tuple[Said, ...]:
        if key not in self._found:
            self._found[key] = tuple(
                Said(turn, hit.first_word, hit.last_word, hit.similarity, hit.name if isinstance(hit, NameHit) else "")
                for index, turn in enumerate(self.turns)
                for hit in search(self._text(index))
            )
        return self._found[key]

    def _text(self, index: int) -> TokenText:
        if index not in self._texts:
            assert self.language is not None
            words = [word.text for word in self.turns[index].words]
            self._texts[index] = TokenText.from_words(self.language, words)
        return self._texts[index]


@lru_cache(maxsize=64)
def _stems(language: Language, lexicon: str) -> frozenset[str]:
    tokens = {token for phrase in language.lexicon(lexicon) for token in language.tokens(phrase)}
    return frozenset(language.stem(token) for token in tokens - language.function_words)
