"""`qa-engine scorecard`: the company's questions as files that can be checked and tested."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qa_engine.cli.options import parse_set, set_option
from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session

__all__ = ["command"]

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.group("scorecard")
def command() -> None:
    """Check, test and describe scorecard files."""


@command.command("check")
@file_argument
@set_option
@pass_session
def check(session: Session, file: Path, settings: tuple[str, ...]) -> None:
    """Validate FILE: all its problems at once, by line."""
    from qa_engine.rules.loading import load_scorecard

    card = load_scorecard(file, settings=parse_set(settings))
    criteria = tuple(card.criteria)
    weight = sum(criterion.weight for criterion in criteria)
    session.tell(
        f"{file}: in order. {card.title!r}, {len(criteria)} criteria, weights sum to {weight:g}, {card.version}"
    )


@command.command("test")
@file_argument
@set_option
@pass_session
def test(session: Session, file: Path, settings: tuple[str, ...]) -> int:
    """Run the examples inside FILE; exit 1 when one comes out otherwise than it says."""
    from qa_engine.rules.examples import run_examples
    from qa_engine.rules.loading import load_scorecard

    outcomes = run_examples(load_scorecard(file, settings=parse_set(settings)))
    wrong = [outcome for outcome in outcomes if not outcome.is_right]
    for outcome in wrong:
        click.echo(
            f"{file}: {outcome.criterion}: {outcome.text!r} should {'' if outcome.must_pass else 'not '}pass and came "
            f"out as {outcome.verdict}: {outcome.reason}"
        )
    session.tell(f"{len(outcomes) - len(wrong)} of {len(outcomes)} examples as expected")
    return Exit.BELOW if wrong else Exit.DONE


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of scorecard files, for editors."""
    from qa_engine.rules.schema import scorecard_schema

    click.echo(json.dumps(scorecard_schema(), ensure_ascii=False, indent=2))
