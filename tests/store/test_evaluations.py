import pytest
from store_samples import call, evaluation, sha

from qa_engine.errors import StoreError
from qa_engine.store.store import CallFilter


@pytest.fixture
def two_calls(store):
    for name in "ab":
        store.save_call(call(name, manager="Анна" if name == "a" else "Иван"))
    return store


def scores(judged):
    return [(found.path[4], verdict.scorecard_id, verdict.score) for found, verdict in judged]


def test_a_saved_evaluation_reads_back_equal(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation())
    assert two_calls.find_evaluation(sha("a"), "sha256:1", "1") == evaluation()


@pytest.mark.parametrize(("version", "engine"), [("sha256:2", "1"), ("sha256:1", "2")])
def test_an_evaluation_by_another_version_is_not_it(two_calls, version, engine):
    two_calls.save_evaluation(sha("a"), evaluation())
    assert two_calls.find_evaluation(sha("a"), version, engine) is None


def test_an_evaluation_of_no_stored_call_is_refused(store):
    with pytest.raises(StoreError, match="save it first"):
        store.save_evaluation(sha("a"), evaluation())


def test_judging_again_by_the_same_versions_overwrites(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation(score=10.0))
    two_calls.save_evaluation(sha("a"), evaluation(score=20.0))
    assert scores(two_calls.evaluations(latest=False)) == [("a", "phone_ru", 20.0)]


def test_the_latest_judgement_of_each_call_and_scorecard_is_given(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:9", score=10.0))
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:1", score=20.0))
    two_calls.save_evaluation(sha("a"), evaluation(card="other", score=30.0))
    two_calls.save_evaluation(sha("b"), evaluation("b", version="sha256:9", score=40.0))
    assert scores(two_calls.evaluations()) == [("a", "other", 30.0), ("a", "phone_ru", 20.0), ("b", "phone_ru", 40.0)]


def test_all_judgements_come_in_the_order_of_judging(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:9", score=10.0))
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:1", score=20.0))
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:1", engine="2", score=30.0))
    assert [score for _, _, score in scores(two_calls.evaluations(latest=False))] == [10.0, 20.0, 30.0]


def test_evaluations_by_one_scorecard_or_version(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:1", score=10.0))
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:2", score=20.0))
    two_calls.save_evaluation(sha("a"), evaluation(card="other", version="sha256:3", score=30.0))
    assert scores(two_calls.evaluations(scorecard_id="other")) == [("a", "other", 30.0)]
    assert scores(two_calls.evaluations(scorecard_version="sha256:1")) == [("a", "phone_ru", 10.0)]


def test_evaluations_of_one_managers_calls(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation("a"))
    two_calls.save_evaluation(sha("b"), evaluation("b"))
    assert [found.manager for found, _ in two_calls.evaluations(CallFilter(manager="иван"))] == ["Иван"]


def test_scorecards_are_listed_with_how_many_calls_they_judged(two_calls):
    two_calls.save_scorecard("phone_ru", "sha256:1", "scorecard: 1", title="Входящий звонок")
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:1"))
    two_calls.save_evaluation(sha("b"), evaluation("b", version="sha256:1"))
    two_calls.save_evaluation(sha("b"), evaluation("b", version="sha256:1", engine="2"))
    two_calls.save_evaluation(sha("a"), evaluation(version="sha256:2"))
    listed = [(card.id, card.version, card.title, card.count) for card in two_calls.scorecards()]
    assert listed == [("phone_ru", "sha256:2", "", 1), ("phone_ru", "sha256:1", "Входящий звонок", 2)]


def test_a_scorecard_that_judged_nothing_yet_is_listed_last(two_calls):
    two_calls.save_evaluation(sha("a"), evaluation())
    two_calls.save_scorecard("new", "sha256:7", "scorecard: 1")
    assert [(card.id, card.judged_at is None) for card in two_calls.scorecards()] == [
        ("phone_ru", False),
        ("new", True),
    ]


def test_the_text_of_a_scorecard_reads_back(store):
    store.save_scorecard("phone_ru", "sha256:1", "scorecard: 1\ntitle: Звонок\n")
    assert store.find_scorecard("sha256:1") == "scorecard: 1\ntitle: Звонок\n"
    assert store.find_scorecard("sha256:2") is None
