"""The command that opens the desk: where it listens, what it says, how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from cli.running import run
from qa_engine.store.store import Store

QUICK = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.com"])
def test_an_address_that_others_reach_is_refused(capsys, tmp_path, host):
    ran = run(capsys, "--db", tmp_path / "qa.db", "serve", "--host", host)
    assert ran.code == 2
    assert "no login yet" in ran.err
    assert not (tmp_path / "qa.db").exists()


@pytest.fixture
def empty_store(tmp_path):
    Store.open(str(tmp_path / "qa.db")).close()
    return tmp_path / "qa.db"


def test_a_port_in_use_is_named_with_what_to_do(capsys, empty_store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run(capsys, "--db", empty_store, "serve", "--port", port)
    assert ran.code == 2
    assert f"port {port} is in use" in ran.err
    assert "--port" in ran.err


@pytest.fixture
def served(empty_store):
    program = [sys.executable, "-m", "qa_engine", "--db", str(empty_store), "serve", "--port", "0"]
    started = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=QUICK)
    try:
        told = started.stderr.readline()
        yield started, re.search(r"http://127\.0\.0\.1:\d+/", told).group()
    finally:
        started.kill()
        started.communicate()


def test_the_desk_answers_quietly_and_ctrl_c_ends_it_cleanly(served):
    started, address = served
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "evil.example"}), timeout=30)
    assert refused.value.code == 421
    refused.value.close()
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=30)
    assert (started.returncode, out, err) == (0, "", "the desk is closed\n")
