"""Runs the command line in this process, as a shell would: exit code, standard output, standard error."""

from dataclasses import dataclass

import pytest

from qa_engine.cli.root import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def run(capsys, *arguments) -> Ran:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return Ran(int(left.value.code or 0), told.out, told.err)
