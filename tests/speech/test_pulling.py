import errno
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_hub import LocalHub, serving, whisper_files
from qa_engine.errors import SettingsError, WeightsError
from qa_engine.speech.model_hub import open_hub
from qa_engine.speech.model_names import KNOWN_MODELS, find_known
from qa_engine.speech.pulling import PullFrom, pull_weights
from qa_engine.speech.weights import check_weights, find_damaged_files, find_weights, find_whisper

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """No proxy, no mirror, no token of this machine; no waiting between tries."""
    for name in (*PROXIES, *(name.lower() for name in PROXIES), "HF_ENDPOINT", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("qa_engine.speech.pulling.time.sleep", lambda seconds: None)


@pytest.fixture
def hub():
    with serving(LocalHub(whisper_files())) as running:
        yield running


def pull(hub, models, name="whisper:tiny", token="", **more):
    return pull_weights(name, models, PullFrom(hub.address, token), **more)


def parts(models):
    return [file.name for file in models.rglob("*.part")]


def test_a_whole_model_comes_with_its_record(hub, tmp_path):
    weights = pull(hub, tmp_path)
    assert weights.ready
    assert find_whisper("tiny", tmp_path) == tmp_path / "tiny"
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        assert (tmp_path / "tiny" / name).read_bytes() == hub.files[name]
    record = json.loads((tmp_path / "tiny" / "pulled.json").read_text(encoding="utf-8"))
    assert record["repository"] == "Systran/faster-whisper-tiny"
    assert record["revision"] == find_known("tiny").revision
    model = next(file for file in record["files"] if file["path"] == "model.bin")
    assert model["sha256"] == hashlib.sha256(hub.files["model.bin"]).hexdigest()
    assert model["size"] == len(hub.files["model.bin"])


def test_only_the_files_that_are_needed_are_fetched(hub, tmp_path):
    pull(hub, tmp_path)
    assert not hub.wanted("README.md")
    assert not parts(tmp_path)


def test_files_are_asked_for_at_the_pinned_commit(hub, tmp_path):
    pull(hub, tmp_path)
    commit = find_known("tiny").revision
    assert hub.wanted("model.bin")[0].path == f"/Systran/faster-whisper-tiny/resolve/{commit}/model.bin"


def test_a_second_pull_fetches_no_file_again(hub, tmp_path):
    pull(hub, tmp_path)
    hub.asked.clear()
    assert pull(hub, tmp_path).ready
    assert [asked.path for asked in hub.asked if "/resolve/" in asked.path] == []


def test_a_damaged_file_alone_is_fetched_again(hub, tmp_path):
    pull(hub, tmp_path)
    (tmp_path / "tiny" / "config.json").write_bytes(b"{}")
    hub.asked.clear()
    pull(hub, tmp_path)
    assert [asked.path.rpartition("/")[2] for asked in hub.asked if "/resolve/" in asked.path] == ["config.json"]
    assert (tmp_path / "tiny" / "config.json").read_bytes() == hub.files["config.json"]


def test_a_cut_in_the_middle_goes_on_from_there(hub, tmp_path):
    hub.cuts.extend([70_000, 60_000])
    assert pull(hub, tmp_path).ready
    assert [asked.headers.get("range") for asked in hub.wanted("model.bin")] == [None, "bytes=70000-", "bytes=130000-"]


def test_a_pull_that_gave_up_goes_on_the_next_time(hub, tmp_path):
    hub.cuts.append(70_000)
    with pytest.raises(WeightsError, match="cannot be downloaded"):
        _cut_and_die(hub, tmp_path)
    assert not check_weights("tiny", tmp_path).ready
    hub.statuses.clear()
    hub.asked.clear()
    assert pull(hub, tmp_path).ready
    assert hub.wanted("model.bin")[0].headers["range"] == "bytes=70000-"
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == hub.files["model.bin"]


def _cut_and_die(hub, models):
    def die(path, done, size):
        if done == 70_000:
            hub.statuses.extend([503] * 10)

    pull(hub, models, tell=die)


def test_interrupted_by_hand_the_part_is_kept_and_the_model_is_not_ready(hub, tmp_path):
    def interrupt(path, done, size):
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(hub, tmp_path, tell=interrupt)
    assert parts(tmp_path)
    assert "model.bin" in check_weights("tiny", tmp_path).missing
    with pytest.raises(WeightsError, match=r"model\.bin.* missing or empty; run: qa-engine models pull whisper:tiny"):
        find_weights("whisper:tiny", tmp_path)


def test_nothing_is_in_place_before_everything_is_whole(hub, tmp_path):
    hub.spoiled["vocabulary.txt"] = b"damaged!"
    with pytest.raises(WeightsError, match=r"vocabulary\.txt"):
        pull(hub, tmp_path)
    assert [file.name for file in (tmp_path / "tiny").iterdir() if file.suffix != ".part"] == []


def test_a_server_that_knows_no_ranges_starts_over(hub, tmp_path):
    hub.ranges = False
    hub.cuts.append(70_000)
    pull(hub, tmp_path)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == hub.files["model.bin"]
    assert hub.wanted("model.bin")[1].headers["range"] == "bytes=70000-"


def test_a_wrong_checksum_is_told_and_the_file_removed(hub, tmp_path):
    hub.spoiled["model.bin"] = bytes(len(hub.files["model.bin"]))
    expected = hashlib.sha256(hub.files["model.bin"]).hexdigest()
    found = hashlib.sha256(hub.spoiled["model.bin"]).hexdigest()
    with pytest.raises(WeightsError) as failure:
        pull(hub, tmp_path)
    for told in ("model.bin", "whisper:tiny", expected[:12], found[:12], "removed", "again"):
        assert told in str(failure.value)
    assert not parts(tmp_path)


def test_a_small_file_is_checked_by_its_git_checksum(hub, tmp_path):
    hub.spoiled["config.json"] = b"x" * len(hub.files["config.json"])
    with pytest.raises(WeightsError, match=r"config\.json of whisper:tiny came damaged"):
        pull(hub, tmp_path)


@pytest.mark.parametrize("sent", [b"short", b"long" * 100_000])
def test_a_wrong_length_is_told_and_the_file_removed(hub, tmp_path, sent):
    hub.spoiled["model.bin"] = sent
    with pytest.raises(WeightsError, match=r"model\.bin of whisper:tiny came damaged \(\d+ of 204800 bytes\)"):
        pull(hub, tmp_path)
    assert not parts(tmp_path)


def test_a_passing_error_is_tried_again(hub, tmp_path):
    hub.statuses.extend([503, 429, 500])
    assert pull(hub, tmp_path).ready


def test_tries_have_an_end(hub, tmp_path):
    hub.statuses.extend([503] * 50)
    with pytest.raises(WeightsError, match="503"):
        pull(hub, tmp_path)
    assert len(hub.wanted("model.bin")) == 4


def test_a_file_that_is_gone_is_not_tried_again(hub, tmp_path):
    hub.statuses.append(404)
    with pytest.raises(WeightsError, match="404"):
        pull(hub, tmp_path)
    assert len(hub.wanted("model.bin")) == 1


def test_a_repository_without_the_file_is_told(hub, tmp_path):
    del hub.files["model.bin"]
    with pytest.raises(WeightsError, match=r"lacks model\.bin"):
        pull(hub, tmp_path)


def test_another_commit_than_the_pinned_one_is_refused(hub, tmp_path):
    hub.nonsense = b'{"sha": "0123456789abcdef", "siblings": []}'
    with pytest.raises(WeightsError, match="commit 0123456789ab was given for d90ca5fe2602"):
        pull(hub, tmp_path)


def test_a_pulled_model_whose_card_is_broken_is_not_called_ready(hub, tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match=r"card\.json cannot be used"):
        pull(hub, tmp_path)


def test_an_address_that_is_no_hub_is_told(hub, tmp_path):
    hub.nonsense = b"<html>Welcome to the hotel network</html>"
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1 gives no sizes and checksums of files"):
        pull(hub, tmp_path)


def test_a_gated_model_without_a_token_says_how_to_get_one(hub, tmp_path):
    hub.token = "secret"
    hub.files = dict.fromkeys(find_known("pyannote:community-1").files, b"pickle")
    with pytest.raises(WeightsError) as failure:
        pull(hub, tmp_path, "pyannote:community-1")
    for told in ("401", "accept its terms", "pyannote/speaker-diarization-community-1", "HF_TOKEN", "--token-file"):
        assert told in str(failure.value)


def test_a_gated_model_comes_with_a_token(hub, tmp_path):
    hub.token = "secret"
    hub.files = {name: name.encode() for name in find_known("pyannote:community-1").files}
    assert pull(hub, tmp_path, "pyannote:community-1", token="secret").ready
    assert (tmp_path / "pyannote" / "plda" / "plda.npz").read_bytes() == b"plda/plda.npz"


def test_a_token_is_not_sent_before_it_is_asked_for(hub, tmp_path):
    pull(hub, tmp_path, token="secret")
    assert hub.asked
    assert not [asked for asked in hub.asked if "authorization" in asked.headers]


def test_a_list_may_want_the_token_too(hub, tmp_path):
    hub.token, hub.token_for_list = "secret", True
    assert pull(hub, tmp_path, token="secret").ready


def test_a_wrong_token_is_told_without_telling_it(hub, tmp_path):
    hub.token = "right"
    with pytest.raises(WeightsError, match="401") as failure:
        pull(hub, tmp_path, token="hf_wrong_one")
    assert "hf_wrong_one" not in str(failure.value)
    assert "hf_wrong_one" not in repr(PullFrom(token="hf_wrong_one"))


def test_a_token_is_not_sent_to_the_host_a_file_is_redirected_to(hub, tmp_path):
    hub.token, hub.token_for_list = "secret", True
    with serving(LocalHub(hub.files)) as store:
        hub.send_to = store.address
        assert pull(hub, tmp_path, token="secret").ready
        assert [asked for asked in hub.wanted("model.bin") if asked.headers.get("authorization") == "Bearer secret"]
        assert store.wanted("model.bin")
        assert not [asked for asked in store.asked if "authorization" in asked.headers]


def test_a_token_is_not_sent_over_an_open_line(tmp_path):
    with pytest.raises(SettingsError, match="not encrypted"):
        pull_weights("whisper:tiny", tmp_path, PullFrom("http://hub.example", "secret"))


def test_a_password_in_the_address_is_not_told(tmp_path):
    address = f"http://name:hunter2@127.0.0.1:{_free_port()}"
    with pytest.raises(WeightsError) as failure:
        pull_weights("whisper:tiny", tmp_path, PullFrom(address))
    assert "hunter2" not in str(failure.value)


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_a_password_in_an_address_that_is_refused_is_not_told(tmp_path, scheme):
    with pytest.raises(SettingsError, match=r"hub\.example") as failure:
        pull_weights("whisper:tiny", tmp_path, PullFrom(f"{scheme}://name:hunter2@hub.example", "token"))
    assert "hunter2" not in str(failure.value)


@pytest.mark.parametrize("address", ["http://[", "https://hub.example:port"])
def test_an_address_that_cannot_be_taken_apart_is_told(tmp_path, address):
    with pytest.raises(SettingsError, match="is no address of a hub"):
        pull_weights("whisper:tiny", tmp_path, PullFrom(address))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_a_network_pull_says_what_to_copy_where(tmp_path):
    with pytest.raises(WeightsError) as failure:
        pull_weights("onnx:t-one", tmp_path, PullFrom(f"http://127.0.0.1:{_free_port()}"))
    page = "https://huggingface.co/t-tech/T-one/tree/106f3b0b32a9e107eb613312e4ebc61ff3d53926"
    for told in ("model.onnx", "config.json", page, str(tmp_path / "t-one"), "HTTPS_PROXY", "ConnectError"):
        assert told in str(failure.value)


def test_the_mirror_of_the_environment_is_used(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", hub.address + "/")
    assert pull_weights("whisper:tiny", tmp_path).ready


@pytest.mark.parametrize("address", ["hub.example", "ftp://hub.example", "http://"])
def test_an_address_that_is_none_is_told(tmp_path, address):
    with pytest.raises(SettingsError, match="no address of a hub"):
        pull_weights("whisper:tiny", tmp_path, PullFrom(address))


def test_a_proxy_of_the_environment_is_used(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", hub.address)
    assert pull_weights("whisper:tiny", tmp_path, PullFrom("http://hub.invalid")).ready
    assert all(asked.address.startswith("http://hub.invalid/") for asked in hub.asked)


def test_a_proxy_that_cannot_be_used_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://old.example")
    with pytest.raises(SettingsError, match="proxy settings"):
        pull_weights("whisper:tiny", tmp_path)


def test_too_little_room_is_told_before_anything_is_fetched(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(WeightsError, match=r"whisper:tiny needs 0 MB more .* 1 MB are free"):
        pull(hub, tmp_path)
    assert not [asked for asked in hub.asked if "/resolve/" in asked.path]


def test_a_disk_that_fills_up_is_told_and_the_part_is_kept(hub, tmp_path, monkeypatch):
    opened = Path.open

    def open_on_a_full_disk(path, mode="r", *args, **more):
        stream = opened(path, mode, *args, **more)
        if mode == "ab":
            write = stream.write
            stream = _Full(stream, write)
        return stream

    monkeypatch.setattr(Path, "open", open_on_a_full_disk)
    with pytest.raises(WeightsError, match=r"the disk of .*tiny is full; make room and run the command again"):
        pull(hub, tmp_path)
    monkeypatch.setattr(Path, "open", opened)
    hub.asked.clear()
    assert pull(hub, tmp_path).ready
    assert hub.wanted("model.bin")[0].headers["range"].startswith("bytes=")


class _Full:
    """A file on a disk with room for one block."""

    def __init__(self, stream, write):
        self._stream, self._write, self._room = stream, write, 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def truncate(self, size):
        return self._stream.truncate(size)

    def write(self, block):
        if not self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= 1
        return self._write(block)


def test_two_pulls_at_once_do_not_write_into_each_other(hub, tmp_path):
    def pull_too(path, done, size):
        with pytest.raises(WeightsError, match="whisper:tiny is being pulled by another process"):
            pull(hub, tmp_path)

    assert pull(hub, tmp_path, tell=pull_too).ready


def test_a_folder_that_cannot_be_written_is_told(hub, tmp_path):
    (tmp_path / "tiny").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(WeightsError, match="cannot be written"):
        pull(hub, tmp_path)


def test_progress_is_told_by_file_up_to_its_size(hub, tmp_path):
    told = []
    pull(hub, tmp_path, tell=lambda path, done, size: told.append((path, done, size)))
    model = [(done, size) for path, done, size in told if path == "model.bin"]
    assert model[0] == (0, 204_800)
    assert model[-1] == (204_800, 204_800)
    assert model == sorted(model)


def test_the_smaller_of_two_published_forms_is_fetched(hub, tmp_path):
    hub.files = {name: name.encode() for name in ("v3_ctc.onnx", "v3_ctc.int8.onnx", "v3_vocab.txt", "config.json")}
    assert pull(hub, tmp_path, "onnx:gigaam-v3-ctc").ready
    assert not (tmp_path / "gigaam-v3-ctc" / "v3_ctc.onnx").exists()


def test_damage_after_the_pull_is_found_without_a_network(hub, tmp_path):
    weights = pull(hub, tmp_path)
    assert find_damaged_files(weights) == ()
    file = tmp_path / "tiny" / "model.bin"
    file.write_bytes(b"\1" + file.read_bytes()[1:])
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    expected = hashlib.sha256(hub.files["model.bin"]).hexdigest()
    assert find_damaged_files(check_weights("tiny", tmp_path)) == (
        f"model.bin: checksum {found[:12]} found, {expected[:12]} expected",
    )


def test_a_shortened_file_is_found(hub, tmp_path):
    pull(hub, tmp_path)
    (tmp_path / "tiny" / "model.bin").write_bytes(b"short")
    assert find_damaged_files(check_weights("tiny", tmp_path)) == ("model.bin: 5 bytes found, 204800 expected",)


def test_only_known_names_are_pulled(tmp_path):
    with pytest.raises(SettingsError, match="known: whisper:tiny"):
        pull_weights("whisper:../../etc", tmp_path)


def test_every_known_model_is_pinned_to_a_commit():
    assert not [known.name for known in KNOWN_MODELS if len(known.revision) != 40]
    assert (
        len({known.name for known in KNOWN_MODELS})
        == len({known.folder for known in KNOWN_MODELS})
        == len(KNOWN_MODELS)
    )


def test_the_hub_is_asked_and_read_as_its_own_library_does(hub, monkeypatch):
    from huggingface_hub import HfApi, close_session, hf_hub_url

    known = find_known("whisper:tiny")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    api = HfApi(endpoint=hub.address, token=False)
    theirs = api.model_info(known.repository, revision=known.revision, files_metadata=True)
    their_list = hub.asked[-1].path
    close_session()
    with open_hub(hub.address) as opened:
        ours = opened.list_files(known.repository, known.revision)
        assert hub.asked[-1].path == their_list
        with opened.read_file(known.repository, ours.commit, "model.bin", 0):
            pass
    their_file = hf_hub_url(known.repository, "model.bin", revision=known.revision, endpoint=hub.address)
    assert hub.address + hub.asked[-1].path == their_file
    sums = {file.rfilename: (file.size, file.lfs.sha256 if file.lfs else file.blob_id) for file in theirs.siblings}
    assert {file.path: (file.size, file.checksum) for file in ours.files.values()} == sums
    assert ours.commit == theirs.sha


def test_only_one_module_opens_connections_to_other_machines():
    import qa_engine

    clients = re.compile(
        r"^\s*(?:import|from) (?:httpx2?|requests|urllib\.request|urllib3|http\.client|huggingface_hub)\b", re.M
    )
    modules = Path(qa_engine.__file__).parent.rglob("*.py")
    assert [module.name for module in modules if clients.search(module.read_text(encoding="utf-8"))] == ["model_hub.py"]


def test_asking_for_models_opens_no_connection_and_loads_no_client(tmp_path):
    code = (
        "import socket, sys\nfrom pathlib import Path\n"
        "def refuse(*_, **__): raise AssertionError('a connection')\n"
        "socket.socket.connect = refuse\n"
        "from qa_engine.speech.model_table import model_table\n"
        "import qa_engine.speech.pulling\n"
        f"model_table(Path({str(tmp_path)!r}))\n"
        "print([name for name in ('httpx2', 'huggingface_hub', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_documents_name_every_known_model():
    documents = Path(__file__).resolve().parents[2]
    told = (documents / "docs" / "models.md").read_text(encoding="utf-8")
    assert not [known.name for known in KNOWN_MODELS if f"`{known.name}`" not in told]
    assert not [known.repository for known in KNOWN_MODELS if known.repository not in told]
