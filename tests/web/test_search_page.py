"""Search in the browser: marked words, links to the second, what is not understood."""

from __future__ import annotations

import pytest

from qa_engine.web.rendering import highlight
from web.browsing import get
from web.desk_samples import keep, made_call, recorded


@pytest.fixture
def judged(store, english, tmp_path):
    return keep(store, made_call(recorded(tmp_path / "a.wav")), english)


def test_a_hit_is_marked_and_links_to_its_second(app, judged):
    page = get(app, "/search?q=delivery")  # said: deliveries
    assert "<mark>deliveries</mark>" in page.source
    hit = judged.turns[1].words[7]
    assert f"/calls/{judged.call_id}?t={hit.start:.2f}&by=customer#here" in page.links


def test_the_link_of_a_hit_leads_to_its_turn(app, judged):
    link = next(link for link in get(app, "/search?q=delivery").links if link.startswith("/calls/"))
    assert "said customer came" in get(app, link).source


def test_only_one_side_is_searched_when_asked(app, judged):
    assert "Nothing was found" in get(app, "/search?q=delivery&by=manager").text
    assert "1 place" in get(app, "/search?q=delivery&by=customer").text


def test_a_query_that_is_not_understood_says_why(app, judged):
    page = get(app, "/search?q=%22delivery")
    assert page.status == 400
    assert 'class="notice"' in page.source


def test_no_query_shows_how_to_ask(app, judged):
    page = get(app, "/search")
    assert page.status == 200
    assert "AND, OR, NOT" in page.text


def test_a_hostile_query_is_text(app, judged):
    page = get(app, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page.source


def test_hostile_words_of_a_call_are_text(app, store, english, tmp_path):
    from builders import turns

    keep(store, made_call(tmp_path / "h.wav", turns=turns("customer: roses <img/src=x> & tulips")), english)
    page = get(app, "/search?q=roses")
    assert "<img" not in page.source
    assert "<mark>roses</mark> &lt;img/src=x&gt; &amp; tulips" in page.source


def test_many_hits_have_pages(app, store, english, tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.web.views.FOUND_AT_ONCE", 2)
    for number in range(3):
        keep(store, made_call(tmp_path / f"{number}.wav"), english)
    page = get(app, "/search?q=delivery")
    assert "1–2 of 3" in page.text
    assert "3–3 of 3" in get(app, f"/search{next(link for link in page.links if link.startswith('?q='))}").text


def test_marked_text_keeps_its_spaces():
    assert str(highlight("one two three", [(4, 7)])) == "one <mark>two</mark> three"
