"""The query language of `search`, parsed: words, "phrases", prefix*, AND OR NOT (И ИЛИ НЕ), parentheses.

Words side by side must all occur in the same turn. Words and phrases are found in any inflected form; ``prefix*``
means the letters as typed. What has no letters or digits is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from qa_engine.errors import SettingsError
from qa_engine.store.terms import IndexTerm, index_terms

__all__ = ["And", "Node", "Not", "Or", "Phrase", "Prefix", "parse_query"]

MAX_CHARACTERS = 1_000
MAX_TERMS = 64
MAX_DEPTH = 30  # of parentheses and NOTs inside each other
MIN_PREFIX = 2  # letters before *; one letter would match a tenth of all words


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after another, by their stems; a single word is a phrase of one."""

    terms: tuple[IndexTerm, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words one after another as typed, the last one only begun."""

    terms: tuple[IndexTerm, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of them; a Not among them excludes. At least one is not a Not."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; none is a Not."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Turns without it; stands inside an And only."""

    child: Node


Node = Phrase | Prefix | And | Or | Not


def parse_query(text: str) -> Node:
    """The query as a tree; raises SettingsError saying what is wrong and at which character."""
    if len(text) > MAX_CHARACTERS:
        raise SettingsError(f"search: the query has {len(text)} characters; at most {MAX_CHARACTERS} are understood")
    parser = _Parser(tuple(_lexemes(text)))
    node = parser.whole()
    if node is None:
        raise SettingsError("search: nothing to look for in the query; give at least one word")
    _refuse_bare_not(node)
    return node


class _Sign(Enum):
    WORD = "word"
    QUOTED = "quoted"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    END = "end"


_OPERATORS = {"AND": _Sign.AND, "И": _Sign.AND, "OR": _Sign.OR, "ИЛИ": _Sign.OR, "NOT": _Sign.NOT, "НЕ": _Sign.NOT}


@dataclass(frozen=True, slots=True)
class _Lexeme:
    sign: _Sign
    text: str
    at: int  # character, from 1


_CLOSING = {'"': '"', "«": "»", "“": "”", "„": "“”"}
_WORD = re.compile(r'[^\s()"«»“”„]+')


def _lexemes(text: str) -> Iterator[_Lexeme]:
    place = 0
    while place < len(text):
        letter = text[place]
        if letter in "()":
            yield _Lexeme(_Sign(letter), letter, place + 1)
            place += 1
        elif letter in _CLOSING:
            end = _closing(text, place)
            yield _Lexeme(_Sign.QUOTED, text[place + 1 : end], place + 1)
            place = end + 1
        elif word := _WORD.match(text, place):
            yield _Lexeme(_OPERATORS.get(word.group(), _Sign.WORD), word.group(), place + 1)
            place = word.end()
        else:  # a space, or a closing mark alone
            place += 1
    yield _Lexeme(_Sign.END, "", len(text) + 1)


def _closing(text: str, place: int) -> int:
    ends = [end for mark in _CLOSING[text[place]] if (end := text.find(mark, place + 1)) >= 0]
    if not ends:
        raise SettingsError(f"search: the quotation mark {text[place]} at character {place + 1} is not closed")
    return min(ends)


_Step = Callable[[_Lexeme], "Node | None"]


class _Parser:
    """Recursive descent: or < and < not < word, phrase, parentheses. None stands for "nothing to look for"."""

    def __init__(self, lexemes: tuple[_Lexeme, ...]) -> None:
        self._lexemes = lexemes
        self._next = 0
        self._depth = 0
        self._num_terms = 0

    def whole(self) -> Node | None:
        node = self._either()
        if self._peek().sign is _Sign.CLOSE:
            raise SettingsError(f'search: ")" at character {self._peek().at} has no "(" before it')
        return node

    def _peek(self) -> _Lexeme:
        return self._lexemes[self._next]

    def _take(self) -> _Lexeme:
        lexeme = self._lexemes[self._next]
        self._next += 1
        return lexeme

    def _either(self) -> Node | None:
        children = [self._all()]
        while self._peek().sign is _Sign.OR:
            self._operand_after(self._take())
            children.append(self._all())
        return _joined(Or, children)

    def _all(self) -> Node | None:
        children: list[Node | None] = []
        while (sign := self._peek().sign) not in (_Sign.END, _Sign.CLOSE, _Sign.OR):
            if sign is _Sign.AND:
                operator = self._take()
                if not children:
                    raise _one_sided(operator)
                self._operand_after(operator)
            children.append(self._one())
        if not children and self._peek().sign is _Sign.OR:
            raise _one_sided(self._peek())
        return _joined(And, children)

    def _one(self) -> Node | None:
        lexeme = self._take()
        if lexeme.sign is _Sign.NOT:
            self._operand_after(lexeme)
            return self._deeper(lexeme, self._without)
        if lexeme.sign is _Sign.OPEN:
            return self._deeper(lexeme, self._bracketed)
        return self._searched(lexeme)

    def _without(self, _lexeme: _Lexeme) -> Node | None:
        child = self._one()
        if isinstance(child, Not):
            return child.child
        return Not(child) if child is not None else None

    def _bracketed(self, opening: _Lexeme) -> Node | None:
        node = self._either()
        if self._take().sign is not _Sign.CLOSE:
            raise SettingsError(f'search: "(" at character {opening.at} is not closed')
        return node

    def _deeper(self, lexeme: _Lexeme, parse: _Step) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SettingsError(f"search: more than {MAX_DEPTH} parentheses in each other at character {lexeme.at}")
        node = parse(lexeme)
        self._depth -= 1
        return node

    def _searched(self, lexeme: _Lexeme) -> Node | None:
        begun = lexeme.sign is _Sign.WORD and lexeme.text.endswith("*")
        text = lexeme.text[:-1] if begun else lexeme.text
        if "*" in text:
            raise SettingsError(f'search: "*" at character {lexeme.at + text.index("*")} may only end a word: возвр*')
        terms = index_terms(text)
        self._num_terms += len(terms)
        if self._num_terms > MAX_TERMS:
            raise SettingsError(f"search: more than {MAX_TERMS} words in the query; shorten it")
        if begun and len("".join(term.token for term in terms)) < MIN_PREFIX:
            raise SettingsError(f'search: "*" at character {lexeme.at} needs at least {MIN_PREFIX} letters before it')
        if not terms:
            return None
        return Prefix(terms) if begun else Phrase(terms)

    def _operand_after(self, operator: _Lexeme) -> None:
        if self._peek().sign in (_Sign.END, _Sign.CLOSE, _Sign.OR, _Sign.AND):
            raise _one_sided(operator)


def _one_sided(operator: _Lexeme) -> SettingsError:
    return SettingsError(
        f'search: "{operator.text}" at character {operator.at} joins nothing; '
        "write words on both sides, or put it in quotation marks to search for the word itself"
    )


def _joined(kind: type[And] | type[Or], children: Sequence[Node | None]) -> Node | None:
    present = tuple(child for child in children if child is not None)
    if len(present) > 1:
        return kind(present)
    return present[0] if present else None


def _refuse_bare_not(node: Node) -> None:
    """Raises SettingsError where nothing is looked for beside what is left out."""
    children = node.children if isinstance(node, And | Or) else ()
    positive = [child for child in children if not isinstance(child, Not)]
    bare = isinstance(node, Not) or (isinstance(node, And) and not positive)
    if bare or (isinstance(node, Or) and len(positive) < len(children)):
        raise SettingsError("search: NOT leaves out of what else is found; write a word beside it: возврат NOT брак")
    for child in children:
        _refuse_bare_not(child.child if isinstance(child, Not) else child)
