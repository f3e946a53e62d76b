from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from qa_engine.errors import SettingsError
from qa_engine.reports.writing import write_report


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def test_content_replaces_what_was_there(tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    write_report(path, b"new")
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["report.html"]


def test_permissions_of_the_old_file_are_kept(tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_report(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(("code", "remedy"), [(errno.ENOSPC, "free some space"), (errno.EIO, "another place")])
def test_full_disk_leaves_the_old_file_and_no_remains(tmp_path, monkeypatch, code, remedy):
    path = tmp_path / "report.html"
    path.write_bytes(b"old")

    def full(fd):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError) as caught:
        write_report(path, b"new")
    assert str(path) in str(caught.value)
    assert os.strerror(code) in str(caught.value)
    assert remedy in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["report.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_device_that_is_full_is_told():
    with pytest.raises(SettingsError, match="No space left"):
        write_report(Path("/dev/full"), b"x" * 100_000)


def test_missing_folder_is_named_with_the_remedy(tmp_path):
    with pytest.raises(SettingsError, match="create the folder"):
        write_report(tmp_path / "none" / "report.html", b"new")


def test_folder_instead_of_a_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="it is a folder"):
        write_report(tmp_path, b"new")


def test_no_permission_is_told_with_the_remedy(tmp_path, monkeypatch):
    def refused(self, *args, **kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SettingsError, match="choose a folder you may write to"):
        write_report(tmp_path / "report.html", b"new")


def test_link_stays_a_link(tmp_path):
    (tmp_path / "real.html").write_bytes(b"old")
    (tmp_path / "link.html").symlink_to("real.html")
    write_report(tmp_path / "link.html", b"new")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_bytes() == b"new"


def test_interruption_leaves_no_remains(tmp_path, monkeypatch):
    def interrupted(fd):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(tmp_path / "report.html", b"new")
    assert names_in(tmp_path) == []
