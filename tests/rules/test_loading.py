from __future__ import annotations

import json
from pathlib import Path

import pytest
from rule_cards import card, card_values

from qa_engine.domain.transcript import Role
from qa_engine.errors import ScorecardError, SettingsError
from qa_engine.rules.loading import load_scorecard, restore_scorecard
from qa_engine.rules.schema import scorecard_schema

GOOD = """\
scorecard: 1
id: card
title: Card
language: en
company: {name: Sunny Garden, also: [The Garden]}
managers:
  - {id: 0101, name: Emma Clark}
pass_mark: 80
sections:
  - id: greeting
    title: Greeting
    criteria:
      - id: hello
        title: Says hello
        weight: 10
        check: phrase
        within: {first_seconds: 20}
        applies_when: {said_by_customer: roses, has_hold: false}
        any_of: [hello, "lexicon:greeting"]
        examples: {pass: [hello], fail: ["yes"]}
"""

BOMB = b"b0: &b0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + b"".join(
    b"b%d: &b%d [%s]\n" % (level, level, b", ".join([b"*b%d" % (level - 1)] * 9)) for level in range(1, 10)
)


def problems(folder: Path, text: str | bytes) -> list[str]:
    file = folder / "card.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScorecardError) as caught:
        load_scorecard(file)
    return [str(problem) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_good_file_becomes_a_scorecard(tmp_path: Path):
    file = tmp_path / "card.yaml"
    file.write_text(GOOD, encoding="utf-8")
    loaded = load_scorecard(file)
    criterion = next(loaded.criteria)
    assert (loaded.id, loaded.pass_mark, loaded.company.also) == ("card", 80.0, ("The Garden",))
    assert (criterion.id, criterion.weight, criterion.said_by, criterion.fatal) == ("hello", 10.0, Role.MANAGER, False)
    assert criterion.within.first_seconds == 20
    assert criterion.applies_when.said_by_customer == ("roses",)
    assert criterion.options.any_of == ("hello", "lexicon:greeting")
    assert (criterion.examples.passing, criterion.examples.failing) == (("hello",), ("yes",))


def test_an_extension_keeps_its_leading_zero(tmp_path: Path):
    file = tmp_path / "card.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_scorecard(file).managers[0].id == "0101"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("weight: 10", "weigth: 10", "line 15, column 9: [sections[0].criteria[0].weigth] unknown field 'weigth'"),
        ("weight: 10", "weigth: 10", 'did you mean "weight"?'),
        ("weight: 10", "weigth: 10", "'weight' is missing"),
        ("weight: 10", "weight: ten", 'must be a number, found text ("ten")'),
        ("weight: 10", "weight: -1", "must be at least 0, found -1"),
        ("weight: 10", "weight: 0", "the weights add up to 0"),
        ("weight: 10", "weight: .inf", 'must be a number, found text (".inf")'),
        ("check: phrase", "check: phrases", "unknown check 'phrases'; did you mean \"phrase\"?"),
        ("check: phrase", "check: mood", "unknown check 'mood'"),
        ("first_seconds: 20", "first_second: 20", 'did you mean "first_seconds"?'),
        ("first_seconds: 20", "first_seconds: 0", "must be more than 0, found 0"),
        ("first_seconds: 20", "first_seconds: 20, last_seconds: 5", "the beginning and the end of the call at once"),
        ("any_of: [hello", "any_of: [24", "must be text, found a number (24): put it in quotes"),
        ("any_of: [hello", 'any_of: ["!?"', "the phrase '!?' holds no words"),
        ("any_of: [hello", 'any_of: ["lexicon:greetings"', "there is no lexicon 'greetings'"),
        ("roses", '"..."', "the phrase '...' holds no words"),
        ("language: en", "language: de", "'de' is not known here; possible: ru, en"),
        ("scorecard: 1", "scorecard: 2", "must be 1, the version of the file format, found 2"),
        ("id: card", "id: My Card", "small Latin letters"),
        ("pass_mark: 80", "pass_mark: 180", "must be at most 100, found 180"),
        ("title: Card", "title: ' '", "must not be empty"),
        ("title: Card", "title: Card\ntitle: Again", "'title' stands here a second time (first on line 3)"),
        ("title: Card", "\ttitle: Card", "a tab; YAML is indented with spaces only"),
        ("any_of: [hello", "any_of: [hello: [", "not YAML here"),
        ("has_hold: false", "has_hold: no", 'must be true or false, found text ("no")'),
        ("said_by_customer: roses", "said_by_customer: {a: b}", "must be text or a list"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(tmp_path: Path, old: str, new: str, expected: str):
    told = problems(tmp_path, changed(old, new))
    assert any(expected in one for one in told), told


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path):
    text = changed("language: en", "language: xx").replace("weight: 10", "weight: -1").replace("[hello,", "[1,")
    told = problems(tmp_path, text)
    assert len(told) == 3
    lines = [int(one.split("line ")[1].split(",")[0]) for one in told]
    assert lines == sorted(lines)


def test_the_message_names_the_file_and_counts_the_problems(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(changed("check: phrase", "check: nothing"), encoding="utf-8")
    with pytest.raises(ScorecardError, match=r"mine\.yaml: 1 problem\n"):
        load_scorecard(file)


def test_ids_used_twice_are_told_with_the_first_line(tmp_path: Path):
    again = GOOD + GOOD[GOOD.index("  - id: greeting") :]
    told = problems(tmp_path, again)
    assert any("the section id 'greeting' is used twice (first on line 10)" in one for one in told), told
    assert any("the criterion id 'hello' is used twice (first on line 13)" in one for one in told), told


def test_two_criteria_with_problems_are_both_told(tmp_path: Path):
    values = card_values({"id": "a", "check": "phrase"}, {"id": "b", "check": "timing", "measure": "rings"})
    told = problems(tmp_path, json.dumps(values))
    assert any("give phrases to look for" in one for one in told), told
    assert any("give a limit: at_most or at_least" in one for one in told), told


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ({"check": "timing", "measure": "rings", "at_most": 3, "zero_at": 2}, "zero_at must be above at_most (3)"),
        ({"check": "timing", "measure": "rings", "at_least": 3, "zero_at": 4}, "zero_at must be below at_least (3)"),
        ({"check": "timing", "measure": "rings", "at_least": 3, "at_most": 2}, "at_least (3) is above at_most (2)"),
        ({"check": "timing", "measure": "ring_second", "at_most": 2}, 'did you mean "ring_seconds"?'),
        ({"check": "talk", "measure": "talk_ratio", "at_most": 60}, "talk_ratio is a share between 0 and 1"),
        ({"check": "script", "steps": [{"title": "a", "any_of": ["b"], "optional": True}]}, "all steps are optional"),
        ({"check": "script", "steps": [{"title": "a", "any_off": ["b"]}]}, 'did you mean "any_of"?'),
        (
            {"check": "forbidden", "categories": {"rude": ["..."]}},
            "categories.rude[0]] the phrase '...' holds no words",
        ),
        ({"check": "manual"}, "'question' is missing"),
        ({"check": "manual", "question": "?", "examples": {"pass": ["a"]}}, "examples cannot be run"),
        ({"check": "company_name", "any_of": ["x"]}, "unknown field 'any_of'"),
    ],
)
def test_options_that_make_no_sense_are_told(tmp_path: Path, criterion: dict[str, object], expected: str):
    told = problems(tmp_path, json.dumps(card_values(criterion)))
    assert any(expected in one for one in told), told


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "must begin with fields"),
        (b"just words", "must begin with fields"),
        (b"- a\n- b", "must begin with fields"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"a: 1\n---\nb: 2", "several documents"),
        (b"x" * 2_000_001, "bytes; a scorecard has at most"),
        (b"[" * 5000, "too deep"),
        (b"a: &a [*a]", "an anchor that holds itself"),
        (BOMB, "unfolds to more than"),
        (b"a: !!python/object/apply:os.system [ls]", "unknown field"),
        (b"a: *", "not YAML"),
        (b"a: \x00", "not YAML"),
    ],
)
def test_a_file_that_is_no_scorecard_is_refused_with_a_reason(tmp_path: Path, content: bytes, expected: str):
    told = problems(tmp_path, content)
    assert any(expected in one for one in told), told


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(ScorecardError, match=r"none\.yaml: 1 problem\n  cannot be read: No such file"):
        load_scorecard(tmp_path / "none.yaml")


