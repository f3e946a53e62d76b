"""A language as the engine sees it, and the two there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock

from qa_engine.errors import SettingsError
from qa_engine.language import en, ru
from qa_engine.language.lexicons import LEXICON_NAMES, load_lines, load_phrases
from qa_engine.language.names import NameBook
from qa_engine.language.normalizing import Normalizer, Tokens
from qa_engine.language.scripts import has_cyrillic

__all__ = ["LANGUAGES", "Language", "get_language"]

LANGUAGES = ("en", "ru")
_PATRONYMIC = re.compile(".{2,}(?:ович|евич|ич|овна|евна|ична|инична)")
_STEM_LOCK = Lock()  # snowball stemmers keep the word in work in themselves


class Language:
    """Normalising, stems, lexicons and names of one language. Use `get_language`: there is one of each."""

    def __init__(self, code: str, normalizer: Normalizer, names: NameBook) -> None:
        self.code = code
        self.names = names
        self._normalizer = normalizer

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    def normalize(self, text: str) -> str:
        """Lower case, ё as е, no punctuation, number words as digits, hesitations dropped; tokens joined by spaces."""
        return self._normalizer.normalize(text)

    def tokens(self, text: str) -> tuple[str, ...]:
        """The normalised tokens of a text."""
        return tuple(self.normalize(text).split())

    def tokenize(self, words: Sequence[str]) -> Tokens:
        """Tokens with the indices of the source words they came from."""
        return self._normalizer.tokenize(words)

    def stem(self, token: str) -> str:
        """The Snowball stem of a normalised token; by the token's alphabet, so that mixed texts work."""
        return _stem(token)

    @property
    def lexicon_names(self) -> tuple[str, ...]:
        """Names of the lexicons, the same in every language."""
        return LEXICON_NAMES

    def lexicon(self, name: str) -> tuple[str, ...]:
        """The phrases of a lexicon as written in its file; KeyError for an unknown name."""
        return load_phrases(self.code, name)

    @property
    def function_words(self) -> frozenset[str]:
        """Words that carry little: their loss costs a phrase less than the loss of any other word."""
        return _words(self.code, "function_words")

    @property
    def generic_company_words(self) -> frozenset[str]:
        """Words many company names share (bank, shop, компания); alone they name nobody."""
        return _words(self.code, "company_generic")

    def cues(self, name: str) -> frozenset[str]:
        """The words of a data file of single words (`name_nouns`, `not_names`, ...)."""
        return _words(self.code, name)

    def name_forms(self, name: str) -> frozenset[str]:
        """Normalised forms of a first or full name: cases, diminutives, the other alphabet; with the surname too."""
        tokens = self.tokens(name)
        if not tokens:
            return frozenset()
        first = next((token for token in tokens if self.names.lookup(token)), tokens[0])
        rest = " ".join(token for token in tokens if token != first)
        forms = self.names.forms(first)
        return forms | {f"{form} {rest}" for form in forms} | {f"{rest} {form}" for form in forms} if rest else forms

    def is_first_name(self, token: str) -> bool:
        """Whether a normalised token is a first name or a diminutive in any case."""
        return bool(self.names.lookup(token))

    def canonical_name(self, token: str) -> str:
        """The full first name a token stands for ("аней" -> "анна"); "" for an unknown one."""
        found = self.names.lookup(token)
        return found[0] if found else ""

    def is_patronymic(self, token: str) -> bool:
        """Whether a normalised token looks like a Russian patronymic."""
        return _PATRONYMIC.fullmatch(token) is not None


@lru_cache(maxsize=200_000)
def _stem(token: str) -> str:
    if token.isdecimal():
        return token
    if token in ru.STEMS:
        return ru.STEMS[token]
    with _STEM_LOCK:
        return str(_stemmer("ru" if has_cyrillic(token) else "en")(token))


@lru_cache(maxsize=2)
def _stemmer(code: str) -> Callable[[str], str]:
    if code == "ru":
        from snowballstemmer.russian_stemmer import RussianStemmer

        return RussianStemmer().stemWord  # type: ignore[no-any-return]
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer().stemWord  # type: ignore[no-any-return]


@lru_cache(maxsize=8)
def _words(code: str, name: str) -> frozenset[str]:
    return frozenset(word for line in load_lines(code, name) for word in line.split())


@lru_cache(maxsize=len(LANGUAGES))
def get_language(code: str) -> Language:
    """The language "ru" or "en"; SettingsError for any other."""
    if code == "ru":
        normalizer = Normalizer("ru", filler=ru.FILLER, contractions=ru.CONTRACTIONS, numbers=ru.NUMBERS)
        return Language("ru", normalizer, NameBook("ru", decline=ru.decline_name))
    if code == "en":
        normalizer = Normalizer("en", filler=en.FILLER, contractions=en.CONTRACTIONS, numbers=en.NUMBERS)
        return Language("en", normalizer, NameBook("en", decline=lambda name: (name,)))
    raise SettingsError(f"unknown language {code!r}; known: {', '.join(LANGUAGES)}")
