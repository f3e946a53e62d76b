from store_samples import call, evaluation, hearing, sha

from qa_engine.domain.evaluation import FailedRecording


def test_a_saved_hearing_reads_back_equal(store):
    store.save_hearing(hearing(), "moonshine | ru")
    assert store.find_hearing(sha("a"), "moonshine | ru") == hearing()


def test_an_unknown_hearing_is_none(store):
    assert store.find_hearing(sha("a"), "moonshine") is None


def test_hearings_are_kept_per_way_of_listening(store):
    store.save_hearing(hearing(text="добрый день"), "one")
    store.save_hearing(hearing(text="добрый пень"), "two")
    assert store.find_hearing(sha("a"), "one") == hearing(text="добрый день")
    assert store.find_hearing(sha("a"), "two") == hearing(text="добрый пень")


def test_hearing_again_overwrites(store):
    store.save_hearing(hearing(text="раз"), "one")
    store.save_hearing(hearing(text="два"), "one")
    assert store.find_hearing(sha("a"), "one") == hearing(text="два")


def test_the_same_hearing_again_keeps_the_evaluations(store):
    store.save_hearing(hearing(), "one")
    store.save_call(call())
    store.save_evaluation(sha("a"), evaluation())
    store.save_hearing(hearing(), "one")
    assert store.find_evaluation(sha("a"), "sha256:1", "1") == evaluation()


def test_another_hearing_takes_evaluations_of_the_old_words_away(store):
    store.save_hearing(hearing(), "one")
    store.save_call(call())
    store.save_evaluation(sha("a"), evaluation())
    store.save_hearing(hearing(text="совсем другие слова"), "two")
    assert store.find_evaluation(sha("a"), "sha256:1", "1") is None


def test_a_failure_is_kept_until_the_path_is_heard(store):
    failed = FailedRecording("day/a.wav", "unreadable", "not a sound file", sha("a"))
    store.save_failure(failed)
    assert store.failures() == (failed,)
    store.save_hearing(hearing(), "one")
    assert store.failures() == ()


def test_a_failure_goes_when_the_call_of_its_path_is_saved(store):
    store.save_failure(FailedRecording("day/a.wav", "crashed", "a stage failed"))
    store.save_call(call())
    assert store.failures() == ()


def test_failures_are_listed_by_path_with_the_latest_reason(store):
    store.save_failure(FailedRecording("b.wav", "empty", "no bytes"))
    store.save_failure(FailedRecording("a.wav", "empty", "no bytes"))
    store.save_failure(FailedRecording("b.wav", "unreadable", "damaged"))
    assert [(failed.path, failed.kind) for failed in store.failures()] == [("a.wav", "empty"), ("b.wav", "unreadable")]


def test_clearing_a_failure_leaves_the_others(store):
    store.save_failure(FailedRecording("a.wav", "empty", ""))
    store.save_failure(FailedRecording("b.wav", "empty", ""))
    store.clear_failure("a.wav")
    assert [failed.path for failed in store.failures()] == ["b.wav"]


def test_a_failed_file_with_an_undecodable_name_is_kept_and_cleared(store):
    store.save_failure(FailedRecording("day/\udce0.wav", "unreadable", "day/\udce0.wav: damaged"))
    assert [failed.path for failed in store.failures()] == ["day/\\udce0.wav"]
    store.clear_failure("day/\udce0.wav")
    assert store.failures() == ()
