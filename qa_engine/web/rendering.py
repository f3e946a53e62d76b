"""Pages from their values: the templates, the words of a language, quotes with what was found in them marked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from qa_engine.domain.call import Call
from qa_engine.domain.transcript import Role
from qa_engine.language.messages import Catalogue
from qa_engine.reports.cleaning import clean_text
from qa_engine.reports.wording import MARKS, Wording, plural_form
from qa_engine.telephony.roster import is_other_name
from qa_engine.web.labels import DESK

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["DeskWording", "address_of_call", "find_turn", "highlight", "render"]


class DeskWording:
    """The words of the desk in one language; `report` holds those it shares with the report."""

    def __init__(self, language: str, catalogue: Catalogue = DESK) -> None:
        self.language = language if language in catalogue.tables else "en"
        self.report = Wording(self.language)
        self._catalogue = catalogue

    def __call__(self, key: str, /, **fields: object) -> str:
        """The sentence `key` with its fields filled."""
        return self._catalogue.say(self.language, key, **fields)

    def count(self, num: int, key: str) -> str:
        """A number with its noun: ``2 rings``."""
        return f"{num}\u00a0{self(key).split('|')[plural_form(self.language, num)]}"

    def role(self, role: Role) -> str:
        """The word for a party."""
        return self(f"role_{role.value}")

    def source(self, source: str) -> str:
        """Where a figure comes from: ``from the sound, from the words``."""
        known = DESK.tables["en"]
        return ", ".join(self(f"source_{one}") for one in source.split("+") if f"source_{one}" in known)


def render(template: str, language: str, page: object, **more: object) -> str:
    """The page as HTML; everything that comes from calls, names or files is escaped."""
    desk = DeskWording(language)
    found = _environment().get_template(template)
    return found.render(page=page, desk=desk, say=desk.report, lang=desk.language, **more)


def address_of_call(name: str, at: float | None = None, role: Role | None = None) -> str:
    """The address of a call's page, at a second of it; without JavaScript the player begins there too."""
    address = f"/calls/{quote(name, safe='')}"
    if at is None:
        return address
    asked = {"t": f"{at:.2f}"} | ({"by": role.value} if role else {})
    return f"{address}?{urlencode(asked)}#here"


def find_turn(call: Call, at: float, role: Role | None = None) -> int | None:
    """The number of the turn in which something was said at a second; None in a call without turns.

    Where both parties speak at once, the one of `role`, else the one that began last; in a pause the turn before it.
    """
    begun = [number for number, turn in enumerate(call.turns) if turn.start <= at + 0.01]
    going = [number for number in begun if at < call.turns[number].end]
    fitting = [number for number in going if call.turns[number].role is role]
    for numbers in (fitting, going, begun):
        if numbers:
            return numbers[-1]
    return 0 if call.turns else None


def highlight(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Escaped text with the spans (character offsets, in order) marked."""
    made, place = Markup(), 0
    for start, end in spans:
        made += _kept(text[place:start]) + Markup("<mark>{}</mark>").format(_kept(text[start:end]))
        place = end
    return made + _kept(text[place:])


def _kept(text: str) -> Markup:
    """Clean, escaped text that keeps one space at its ends."""
    before, after = (" " if text[:1].isspace() else ""), (" " if len(text) > 1 and text[-1:].isspace() else "")
    return escape(f"{before}{clean_text(text)}{after}")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("qa_engine.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals.update(
        marks=MARKS,
        address_of_call=address_of_call,
        find_turn=find_turn,
        is_other_name=is_other_name,
        highlight=highlight,
        query_string=_query_string,
    )
    return made


def _finalize(value: Any) -> Any:
    """Every string that a template prints, without control characters; escaping comes after."""
    return clean_text(value) if type(value) is str else value


def _query_string(values: dict[str, object], **changed: object) -> str:
    """``?name=value...`` of what is given; None is left out, "" is a value (the manager whom nobody knows)."""
    joined = {name: value for name, value in (values | changed).items() if value is not None}
    return "?" + urlencode(joined)
