"""The store: all that the engine keeps, behind one class; every method is one transaction.

Open one store per process. It may be used from several threads; iterators read in portions and hold no lock between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from types import TracebackType
from typing import Self

from qa_engine.domain.call import Call
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.evaluation import Evaluation, FailedRecording
from qa_engine.domain.hearing import Hearing
from qa_engine.domain.record_keys import RecordQuery
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role
from qa_engine.store import calls, evaluations, hearings, records
from qa_engine.store.calls import CallFilter
from qa_engine.store.database import BUSY_SECONDS, Database
from qa_engine.store.evaluations import EvaluationFilter, JudgedScorecard
from qa_engine.store.records import RecordFilter, SavedRecords
from qa_engine.store.search import SearchFilter, SearchHit, SearchResult, search

__all__ = ["CallFilter", "JudgedScorecard", "SavedRecords", "SearchHit", "SearchResult", "Store"]

_ALL = CallFilter()
_PORTION = 100  # calls read at once: some 10 MB of values in memory
_RECORDS = 500  # call records read or written at once: some 1 MB


class Store:
    """Hearings, calls, evaluations, call records, failures, search; use it as a context manager or `close` it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open a SQLite file (path or ``sqlite:///...``) or ``postgresql://...``; tables are brought up to date.

        `busy_seconds`: how long to wait for another process's write. Raises StoreError.
        """
        database = Database(url, busy_seconds=busy_seconds)
        try:
            database.prepare()
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # What was heard

    def find_hearing(self, sha256: str, listening: str) -> Hearing | None:
        """The hearing of a content made with the engines and settings of the key `listening`."""
        with self._database.reading() as connection:
            return hearings.find_hearing(connection, sha256, listening)

    def save_hearing(self, hearing: Hearing, listening: str) -> None:
        """Keep a hearing and its path, forget that the path failed; a changed one takes the old evaluations away."""
        with self._database.writing() as connection:
            hearings.save_hearing(connection, hearing, listening)

    def save_repeats(self, sha256: str, listening: str, repeats: tuple[Span, ...]) -> Hearing:
        """Keep with a hearing the stretches that other calls hold too; the hearing as it is kept now."""
        with self._database.writing() as connection:
            return hearings.save_repeats(connection, (sha256, listening), repeats)

    def save_failure(self, failed: FailedRecording) -> None:
        """Keep that a recording failed."""
        with self._database.writing() as connection:
            hearings.save_failure(connection, failed)

    def clear_failure(self, path: str) -> None:
        """Forget that a path failed."""
        with self._database.writing() as connection:
            hearings.clear_failure(connection, path)

    def failures(self) -> tuple[FailedRecording, ...]:
        """Recordings that could not be scored, by path."""
        with self._database.reading() as connection:
            return hearings.find_failures(connection)

    # Calls

    def save_call(self, call: Call) -> None:
        """Keep a call by its `sha256` and make it searchable; other words than before take the old evaluations away."""
        with self._database.writing() as connection:
            calls.save_call(connection, call)

    def find_call(self, name: str) -> Call | None:
        """The call with this id, content hash, path or end of a path, or beginning (4 letters) of an id or hash.

        Of several with the same id the latest saved. Raises StoreError, listing them, where it could mean several.
        """
        with self._database.reading() as connection:
            return calls.find_call(connection, name)

    def calls(self, wanted: CallFilter = _ALL) -> Iterator[Call]:
        """Calls in order of time (those without one last), then path; read in portions."""
        for keys in self._portions(wanted):
            with self._database.reading() as connection:
                found = calls.read_calls(connection, keys)
            yield from found

    def managers(self) -> tuple[str, ...]:
        """Names of all managers with calls, sorted."""
        with self._database.reading() as connection:
            return calls.list_managers(connection)

    def forget(self, sha256: str) -> bool:
        """Remove everything about a recording, also from the free space of the file; False if nothing was known."""
        with self._database.writing() as connection:
            known = calls.forget_recording(connection, sha256)
        self._database.scrub()
        return known

    # Verdicts

    def save_evaluation(self, sha256: str, evaluation: Evaluation) -> None:
        """Keep the evaluation of a stored call, one per scorecard, its version and the engine's."""
        with self._database.writing() as connection:
            evaluations.save_evaluation(connection, sha256, evaluation)

    def find_evaluation(self, sha256: str, version: str, engine_version: str) -> Evaluation | None:
        """The evaluation of a call by this version of a scorecard and of the engine."""
        with self._database.reading() as connection:
            return evaluations.find_evaluation(connection, sha256, version, engine_version)

    def evaluations(
        self,
        wanted: CallFilter = _ALL,
        *,
        scorecard_id: str | None = None,
        scorecard_version: str | None = None,
        latest: bool = True,
    ) -> Iterator[tuple[Call, Evaluation]]:
        """Judged calls in the order of `calls`; `latest`: per call and scorecard id only the one judged last."""
        which = EvaluationFilter(scorecard_id, scorecard_version, latest)
        for keys in self._portions(wanted):
            with self._database.reading() as connection:
                judged = evaluations.evaluations_of(connection, keys, which)
                found = calls.read_calls(connection, [key for key in keys if key in judged])
            yield from ((call, evaluation) for call in found for evaluation in judged[call.sha256])

    def save_scorecard(self, scorecard_id: str, version: str, document: str, *, title: str = "") -> None:
        """Keep the resolved text of a scorecard, so that a report can be made when the file is gone."""
        with self._database.writing() as connection:
            evaluations.save_scorecard(connection, (scorecard_id, version, title), document)

    def find_scorecard(self, version: str) -> str | None:
        """The text of a version of a scorecard."""
        with self._database.reading() as connection:
            return evaluations.find_scorecard(connection, version)

    def scorecards(self) -> tuple[JudgedScorecard, ...]:
        """Every version of a scorecard that is kept or was judged by, the latest judged first."""
        with self._database.reading() as connection:
            return evaluations.list_scorecards(connection)

    # What the phone system wrote down

    def save_records(self, found: Iterable[CallRecord]) -> SavedRecords:
        """Keep call records by system and record id, a portion per transaction; the same ones again change nothing.

        Where `found` raises midway the portions before it are kept.
        """
        saved, following = SavedRecords(), iter(found)
        while portion := tuple(islice(following, _RECORDS)):
            with self._database.writing() as connection:
                saved += records.save_records(connection, portion)
        return saved

    def find_records(
        self,
        *,
        ids: Sequence[str] = (),
        recordings: Sequence[str] = (),
        number: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[CallRecord, ...]:
        """Call records that may belong to a recording, by time, with the other systems' that share an id with them.

        By any of the ids; by the recording's file name whatever its folder, case and suffix; by the last ten digits of
        the customer's number, begun between two moments with zones (inclusive, for the number only).
        """
        wanted = RecordQuery(tuple(ids), tuple(recordings), number, since, until)
        with self._database.reading() as connection:
            return records.find_records(connection, wanted)

    def records(
        self, *, since: date | None = None, until: date | None = None, outcome: CallOutcome | None = None
    ) -> Iterator[CallRecord]:
        """Call records in order of time, read in portions; days are inclusive, on the clock where the call was."""
        wanted, place = RecordFilter(since, until, outcome), records.BEFORE_ALL
        while place is not None:
            with self._database.reading() as connection:
                found, place = records.read_page(connection, wanted, after=place, limit=_RECORDS)
            yield from found

    def forget_records(self, number: str) -> int:
        """Remove the call records of a customer's number, also from the free space of the file; how many there were.

        Raises SettingsError for a number without digits.
        """
        with self._database.writing() as connection:
            removed = records.forget_records(connection, number)
        self._database.scrub()
        return removed

    # Search

    def search(
        self,
        query: str,
        *,
        said_by: Role | None = None,
        manager: str = "",
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> SearchResult:
        """Turns that match a query (see `query.py`); days are inclusive, `manager` is a full name or an extension.

        Raises SettingsError for a query that cannot be understood.
        """
        wanted = SearchFilter(said_by, manager, since, until)
        with self._database.reading() as connection:
            return search(connection, query, wanted, limit=limit, offset=offset)

    def reindex(self) -> int:
        """Index calls anew whose words would get other stems now (a newer engine); how many. Quick where none would."""
        with self._database.reading() as connection:
            stale = calls.select_stale(connection)
        for first in range(0, len(stale), _PORTION):
            with self._database.writing() as connection:
                for call in calls.read_calls(connection, stale[first : first + _PORTION]):
                    calls.save_call(connection, call)
        return len(stale)

    def _portions(self, wanted: CallFilter) -> Iterator[Sequence[str]]:
        with self._database.reading() as connection:
            keys = calls.select_keys(connection, wanted)
        for first in range(0, len(keys), _PORTION):
            yield keys[first : first + _PORTION]
