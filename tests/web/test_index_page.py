"""The first page: managers, calls, choices; an empty store; the report behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa_engine.domain.evaluation import FailedRecording
from web.browsing import get
from web.desk_samples import keep, made_call, recorded

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.fixture
def two_calls(store, english, tmp_path):
    first = keep(store, made_call(recorded(tmp_path / "a.wav")), english)
    second = keep(store, made_call(recorded(tmp_path / "b.wav", seconds=5), manager="Oliver Hughes"), english)
    return first, second


def test_every_manager_and_every_call_is_on_the_first_page(app, two_calls):
    page = get(app, "/")
    assert page.status == 200
    assert "Emma Clark" in page.text
    assert "Oliver Hughes" in page.text
    assert {f"/calls/{call.call_id}" for call in two_calls} <= set(page.links)


def test_a_managers_choice_shows_his_calls_only(app, two_calls):
    links = get(app, "/?manager=Oliver+Hughes").links
    assert f"/calls/{two_calls[1].call_id}" in links
    assert f"/calls/{two_calls[0].call_id}" not in links


def test_calls_of_nobody_known_can_be_chosen_and_narrowed(app, store, english, two_calls, tmp_path):
    unknown = keep(store, made_call(recorded(tmp_path / "u.wav", seconds=6), manager=""), english)
    chosen = next(link for link in get(app, "/").links if link.startswith("?manager=#"))
    links = get(app, f"/{chosen}").links
    assert f"/calls/{unknown.call_id}" in links
    assert f"/calls/{two_calls[0].call_id}" not in links
    narrowed = next(link for link in links if "show=failed" in link)
    assert "manager=" in narrowed


def test_the_choice_of_failed_calls_leaves_passed_ones_out(app, store, english, two_calls):
    for call, evaluation in store.evaluations():
        passed = call.sha256 == two_calls[0].sha256
        store.save_evaluation(call.sha256, replace(evaluation, passed=passed, score=90.0 if passed else 10.0))
    links = get(app, "/?show=failed").links
    assert f"/calls/{two_calls[1].call_id}" in links
    assert f"/calls/{two_calls[0].call_id}" not in links


def test_a_new_verdict_is_shown_without_a_restart(app, store, english, two_calls, tmp_path):
    get(app, "/")
    third = keep(store, made_call(recorded(tmp_path / "c.wav", seconds=6), manager="Sophie Turner"), english)
    assert f"/calls/{third.call_id}" in get(app, "/").links


def test_long_lists_have_pages(app, store, english, tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.web.listing.PAGE_SIZE", 2)
    for number in range(3):
        keep(store, made_call(tmp_path / f"{number}.wav"), english)
    first, last = get(app, "/"), get(app, "/?page=2")
    assert "1–2 of 3" in first.text
    assert "3–3 of 3" in last.text
    assert sum(link.startswith("/calls/") for link in last.links) == 1


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1e9", "²"])
def test_a_page_that_is_none_shows_one_that_is(app, two_calls, page):
    assert get(app, f"/?page={page}").status == 200


def test_two_recordings_with_one_id_are_two_links(app, store, english, tmp_path):
    for name, seconds in (("a.wav", 4), ("b.wav", 5)):
        keep(store, made_call(recorded(tmp_path / name, seconds=seconds), call_id="1795172631.15"), english)
    links = {link for link in get(app, "/").links if link.startswith("/calls/")}
    assert len(links) == 2
    shown = {name for link in links for name in ("a.wav", "b.wav") if name in get(app, link).text}
    assert shown == {"a.wav", "b.wav"}


def test_recordings_that_could_not_be_scored_are_told(app, store, english, two_calls):
    store.save_failure(FailedRecording("day/broken.wav", "unreadable", "day/broken.wav: no sound in it"))
    assert "broken.wav" in get(app, "/").text


def test_hostile_names_are_text(app, store, english, tmp_path):
    keep(store, made_call(tmp_path / "<b>a.wav", manager=HOSTILE), english)
    page = get(app, "/")
    assert "<script>alert" not in page.source
    assert "<b>a.wav" not in page.source
    assert HOSTILE in page.text


def test_customers_numbers_are_masked(app, two_calls):
    for address in ("/", f"/calls/{two_calls[0].call_id}"):
        assert "4955550101" not in get(app, address).source


def test_an_empty_store_says_how_to_fill_it(app):
    page = get(app, "/")
    assert page.status == 200
    assert "qa-engine score" in page.text


def test_the_pages_speak_the_language_of_the_scorecard(app, store, russian, tmp_path):
    call = keep(store, made_call(recorded(tmp_path / "a.wav"), language="ru", manager="Анна Петрова"), russian)
    for address, words in (
        ("/", "Нужен человек"),
        (f"/calls/{call.call_id}", "Расшифровка"),
        ("/search?q=роз", "Поиск"),
    ):
        page = get(app, address.replace("роз", "%D1%80%D0%BE%D0%B7"))
        assert words in page.text
        assert '<html lang="ru">' in page.source


def test_calls_of_an_older_scorecard_stay_within_reach(app, store, english, russian, two_calls, tmp_path):
    keep(store, made_call(recorded(tmp_path / "r.wav", seconds=6), language="ru", manager="Анна Петрова"), russian)
    older = next(link for link in get(app, "/").links if link.startswith("/?scorecard="))
    assert f"/calls/{two_calls[0].call_id}" in get(app, older).links


def test_an_unknown_scorecard_is_no_page(app, two_calls):
    assert get(app, "/?scorecard=sha256:nothing").status == 404


def test_the_whole_report_is_the_one_of_the_command(app, two_calls):
    page = get(app, "/report")
    assert page.status == 200
    assert "Call quality report: Sunny Garden" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
