"""A YAML file as plain values that remember their line and column, read so that no file can do harm.

Only text, numbers, true/false, null, lists and mappings; ``yes`` and ``no`` stay words, dates stay text. Anchors are
followed, but a file that unfolds to more than `MAX_NODES` values, or into itself, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from qa_engine.errors import Problem

__all__ = ["MAX_BYTES", "MAX_NODES", "Document", "Path", "read_document", "read_scalar", "written_path"]

MAX_BYTES: Final = 2_000_000
"""Largest file that is read: a scorecard of a thousand criteria has a tenth of it."""

MAX_NODES: Final = 100_000
"""Most values a file may unfold to through its anchors; a few lines of them can stand for billions."""

Path = tuple[str | int, ...]
Mark = tuple[int, int]

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[Mapping[str, Any]] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(slots=True)
class Document:
    """The values, where each stands, where the name of each field stands, and what is wrong with the file so far."""

    value: Any = None
    values_at: dict[Path, Mark] = field(default_factory=dict)
    keys_at: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    num_nodes: int = 0

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> Problem:
        """A problem at a path, with the nearest line that is known for it."""
        marks = (self.keys_at, self.values_at) if at_key else (self.values_at, self.keys_at)
        mark = marks[0].get(path) or marks[1].get(path)
        parent = path
        while mark is None and parent:
            parent = parent[:-1]
            mark = self.values_at.get(parent)
        line, column = mark or (0, 0)
        return Problem(message, line, column, written_path(path))


def written_path(path: Path) -> str:
    """A path as people write it: ``sections[0].criteria[2].weight``."""
    written = ""
    for part in path:
        written += f"[{part}]" if isinstance(part, int) else f".{part}" if written else str(part)
    return written


def read_document(content: bytes) -> Document:
    """The values of a YAML file; `problems` tells why there are none."""
    document = Document()
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content)} bytes; a scorecard has at most {MAX_BYTES}. Is it the right file?"
        document.problems.append(Problem(message))
        return document
    node = _compose(content, document)
    if node is not None:
        _fill(node, document)
    return document


def _compose(content: bytes, document: Document) -> Node | None:
    try:
        text = content.decode("utf-8-sig")
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte {error.start}); save it as UTF-8"
        document.problems.append(Problem(message, content.count(b"\n", 0, error.start) + 1, 1))
        return None
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(error))
        return None
    except RecursionError:
        document.problems.append(Problem("lists or mappings lie too deep in each other"))
        return None
    if len(nodes) > 1:
        line = nodes[1].start_mark.line + 1
        document.problems.append(Problem("the file holds several documents (---); a scorecard is one", line, 1))
    return nodes[0] if nodes else None


def _syntax_problem(error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(f"not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    told = error.problem or "not YAML"
    if r"'\t'" in told:
        told = "a tab; YAML is indented with spaces only"
    elif "undefined alias" in told:
        told = f"{told}; put text that begins with * in quotes"
    elif error.context:
        told = f"{told} ({error.context}, line {error.context_mark.line + 1})" if error.context_mark else told
    return Problem(f"not YAML here: {told}", mark.line + 1, mark.column + 1)


def _fill(node: Node, document: Document) -> None:
    try:
        document.value = _construct(node, (), (), document)
    except _TooManyError:
        message = f"the file unfolds to more than {MAX_NODES} values through its anchors (&, *)"
        document.problems.append(Problem(message))
    except RecursionError:
        document.problems.append(Problem("lists or mappings lie too deep in each other"))


class _TooManyError(Exception):
    """The document unfolds to too much."""


def _construct(node: Node, path: Path, inside: tuple[int, ...], document: Document) -> Any:
    document.num_nodes += 1
    if document.num_nodes > MAX_NODES:
        raise _TooManyError
    document.values_at[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if id(node) in inside:
        document.problems.append(document.problem(path, "an anchor that holds itself"))
        return None
    inside = (*inside, id(node))
    if isinstance(node, MappingNode):
        return _mapping(node, path, inside, document)
    if isinstance(node, SequenceNode):
        return [_construct(item, (*path, index), inside, document) for index, item in enumerate(node.value)]
    return _scalar(node, path) if isinstance(node, ScalarNode) else None


def _mapping(node: MappingNode, path: Path, inside: tuple[int, ...], document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        if not isinstance(key_node, ScalarNode):
            document.problems.append(Problem("the name of a field must be text", mark.line + 1, mark.column + 1))
            continue
        key = str(key_node.value)
        if key in values:
            first = document.keys_at[(*path, key)][0]
            message = f"{key!r} stands here a second time (first on line {first}); keep one"
            document.problems.append(Problem(message, mark.line + 1, mark.column + 1, written_path((*path, key))))
            continue
        document.keys_at[(*path, key)] = (mark.line + 1, mark.column + 1)
        values[key] = _construct(value_node, (*path, key), inside, document)
    return values


def _scalar(node: ScalarNode, path: Path) -> Any:
    if node.style is not None:  # quoted or a block: text
        return str(node.value)
    value = read_scalar(str(node.value))
    is_id = path[-1:] == ("id",)  # a phone extension is no number: 0101 keeps its zero
    return str(node.value) if is_id and isinstance(value, int | float) else value


def read_scalar(text: str) -> Any:
    """A plain scalar: number, true/false, nothing, else text."""
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= 15 else text
    return float(text) if _NUMBER.fullmatch(text) else text
