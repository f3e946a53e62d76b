"""The page of a call in a real browser: the script runs under the page's own policy, a quote moves the player."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator

import pytest

from web.desk_samples import encoded, keep, made_call

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")]

# Follows the desk's own script: clicks the time of the second turn, and tells the test where the player then stands.
PROBE = b"""
{
  const audio = document.querySelector("audio");
  const link = document.querySelectorAll(".turns a[data-seek]")[1];
  const tell = (what) => fetch(`/static/${what}`);
  audio.addEventListener("seeked", () => {
    const came = document.querySelectorAll(".came");
    tell(`at ${audio.currentTime} ${came.length} ${came[0].id} ${audio.duration}`);
  }, { once: true });
  audio.addEventListener("error", () => tell("error"), true);
  document.addEventListener("securitypolicyviolation", (event) => tell(`violation ${event.violatedDirective}`));
  const go = () => link.click();
  audio.readyState ? go() : audio.addEventListener("loadedmetadata", go);
}
"""


@pytest.fixture
def told(monkeypatch) -> queue.Queue[str]:
    """What the probe tells: the desk's script is followed by it, and asks for "files" whose names are the message."""
    from qa_engine.web import views

    whole, heard = views.Views.static, queue.Queue()

    def static(self, request):
        name = request.path_params["name"]
        if name.startswith(("at ", "error", "violation")):
            heard.put(name)
        answer = whole(self, request)
        return type(answer)(answer.body + PROBE, media_type="text/javascript") if name == "desk.js" else answer

    monkeypatch.setattr(views.Views, "static", static)
    return heard


@pytest.fixture
def address(store, english, tmp_path, told) -> Iterator[str]:
    """The page of a call, in a codec that is made playable, on a desk at a port of its own."""
    import uvicorn

    import sounds
    from qa_engine.web.app import make_app

    call = keep(store, made_call(encoded(tmp_path / "a.wav", "pcm_mulaw", sounds.voice(30.0))), english)
    config = uvicorn.Config(make_app(store), port=0, log_config=None, access_log=False, ws="none", lifespan="on")
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    try:
        while not server.started:
            assert running.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/calls/{call.call_id}"
    finally:
        server.should_exit = server.force_exit = True
        running.join(timeout=20)


@pytest.fixture
def opened(address, tmp_path) -> Iterator[None]:
    program = [CHROMIUM, "--headless", "--disable-gpu", "--mute-audio", f"--user-data-dir={tmp_path / 'profile'}"]
    program += ["--remote-debugging-port=0"]  # stays open
    program += ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = subprocess.DEVNULL
    browser = subprocess.Popen([*program, address], stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


def test_a_turns_time_moves_the_player_to_its_second(opened, told, store):
    _, at, num_marked, marked, duration = told.get(timeout=60).split()
    second = next(store.calls()).turns[1].start
    assert float(at) == pytest.approx(second - 0.3, abs=0.01)
    assert (num_marked, marked) == ("1", "turn-1")
    assert float(duration) == pytest.approx(30.0, abs=0.01)
