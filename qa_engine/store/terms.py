"""What stands in the full-text index for a word: its tokens as said, each with the stem of its normalised form.

The language follows the alphabet of the token, not the call: an English brand in a Russian call and a query in either
language then meet the same stems.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from qa_engine.language import get_language
from qa_engine.language.scripts import has_cyrillic

__all__ = ["IndexTerm", "index_terms", "index_version"]

# Letters and digits only: every other character separates tokens for SQLite and PostgreSQL too.
_TOKEN = re.compile(r"[^\W_]+")
_LONGEST = 100  # characters of a token that count; PostgreSQL takes 2046 bytes

# Words that show how stems are made: endings, exceptions, spellings, number words of both languages.
_PROBES = (
    "возврат возвратом возвратами заказы заказанный оформил оформляли день дней дни деньги доставка доставки лучший "
    "лучшего говорите сказала помогите спасибо пожалуйста здравствуйте здрасьте щас чё ещё пришёл её люди ребёнок пять "
    "семьдесят первый второго сто тысяча ромашка анна аней петров менеджеру звонок звонки жалоба жаловался хороший "
    "delivery deliveries delivered refund refunded refunding orders ordering please sorry happily generous generously "
    "dying lying news children was were going gonna wanna cannot seventy first second colour organised organized 5th"
)


class IndexTerm(NamedTuple):
    """A token (lower case, ё as е) and its stem."""

    token: str
    stem: str


@lru_cache(maxsize=200_000)
def index_terms(text: str) -> tuple[IndexTerm, ...]:
    """Terms of a word (or of any text), in order; empty for punctuation and signs."""
    composed = unicodedata.normalize("NFKC", text.lower()).replace("ё", "е")
    plain = "".join(letter for letter in composed if not unicodedata.combining(letter))  # stress marks
    return tuple(IndexTerm(token, _stem(token)) for token in (found[:_LONGEST] for found in _TOKEN.findall(plain)))


def _stem(token: str) -> str:
    """The stem of what the token is another way to say ("щас": "сейчас", "семьдесят": "70"), if that is one word."""
    language = get_language("ru" if has_cyrillic(token) else "en")
    normalized = language.tokens(token)
    stem = language.stem(normalized[0] if len(normalized) == 1 else token)
    return stem if _TOKEN.fullmatch(stem) else token


@cache
def index_version() -> str:
    """Changes when words get other terms than before (another stemmer or normalising): calls are then indexed anew."""
    return hashlib.sha256(repr(index_terms(_PROBES)).encode()).hexdigest()[:16]