def load(folder: Path, **settings: str):
    file = folder / "card.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return load_scorecard(file, settings={name.replace("__", "."): value for name, value in settings.items()})


def test_a_new_company_drops_the_other_forms_of_the_old_one(tmp_path: Path):
    company = load(tmp_path, company__name="Blue Lake").company
    assert (company.name, company.also) == ("Blue Lake", ())


def test_a_new_company_may_bring_its_own_other_forms(tmp_path: Path):
    company = load(tmp_path, company__name="Blue Lake", company__also="The Lake, Blue Lake Shop").company
    assert company.also == ("The Lake", "Blue Lake Shop")


def test_a_company_named_by_a_number_stays_text(tmp_path: Path):
    assert load(tmp_path, company__name="24").company.name == "24"


def test_settings_reach_every_field_by_id(tmp_path: Path):
    loaded = load(
        tmp_path,
        pass_mark="90",
        sections__greeting__criteria__hello__weight="5",
        managers__0101__name="Kate",
        criteria__hello__fatal="true",
        criteria__hello__within__first_seconds="7.5",
        criteria__hello__any_of="[hi, good day]",
    )
    criterion = next(loaded.criteria)
    assert (loaded.pass_mark, criterion.weight, criterion.fatal, loaded.managers[0].name) == (90.0, 5.0, True, "Kate")
    assert criterion.within.first_seconds == 7.5
    assert criterion.options.any_of == ("hi", "good day")


def test_settings_change_the_version(tmp_path: Path):
    assert load(tmp_path).version != load(tmp_path, pass_mark="90").version
    assert load(tmp_path).version == load(tmp_path).version
    assert load(tmp_path).version.startswith("sha256:")


def test_an_unknown_path_names_the_close_ones(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"--set company\.nam: .* did you mean company\.name"):
        load(tmp_path, company__nam="X")


def test_a_wrong_value_from_outside_says_where_it_came_from(tmp_path: Path):
    with pytest.raises(ScorecardError, match=r"\[pass_mark\] must be a number.*given by --set"):
        load(tmp_path, pass_mark="high")


def test_the_schema_is_valid_and_ours_to_change():
    from jsonschema import Draft202012Validator

    schema = scorecard_schema()
    Draft202012Validator.check_schema(schema)
    schema.clear()
    assert scorecard_schema()["properties"]


def test_every_manual_page_shows_an_example_that_loads(tmp_path: Path):
    import textwrap

    import yaml

    from qa_engine.rules.registry import CHECKS

    for name, check in CHECKS.items():
        example = textwrap.dedent("\n".join(line for line in check.manual.splitlines() if line.startswith("    ")))
        values = yaml.safe_load(example)
        assert values["check"] == name
        assert card(tmp_path, values)


def test_a_kept_scorecard_comes_back_the_same(tmp_path: Path):
    loaded = load(tmp_path, company__name="Blue Lake")
    assert restore_scorecard(loaded.document) == loaded
