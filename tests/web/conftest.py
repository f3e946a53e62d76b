"""A desk over an empty store, and the shipped scorecards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_engine.domain.scorecard import Scorecard
from qa_engine.rules.loading import load_scorecard
from qa_engine.store.store import Store
from qa_engine.web.app import make_app
from web.desk_samples import ROOT, end


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("desk") / "empty.db"
    Store.open(str(file)).close()
    return file


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    with Store.open(str(shutil.copy(empty_store, tmp_path / "qa.db"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def english() -> Scorecard:
    return load_scorecard(ROOT / "scorecards" / "phone_en.yaml")


@pytest.fixture(scope="session")
def russian() -> Scorecard:
    return load_scorecard(ROOT / "scorecards" / "phone_ru.yaml")


@pytest.fixture
def app(store: Store) -> Iterator[object]:
    made = make_app(store)
    yield made
    end(made)
