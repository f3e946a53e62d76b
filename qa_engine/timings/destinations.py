"""To whom a call is transferred, as far as it is said: "перевожу на склад", "I'll put you through to billing"."""

from __future__ import annotations

from qa_engine.domain.transcript import Word
from qa_engine.language import Language
from qa_engine.timings.spoken import Said

__all__ = ["find_destination"]

MOST_WORDS = 5
NEAR = 3  # words after the announcement in which the preposition stands: "сейчас переведу вас на ..."
PAUSE = 0.8  # seconds between two words that end the sentence
CLAUSE_ENDS = ".,;!?:…"


def find_destination(said: Said, language: Language) -> str:
    """The words that name the other party after an announcement, as heard; "" where nobody is named."""
    words = said.turn.words
    for at in range(said.first, min(said.last + NEAR + 1, len(words))):
        if _bare(words[at]) in language.cues("transfer_towards"):
            named = _named(words[at:], language)
            if named:
                return named
        if at >= said.last and _ends_clause(words, at):
            break
    return ""


def _named(words: tuple[Word, ...], language: Language) -> str:
    """The words after the preposition that stands first in `words`, up to the end of the clause."""
    named: list[str] = []
    for at in range(1, min(len(words), MOST_WORDS + 1)):
        if _ends_clause(words, at - 1) or _bare(words[at]) in language.cues("transfer_goes_on"):
            break
        named.append(words[at].text.strip(CLAUSE_ENDS))
    tells = [text for text in named if text.lower() not in language.cues("transfer_nobody_named")]
    return " ".join(named) if tells else ""


def _bare(word: Word) -> str:
    return word.text.strip(CLAUSE_ENDS + "«»\"'").lower()


def _ends_clause(words: tuple[Word, ...], at: int) -> bool:
    """Whether a sentence or a part of it ends with word `at`."""
    word = words[at]
    return word.text[-1:] in CLAUSE_ENDS or (at + 1 < len(words) and words[at + 1].start - word.end > PAUSE)
