"""`qa-engine models`: the speech models on this machine, and the only command that downloads."""

from __future__ import annotations

import os
from pathlib import Path

import click

from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session

__all__ = ["command"]

MEGABYTE = 1_000_000


@click.group("models")
def command() -> None:
    """List, check and get speech models; `pull` is the only command that uses the network."""


@command.command("list")
@pass_session
def list_models(session: Session) -> None:
    """The models under the models folder, and the names that can be pulled."""
    from qa_engine.speech.weights import WHISPER_MODELS, list_weights

    folder = Path(session.settings.models)
    found = list_weights(folder)
    for weights in found:
        state = "ready" if weights.ready else f"not whole: {', '.join(weights.missing)} missing"
        click.echo(f"{weights.name}  {weights.size / MEGABYTE:.0f} MB  {state}")
    if not found:
        session.tell(f"no models under {folder}/; the embedded English recogniser needs none")
    session.tell("to be had: " + "  ".join(f"whisper:{name}" for name in WHISPER_MODELS))


@command.command("pull")
@click.argument("name")
@pass_session
def pull(session: Session, name: str) -> None:
    """Download a model by name, for example whisper:large-v3-turbo."""
    os.environ["HF_HUB_OFFLINE"] = "0"
    from qa_engine.speech.weights import pull_weights

    weights = pull_weights(name, Path(session.settings.models))
    session.tell(f"{weights.name} is ready in {weights.folder} ({weights.size / MEGABYTE:.0f} MB)")


@command.command("check")
@click.argument("name", required=False)
@pass_session
def check(session: Session, name: str | None) -> int:
    """Check that models are whole (all, or NAME); exit 1 when one is not."""
    from qa_engine.speech.weights import check_weights, list_weights

    folder = Path(session.settings.models)
    found = (check_weights(name, folder),) if name else list_weights(folder)
    for weights in found:
        state = (
            "ready"
            if weights.ready
            else f"{', '.join(weights.missing)} missing; `qa-engine models pull {weights.name}`"
        )
        click.echo(f"{weights.name}: {state}")
    return Exit.DONE if all(weights.ready for weights in found) else Exit.BELOW
