"""`qa-engine search`: what was said, by whom, at which second."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from qa_engine.cli.clock import clock
from qa_engine.cli.options import choose_manager, parse_day, period_options
from qa_engine.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.text import Text

    from qa_engine.store.search import SearchHit

__all__ = ["command"]


@click.command("search")
@click.argument("query")
@click.option("--said-by", type=click.Choice(["manager", "customer", "ivr"]), help="Only words of this side.")
@period_options
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Hits shown at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per hit.")
@pass_session
def command(
    session: Session,
    query: str,
    said_by: str | None,
    manager: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> int:
    r"""Search the transcripts: words in any form, "a phrase", prefix*, AND, OR, NOT (И, ИЛИ, НЕ).

    Leaves with exit code 1 when nothing was found, like grep.

    \b
    qa-engine search 'возврат OR "вернуть деньги"' --said-by customer
    """
    from qa_engine.domain.transcript import Role

    with session.open_store() as store:
        store.reindex()  # at once, unless the language rules have changed since the calls were stored
        result = store.search(
            query,
            said_by=Role(said_by) if said_by else None,
            manager=choose_manager(store, manager),
            since=parse_day(since, "--from"),
            until=parse_day(until, "--to"),
            limit=limit,
        )
    for hit in result.hits:
        if as_json:
            click.echo(json.dumps(_line(hit), ensure_ascii=False))
        else:
            session.console(err=False).print(_shown(hit))
    if not as_json:
        session.tell(
            f"{result.total} found" + (f", {len(result.hits)} shown" if result.total > len(result.hits) else "")
        )
    return 0 if result.hits else 1


def _line(hit: SearchHit) -> dict[str, object]:
    return {
        "call": hit.call_id,
        "recording": hit.path,
        "manager": hit.manager or None,
        "started_at": hit.started_at.isoformat() if hit.started_at else None,
        "role": str(hit.role),
        "start": round(hit.start, 2),
        "end": round(hit.end, 2),
        "quote": hit.quote,
        "highlights": [list(span) for span in hit.highlights],
    }


def _shown(hit: SearchHit) -> Text:
    from rich.text import Text

    when = f"{hit.started_at:%Y-%m-%d %H:%M}  " if hit.started_at else ""
    whose = f" of {hit.manager}'s call" if hit.manager and hit.role != "manager" else f" {hit.manager}".rstrip()
    text = Text.assemble(
        (hit.path, "bold"), "\n  ", f"{when}{clock(hit.start)}  {hit.role.value.replace('_', ' ')}{whose}: "
    )
    quote = Text(hit.quote)
    for start, end in hit.highlights:
        quote.stylize("bold reverse", start, end)
    return text.append_text(quote)
