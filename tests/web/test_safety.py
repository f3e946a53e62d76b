"""Who may ask, and what every answer carries; errors as pages."""

from __future__ import annotations

import pytest

from qa_engine.errors import StoreError
from qa_engine.web.safety import is_loopback, is_own_host
from web.browsing import get
from web.desk_samples import keep, made_call


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]", "[::1]:8000"])
def test_names_of_this_machine_are_answered(app, host):
    assert get(app, "/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8000",
        "evil@127.0.0.1",
        "192.168.0.7:8000",
        "0.0.0.0:8000",
        "[::1",
        "",
        None,
    ],
)
def test_foreign_names_are_refused_everywhere(app, store, english, tmp_path, host):
    call = keep(store, made_call(tmp_path / "a.wav"), english)
    for address in (
        "/",
        f"/calls/{call.call_id}",
        f"/calls/{call.call_id}/audio",
        "/search?q=hello",
        "/static/desk.js",
    ):
        answer = get(app, address, host=host)
        assert answer.status == 421
        assert "Emma" not in answer.source


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.com", "", "127.1"])
def test_what_is_not_surely_loopback_is_not(host):
    assert not is_loopback(host)


def test_a_port_alone_is_no_host():
    assert not is_own_host(":8000")


@pytest.mark.parametrize("address", ["/", "/search", "/nothing", "/static/desk.css", "/calls/x/audio"])
def test_every_answer_carries_the_headers(app, address):
    headers = get(app, address).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2Fapp.py", "app.py", "report.html", "..%2F..%2Fstore%2Fstore.py"])
def test_only_three_files_are_static(app, name):
    assert get(app, f"/static/{name}").status == 404


@pytest.mark.parametrize("name", ["report.css", "desk.css", "desk.js"])
def test_the_look_is_served(app, name):
    answer = get(app, f"/static/{name}")
    assert answer.status == 200
    assert answer.body


def test_an_unknown_address_is_a_page(app):
    answer = get(app, "/nothing/here")
    assert answer.status == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent(app, method):
    answer = get(app, "/", method=method)
    assert answer.status == 405
    assert "can only be looked at" in answer.text


def test_an_error_of_the_store_is_told_on_a_page(app, store, monkeypatch):
    def broken(*_, **__):
        raise StoreError("qa.db: the disk is full")

    monkeypatch.setattr(store, "scorecards", broken)
    answer = get(app, "/")
    assert answer.status == 500
    assert "the disk is full" in answer.text


def test_an_unexpected_error_is_a_page_without_a_traceback(app, store, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("secret words of a customer")

    monkeypatch.setattr(store, "search", broken)
    answer = get(app, "/search?q=hello")
    assert answer.status == 500
    assert "RuntimeError" in answer.text
    assert "secret" not in answer.source
    assert "Traceback" not in answer.source
    assert answer.headers["cache-control"] == "no-store"
