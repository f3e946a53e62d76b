"""From a request to a page: one method per address."""

from __future__ import annotations

import math
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from qa_engine.domain.call import Call
from qa_engine.domain.scorecard import Scorecard
from qa_engine.domain.transcript import Role
from qa_engine.errors import RecordingError, SettingsError
from qa_engine.reports.cleaning import mask_text
from qa_engine.reports.formats import as_html
from qa_engine.store.store import SearchResult
from qa_engine.web.desk import Desk
from qa_engine.web.listing import SHOWN, list_calls
from qa_engine.web.pages import CallPage, Choice, EmptyPage, FoundPlace, JudgedBy, Paging, Player, SearchPage
from qa_engine.web.recordings import Missing, Recordings
from qa_engine.web.rendering import DeskWording, address_of_call, find_turn, render
from qa_engine.web.strip import draw_strip

__all__ = ["Views"]

FOUND_AT_ONCE = 50  # hits a page
LONGEST_QUERY = 500  # characters
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
STATIC = {
    "report.css": ("qa_engine.reports", "templates/report.css", "text/css"),
    "desk.css": ("qa_engine.web", "static/desk.css", "text/css"),
    "desk.js": ("qa_engine.web", "static/desk.js", "text/javascript"),
}


class Views:
    """The pages of one desk; they run in threads, so they may read and decode."""

    def __init__(self, desk: Desk, recordings: Recordings) -> None:
        self.desk = desk
        self.recordings = recordings

    def language(self) -> str:
        """The language of the scorecard that judged last."""
        card = self.desk.latest_card()
        return card.language if card else "en"

    def index(self, request: Request) -> Response:
        """``/``: totals, managers, calls."""
        card = self._card(request)
        if card is None:
            return _page("empty.html", "en", EmptyPage("qa-engine score DAY/ --scorecard scorecards/phone_en.yaml"))
        asked = request.query_params
        show = asked.get("show", "all")
        choice = Choice(asked.get("manager"), show if show in SHOWN else "all", asked.get("scorecard", ""))
        report = self.desk.report(card)
        page = list_calls(report, choice, _page_number(request), self.desk.name_of, self.desk.scorecards())
        return _page("index.html", card.language, page)

    def report(self, request: Request) -> Response:
        """``/report``: the report as `qa-engine report --format html` writes it."""
        card = self._card(request)
        if card is None:
            raise HTTPException(404, "no_card")
        headers = {"content-security-policy": REPORT_POLICY}  # its style is inside the file
        return HTMLResponse(as_html.render(self.desk.report(card)), headers=headers)

    def call(self, request: Request) -> Response:
        """``/calls/{name}``: verdicts beside the transcript."""
        call = self._call(request)
        judged = tuple(JudgedBy(one, self.desk.card(one.scorecard_version)) for one in self.desk.evaluations(call))
        language = next((one.card.language for one in judged if one.card), call.language)
        at = _seconds(request.query_params.get("t"))
        by = request.query_params.get("by", "")
        role = Role(by) if by in set(Role) else None
        here = None if at is None else find_turn(call, at, role)
        page = CallPage(call, judged, draw_strip(call), self._player(request, call, language, at), here)
        return _page("call.html", language, page)

    def audio(self, request: Request) -> Response:
        """``/calls/{name}/audio``: the recording, whole or the bytes asked for."""
        path = self.recordings.find(self._call(request))
        if isinstance(path, Missing):
            raise HTTPException(404, "no_page")
        try:
            playable = self.recordings.playable(path, as_wav=request.query_params.get("as") == "wav")
        except RecordingError as error:
            raise HTTPException(415, "no_page") from error
        return FileResponse(playable.path, media_type=playable.media_type)

    def search(self, request: Request) -> Response:
        """``/search?q=``: what was said, in which call, at which second."""
        query = request.query_params.get("q", "").strip()[:LONGEST_QUERY]
        by = request.query_params.get("by", "")
        role = Role(by) if by in set(Role) else None
        number, problem, result = _page_number(request), "", SearchResult((), 0)
        if query:
            first = (number - 1) * FOUND_AT_ONCE
            try:
                result = self.desk.store.search(query, said_by=role, limit=FOUND_AT_ONCE, offset=first)
            except SettingsError as error:
                problem = str(error)
        found = tuple(FoundPlace(self.desk.name_of(hit.call_id, hit.path), hit) for hit in result.hits)
        paging = Paging(number, FOUND_AT_ONCE, result.total)
        page = SearchPage(query, role.value if role else "", found, paging, problem)
        return _page("search.html", self.language(), page, status=400 if problem else 200)

    def static(self, request: Request) -> Response:
        """``/static/{name}``: the look of the report, and what the desk adds."""
        found = STATIC.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404, "no_page")
        package, file, media_type = found
        return Response(resources.files(package).joinpath(file).read_bytes(), media_type=media_type)

    def _card(self, request: Request) -> Scorecard | None:
        """The scorecard asked for, else the latest; None where nothing was judged."""
        version = request.query_params.get("scorecard", "")
        if not version:
            return self.desk.latest_card()
        known = any(one.version == version for one in self.desk.scorecards())
        card = self.desk.card(version) if known else None
        if card is None:
            raise HTTPException(404, "no_card")
        return card

    def _call(self, request: Request) -> Call:
        call = self.desk.call(request.path_params["name"])
        if call is None:
            raise HTTPException(404, "no_call")
        return call

    def _player(self, request: Request, call: Call, language: str, at: float | None) -> Player:
        words = DeskWording(language)
        path = self.recordings.find(call)
        if isinstance(path, Missing):
            return Player("", words(path.value, path=mask_text(call.path)), at)
        try:
            self.recordings.check(path)
        except RecordingError as error:
            return Player("", words("audio_broken", why=mask_text(error.message)), at)
        return Player(f"{address_of_call(request.path_params['name'])}/audio", "", at)


def _page(template: str, language: str, page: object, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render(template, language, page), status)


def _page_number(request: Request) -> int:
    asked = request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _seconds(text: str | None) -> float | None:
    """A second of a call from an address; None for what is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
