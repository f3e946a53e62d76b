"""The model hub over HTTPS: what a repository holds at a commit, and the bytes of one file from any place on.

The only module that opens a network connection. Two addresses of the Hugging Face hub are used, which its mirrors offer
too: ``/api/models/<repository>/revision/<revision>?blobs=true`` (names, sizes, checksums) and
``/<repository>/resolve/<commit>/<path>`` (the bytes). Proxies and certificates are those of the environment
(HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE). No cookie, no account and no token is sent, except where the hub asks for one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from qa_engine.errors import SettingsError, WeightsError

if TYPE_CHECKING:
    import httpx2

__all__ = ["DEFAULT_HUB", "Hub", "HubFailure", "HubFile", "HubListing", "Piece", "open_hub"]

DEFAULT_HUB = "https://huggingface.co"
TIMEOUT = 20.0  # seconds without a byte or an answer
REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# may be over in a moment (RFC 9110, RFC 6585)
PASSING = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class HubFailure(Exception):  # noqa: N818 - an outcome to be judged by the caller, told as WeightsError
    """The hub did not give what was asked; `passing` means that trying again may help."""

    def __init__(self, reason: str, *, passing: bool = False, refused: bool = False) -> None:
        self.passing = passing
        self.refused = refused
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository: bytes, and its checksum: SHA-256 of a large file, git's SHA-1 of a small one."""

    path: str
    size: int
    sha256: str = ""
    git_sha1: str = ""

    @property
    def checksum(self) -> str:
        """The one there is."""
        return self.sha256 or self.git_sha1


@dataclass(frozen=True, slots=True)
class HubListing:
    """The files of a repository at one commit, by path."""

    commit: str
    files: dict[str, HubFile]


@dataclass(frozen=True, slots=True)
class Piece:
    """An answer being read: where its first byte belongs in the file, and the blocks of bytes."""

    start: int
    blocks: Iterator[bytes]


@dataclass(slots=True)
class Hub:
    """One hub or mirror at `address`; the token is kept back until the hub refuses to answer without."""

    address: str
    client: httpx2.Client
    token: str = field(default="", repr=False)
    _asked: bool = False  # whether the hub wanted the token

    def list_files(self, repository: str, revision: str) -> HubListing:
        """Names, sizes and checksums at a revision. Raises HubFailure."""
        url = f"{self.address}/api/models/{repository}/revision/{quote(revision, safe='')}?blobs=true"
        with self._answer(url, {}) as answer:
            answer.read()
            try:
                return _listing(answer.json())
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise HubFailure(f"{self.host} gives no sizes and checksums of files: it is not a model hub") from error

    @contextmanager
    def read_file(self, repository: str, commit: str, path: str, start: int) -> Iterator[Piece]:
        """The bytes of a file from `start` on, or from 0 where the server cannot do that. Raises HubFailure."""
        url = f"{self.address}/{repository}/resolve/{commit}/{quote(path)}"
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._answer(url, headers) as answer:
            yield Piece(_first_byte(answer, start), answer.iter_raw())

    @property
    def host(self) -> str:
        """The host for messages, without a name and a password that the address may hold."""
        return urlsplit(self.address).hostname or self.address

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        with ExitStack() as opened:
            answer = opened.enter_context(self._ask(url, headers))
            if answer.status_code in REFUSED and self.token and not self._asked:
                self._asked = True
                answer.close()
                answer = opened.enter_context(self._ask(url, headers))
            _raise_for_status(answer)
            yield answer

    @contextmanager
    def _ask(self, url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        """The library drops the Authorization header where a redirect leads to another host."""
        import httpx2

        own = {"Authorization": f"Bearer {self.token}"} if self._asked else {}
        try:
            with self.client.stream("GET", url, headers={**headers, **own}) as answer:
                yield answer
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            passing = isinstance(error, httpx2.TransportError)
            raise HubFailure(f"{self.host} cannot be reached ({type(error).__name__})", passing=passing) from error


@contextmanager
def open_hub(mirror: str = "", token: str = "") -> Iterator[Hub]:
    """The hub at `mirror`, at HF_ENDPOINT, or the public one.

    Raises SettingsError for an address that is none, for a token that would go over an open line, and for proxy
    settings of the environment that cannot be used.
    """
    address = (mirror or os.environ.get("HF_ENDPOINT", "") or DEFAULT_HUB).rstrip("/")
    shown = address.rpartition("@")[2]  # a name and a password may stand before it
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address:
        raise SettingsError(f"{shown!r} is no address of a hub; expected something like {DEFAULT_HUB}")
    if token and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(f"{shown} is not encrypted: a token is not sent there; use https or leave the token out")
    with _open_client() as client:
        yield Hub(address, client, token)


def _open_client() -> httpx2.Client:
    try:
        import httpx2
    except ImportError as error:
        raise WeightsError("httpx2 is needed to download models; run: pip install httpx2") from error
    headers = {"Accept-Encoding": "identity", "User-Agent": "qa-engine"}  # identity: ranges count the file's own bytes
    try:
        return httpx2.Client(follow_redirects=True, timeout=TIMEOUT, headers=headers)
    except (ImportError, ValueError, httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise SettingsError(f"the proxy settings of the environment cannot be used: {error}") from error


def _raise_for_status(answer: httpx2.Response) -> None:
    if answer.is_success:
        return
    status, host = answer.status_code, answer.url.host
    refused = status in REFUSED
    raise HubFailure(f"{host} answers {status} {answer.reason_phrase}", passing=status in PASSING, refused=refused)


def _listing(told: Any) -> HubListing:
    files = (_hub_file(row) for row in told["siblings"])
    return HubListing(str(told["sha"]), {file.path: file for file in files})


def _hub_file(row: dict[str, Any]) -> HubFile:
    large = row.get("lfs") or {}
    size = int(large["size"] if large else row["size"])
    return HubFile(str(row["rfilename"]), size, large.get("sha256", ""), "" if large else row["blobId"])


def _first_byte(answer: httpx2.Response, start: int) -> int:
    """``Content-Range: bytes 100-999/1000`` of a partial answer (RFC 9110, 14.4); a full one begins at 0."""
    if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
        return 0
    given = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    if given != str(start):
        raise HubFailure(f"{answer.url.host} sends another part of the file than asked for")
    return start
