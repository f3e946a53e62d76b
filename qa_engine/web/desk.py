"""What the desk knows: the scorecards, reports and calls of a store, by the names used in addresses."""

from __future__ import annotations

from threading import Lock

from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import Evaluation
from qa_engine.domain.scorecard import Scorecard
from qa_engine.errors import StoreError
from qa_engine.reports.report import Report
from qa_engine.reports.summary import summarize
from qa_engine.rules.loading import restore_scorecard
from qa_engine.store.store import CallFilter, JudgedScorecard, Store

__all__ = ["Desk"]


class Desk:
    """Reads a store for the pages; a report is made once and again only when something was judged or failed since."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = Lock()
        self._cards: dict[str, Scorecard] = {}
        self._made: tuple[object, Report] | None = None

    def scorecards(self) -> tuple[JudgedScorecard, ...]:
        """Versions of scorecards that judged calls and whose text is kept, the latest judged first."""
        return tuple(one for one in self.store.scorecards() if one.count and one.judged_at)

    def card(self, version: str) -> Scorecard | None:
        """A version of a scorecard, None where its text is not kept. Raises StoreError where it cannot be read."""
        if version not in self._cards:
            document = self.store.find_scorecard(version)
            if document is None:
                return None
            try:
                self._cards[version] = restore_scorecard(document)
            except (KeyError, TypeError, ValueError) as error:
                raise StoreError(
                    f"scorecard {version[:19]} as stored cannot be read by this version of the engine; "
                    "score the calls again with the file of the scorecard"
                ) from error
        return self._cards[version]

    def latest_card(self) -> Scorecard | None:
        """The scorecard that judged last, None in a store without any."""
        return next((card for one in self.scorecards() if (card := self.card(one.version))), None)

    def report(self, card: Scorecard) -> Report:
        """The report on all calls judged by a scorecard."""
        failures = self.store.failures()
        state = (card.version, self.store.scorecards(), failures)
        with self._lock:
            if self._made is None or self._made[0] != state:
                judged = self.store.evaluations(scorecard_id=card.id)
                self._made = (state, summarize(judged, failures, card))
            return self._made[1]

    def call(self, name: str) -> Call | None:
        """The call with exactly this id, content hash or path; beginnings of ids are no addresses."""
        try:
            found = self.store.find_call(name)
        except StoreError:  # the beginning of several ids
            return None
        return found if found is not None and name in (found.call_id, found.sha256, found.path) else None

    def name_of(self, call_id: str, path: str) -> str:
        """The name of a call in addresses: its id, or its path where another recording has the same id."""
        found = self.call(call_id)
        return call_id if found is None or found.path == path else path

    def evaluations(self, call: Call) -> tuple[Evaluation, ...]:
        """The latest verdicts on a call by each scorecard, the scorecard that judged last first."""
        order = {card.version: place for place, card in enumerate(self.store.scorecards())}
        judged = [evaluation for _, evaluation in self.store.evaluations(CallFilter(sha256s=(call.sha256,)))]
        return tuple(sorted(judged, key=lambda one: order.get(one.scorecard_version, len(order))))
