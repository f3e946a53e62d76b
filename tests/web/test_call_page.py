"""The page of a call: verdicts, turns, times, the sum; where a link leads; the player or why there is none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from builders import call
from qa_engine.domain.timings import Ringing, Transfer
from qa_engine.domain.transcript import Role
from qa_engine.rules.evaluate import evaluate
from qa_engine.web.rendering import find_turn
from qa_engine.web.strip import draw_strip
from web.browsing import get
from web.desk_samples import keep, made_call, recorded


@pytest.fixture
def judged(store, english, tmp_path):
    return keep(store, made_call(recorded(tmp_path / "a.wav")), english)


@pytest.fixture
def page(app, judged):
    return get(app, f"/calls/{judged.call_id}")


def test_every_verdict_has_its_title_and_reason(page, judged, english):
    for result in evaluate(judged, english).criteria:
        assert result.title in page.text
        assert " ".join(result.reason.split()) in page.text


def test_the_sum_is_printed(page, judged, english):
    assert evaluate(judged, english).arithmetic in page.text


def test_every_turn_is_there_with_its_party_in_words(page, judged):
    turns = re.findall(r'<li id="turn-\d+" class="said (\w+)', page.source)
    assert turns == [str(turn.role) for turn in judged.turns]
    assert page.text.count("Customer") >= 2


def test_ringing_holds_and_transfers_are_told(page):
    assert "9 s ± 0.1 s, 2 rings" in page.text
    assert re.search(r"0:25–1:05 40 s, music", page.text)
    assert "1:10 announced" in page.text


def test_ringing_that_only_the_record_tells_has_no_place_in_the_recording(app, store, english, judged):
    told = Ringing(True, seconds=6.0, uncertainty=1.0, source="records")
    keep(store, replace(judged, timings=replace(judged.timings, ringing=told)), english)
    answer = get(app, f"/calls/{judged.call_id}")
    assert answer.status == 200
    assert "6 s ± 1 s" in answer.text
    assert "0 rings" not in answer.text


def test_a_transfer_of_which_it_cannot_be_told_is_not_called_unannounced(app, store, english, judged):
    unclear = replace(judged.timings, transfers=(Transfer(70.0, None, "audio"),))
    keep(store, replace(judged, timings=unclear), english)
    text = get(app, f"/calls/{judged.call_id}").text
    assert "1:10 announced or not: cannot tell" in text


def test_what_was_not_measured_says_why(app, store, english, tmp_path):
    made = call("manager: hello", "customer: hi")
    keep(store, made, english)
    assert "not measured: the recording starts at the answer" in get(app, f"/calls/{made.call_id}").text


def test_a_quote_links_to_its_second_and_turn(page):
    quote = next(link for link in page.links if link.startswith("?t=10.00"))
    assert quote.endswith("#turn-0")


def test_a_link_to_a_second_marks_the_turn_and_sets_the_player(app, judged):
    page = get(app, f"/calls/{judged.call_id}?t=70.00&by=manager")
    assert re.search(r'class="said manager came"[^>]*>\s*<span id="here">', page.source)
    assert "/audio#t=69.70" in page.source


@pytest.mark.parametrize("second", ["x", "-1", "nan", "inf", "1e999", ""])
def test_a_second_that_is_none_is_passed_over(app, judged, second):
    page = get(app, f"/calls/{judged.call_id}?t={second}")
    assert page.status == 200
    assert 'id="here"' not in page.source


def test_the_page_has_no_script_or_style_inside(page):
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.source)


def test_a_missing_recording_is_told_and_the_page_is_whole(app, store, english, judged, tmp_path):
    (tmp_path / "a.wav").unlink()
    page = get(app, f"/calls/{judged.call_id}")
    assert page.status == 200
    assert "not where it was" in page.text
    assert "<audio" not in page.source


def test_a_replaced_recording_is_told(app, judged, tmp_path):
    recorded(tmp_path / "a.wav", seconds=7)
    assert "is not the recording that was judged" in get(app, f"/calls/{judged.call_id}").text


def test_a_call_without_sound_says_so(app, store, english, tmp_path):
    made = keep(store, made_call(tmp_path / "a.json", events=None), english)
    assert "judged from a transcript" in get(app, f"/calls/{made.call_id}").text


def test_a_call_that_nobody_judged_is_shown(app, store, tmp_path):
    made = made_call(tmp_path / "a.wav")
    store.save_call(made)
    assert "has not been judged" in get(app, f"/calls/{made.call_id}").text


def test_a_call_without_words_is_shown(app, store, tmp_path):
    made = made_call(tmp_path / "a.wav", turns=())
    store.save_call(made)
    assert "No words were recognised" in get(app, f"/calls/{made.call_id}").text


def test_an_id_with_a_slash_and_markup_has_its_page(app, store, english, tmp_path):
    made = keep(store, made_call(recorded(tmp_path / "a.wav"), call_id="a/b?c#<i>"), english)
    link = next(link for link in get(app, "/").links if link.startswith("/calls/"))
    page = get(app, link)
    assert page.status == 200
    assert made.turns[0].text in page.text
    assert get(app, f"{link}/audio").status == 200


def test_an_unknown_call_is_no_page(app, judged):
    page = get(app, "/calls/ffffffffffffffff")
    assert page.status == 404
    assert "no such call" in page.text


def test_the_beginning_of_an_id_is_no_address(app, judged):
    assert get(app, f"/calls/{judged.call_id[:8]}").status == 404


def test_a_path_that_is_in_no_store_is_no_page(app, judged):
    assert get(app, "/calls/%2Fetc%2Fpasswd").status == 404
    assert get(app, "/calls/%2Fetc%2Fpasswd/audio").status == 404


def test_of_two_who_speak_at_once_the_one_asked_for_is_found():
    said = call("1.0 manager: one two three four five", "1.4 customer: yes yes")
    assert find_turn(said, 1.5, Role.MANAGER) == 0
    assert find_turn(said, 1.5, Role.CUSTOMER) == 1


def test_a_second_in_a_pause_belongs_to_the_turn_before():
    said = call("1.0 manager: one", "9.0 customer: yes")
    assert find_turn(said, 5.0) == 0
    assert find_turn(said, 0.0) == 0


def test_the_strip_places_marks_in_proportion(tmp_path):
    strip = draw_strip(made_call(tmp_path / "a.wav"))
    hold = next(mark for mark in strip.waits if mark.kind == "hold")
    assert hold.left == pytest.approx(1000 * 25 / 90, abs=0.01)
    assert hold.width == pytest.approx(1000 * 40 / 90, abs=0.01)


def test_no_mark_leaves_the_strip(tmp_path):
    strip = draw_strip(made_call(tmp_path / "a.wav", duration=12.0))
    for mark in (*strip.manager, *strip.customer, *strip.waits):
        assert 0 <= mark.left <= mark.left + mark.width <= 1000.01


def test_the_second_manager_has_his_name_and_his_turns(app, store, english, tmp_path):
    made = made_call(tmp_path / "a.wav")
    turns = (*made.turns[:3], *(replace(turn, role=Role.SECOND_MANAGER) for turn in made.turns[3:4]), *made.turns[4:])
    handed = replace(made, turns=turns, roles=replace(made.roles, second_name="Oliver"))
    page = get(app, f"/calls/{keep(store, handed, english).call_id}")
    assert "Second manager" in page.text
    assert "The call was taken over by Oliver." in page.text


@pytest.mark.parametrize(("stated", "told"), [("Olivia", True), ("Emma", False), ("", False)])
def test_another_name_in_the_words_is_told(app, store, english, tmp_path, stated, told):
    made = made_call(tmp_path / "a.wav", manager="Emma Clark")
    said = replace(made, roles=replace(made.roles, stated_name=stated))
    page = get(app, f"/calls/{keep(store, said, english).call_id}")
    assert ("By name in the call" in page.text) is told
