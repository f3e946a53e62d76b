from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from report_builders import judged_call, make_card, match, report_on, result
from sample_audit import sample_report

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.reports.formats.as_html import render

HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}</title></style>"


class Page(HTMLParser):
    """Collects the tags, and complains about what does not close."""

    VOID = ("meta", "br", "img", "link", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.crossed = [], [], [], []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.crossed.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(language):
    return Page(render(sample_report(language)))


def hostile_report():
    call = judged_call(
        1,
        HOSTILE,
        result("hello", "fail", match(HOSTILE), title=HOSTILE, reason=HOSTILE, advice=HOSTILE),
        result("company", "review", match(HOSTILE), title=HOSTILE, reason=HOSTILE),
        result("own_name", "pass", match(HOSTILE), title=HOSTILE, reason=HOSTILE),
        path=f"day/{HOSTILE}.wav".replace("</", "<"),
    )
    failures = [FailedRecording(HOSTILE, HOSTILE, HOSTILE)]
    return report_on(call, failures=failures, card=make_card(company=HOSTILE, title=HOSTILE), period=HOSTILE)


def test_hostile_words_stay_words():
    text = render(hostile_report())
    hostile, harmless = Page(text), Page(render(report_on(judged_call(1, "Emma", result("hello")))))
    assert "img" not in hostile.tags
    assert "script" not in hostile.tags
    assert set(hostile.tags) <= set(harmless.tags) | {"ol", "blockquote", "footer", "ul", "li"}
    assert "{{7*7}}" in hostile.text
    assert not [name for _, name, _ in hostile.attributes if name.startswith("on")]


def test_page_is_well_formed(page):
    assert page.crossed == []
    assert page.open == []


def test_nothing_is_loaded_and_nothing_runs(page):
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [value for _, name, value in page.attributes if name == "src"]
    assert all(value.startswith("#") for _, name, value in page.attributes if name == "href")
    assert "url(" not in page.text
    assert "default-src 'none'; style-src 'unsafe-inline'" in [value for *_, value in page.attributes]


def test_page_says_its_language(page, language):
    assert ("html", "lang", language) in page.attributes


def test_customers_numbers_are_nowhere(page):
    assert "4955550" not in page.text
    assert "•••0003" in page.text


def test_every_manager_has_a_section_with_a_link_to_it(page):
    ids = [value for tag, name, value in page.attributes if tag == "h2" and name == "id"]
    links = [value[1:] for tag, name, value in page.attributes if tag == "a" and value.startswith("#m")]
    assert {"m1", "m2", "m3", "m4"} <= set(ids)
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_call_is_listed_with_its_sum(page, language):
    assert page.tags.count("details") == 12 + 1
    assert page.text.count("Расчёт:" if language == "ru" else "The sum:") == 12


def test_rates_say_how_sure_they_are():
    text = Page(render(sample_report("ru"))).text
    assert "4 из 5 звонков, 95 %: от 38 до 96 %" in text
    assert "потеряно очков: 15" in text


def test_advice_and_the_managers_own_words_are_quoted_with_their_time():
    text = Page(render(sample_report("en"))).text
    assert "Name the company in the first sentence." in text
    assert "closest thing said: “the garden shop”" in text
    assert "0:12 · 20 Nov 2026, 11:29" in text


def test_fatal_fault_shows_the_score_without_it():
    assert "A fatal fault makes the score 0 (Stayed polite); without it: 50." in Page(render(sample_report())).text


def test_unreadable_files_are_listed_with_their_cause(page, language):
    assert "<b>notes<b>.wav" in page.text
    assert ("пустой файл" if language == "ru" else "empty") in page.text


def test_strengths_come_before_what_to_improve():
    text = Page(render(sample_report("en"))).text
    part = text[text.index("average of 5 calls") :]
    assert part.index("What goes well") < part.index("What to improve")


def test_verdicts_are_said_in_words_and_signs(page, language):
    words = ("✓ да", "✗ нет", "? нужен человек") if language == "ru" else ("✓ pass", "✗ fail", "? needs a person")
    assert all(word in page.text for word in words)


def test_empty_report_can_be_read():
    assert "No call was judged." in Page(render(report_on())).text


def test_same_report_gives_the_same_page(language):
    assert render(sample_report(language)) == render(sample_report(language))


def test_unknown_language_is_written_in_english():
    page = Page(render(report_on(judged_call(1, "Emma", result("hello")), card=make_card("hello", language="de"))))
    assert ("html", "lang", "en") in page.attributes


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [("ink", "paper"), ("soft", "paper"), ("soft", "ground"), ("accent", "paper"), ("good", "good-bg"),
     ("fair", "fair-bg"), ("bad", "bad-bg"), ("ink", "track")],
)  # fmt: skip
def test_words_have_enough_contrast(theme, ink, paper):
    css = render(report_on())
    themes = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", themes[theme]))
    light, dark = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
