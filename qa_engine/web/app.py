"""The desk as an ASGI application: addresses, errors as pages, the guard around all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from qa_engine.errors import QAEngineError
from qa_engine.store.store import Store
from qa_engine.web.desk import Desk
from qa_engine.web.pages import ErrorPage
from qa_engine.web.recordings import Recordings
from qa_engine.web.rendering import DeskWording, render
from qa_engine.web.safety import Guard
from qa_engine.web.views import Views

__all__ = ["make_app"]

SENTENCES = {404: "no_page", 405: "only_look"}


def make_app(store: Store) -> Guard:
    """The desk over an open store; run its lifespan, so that what it made is removed. The caller closes the store."""
    recordings = Recordings()
    views = Views(Desk(store), recordings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            recordings.close()

    errors = _Errors(views)
    app = Starlette(
        routes=[
            Route("/", views.index),
            Route("/report", views.report),
            Route("/search", views.search),
            Route("/static/{name}", views.static),
            Route("/calls/{name:path}/audio", views.audio),
            Route("/calls/{name:path}", views.call),
        ],
        exception_handlers={
            HTTPException: errors.no_page,
            QAEngineError: errors.told,
            Exception: errors.unexpected,
        },
        lifespan=lifespan,
    )
    return Guard(app, refuse=_refuse)


class _Errors:
    """Pages for what went wrong, in the language of the desk; never a traceback."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def no_page(self, request: Request, error: Exception) -> Response:
        status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
        words = await self._words()
        known = ("no_page", "no_call", "no_card")
        message = words(detail if detail in known else SENTENCES.get(status, "no_page"))
        headers = getattr(error, "headers", None)
        return _error_page(words, message, status, headers=headers)

    async def told(self, request: Request, error: Exception) -> Response:
        words = await self._words()
        return _error_page(words, str(error), 500)

    async def unexpected(self, request: Request, error: Exception) -> Response:
        words = await self._words()
        return _error_page(words, words("failed", kind=type(error).__name__), 500)

    async def _words(self) -> DeskWording:
        try:
            return DeskWording(await run_in_threadpool(self._views.language))
        except QAEngineError:  # the store itself does not answer
            return DeskWording("en")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    words = DeskWording("en")
    await _error_page(words, words("foreign_host"), 421)(scope, receive, send)  # RFC 9110, 15.5.20


def _error_page(
    words: DeskWording, message: str, status: int, *, headers: dict[str, str] | None = None
) -> HTMLResponse:
    return HTMLResponse(render("error.html", words.language, ErrorPage(message)), status, headers)
