"""Addresses and settings of fetchers, and where they take the bytes from."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from nascar_warehouse.etl.documents import Fetcher
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.extract.mirror import FolderMirror, open_fetcher
from nascar_warehouse.warehouse.errors import SourceUnavailable, UsageError
from tests.support.fetching import INDEX, INDEX_PATH, Opener, Server, in_turn
from tests.support.misbehaving import as_json, canned, redirect_to


@pytest.mark.parametrize(
    "address",
    [
        "race_list_basic.json",
        "ftp://cf.nascar.com/a",
        "https:///etc/passwd",
        "https://../a",
        "https://cf.nascar.com/../../etc/passwd",
        "https://cf.nascar.com/%2e%2e/%2E%2E/etc/passwd",
        "https://cf.nascar.com/..%2f..%2fetc/passwd",
        "https://cf.nascar.com/..%5c..%5cetc/passwd",
        "https://cf.nascar.com/a%00b",
        "https://cf.nascar.com/a\r\nb",
        "https://cf.nascar.com:99999/a",
        "https://[::1/a",
    ],
)
def test_an_invalid_address_is_refused(open_http: Opener, folder: Path, address: str) -> None:
    fetchers: list[Fetcher] = [open_http(in_turn(httpx.Response(200))[0], mirror="http://m.test"), FolderMirror(folder)]
    for fetcher in fetchers:
        with pytest.raises(UsageError, match="address"):
            fetcher.fetch(address)


def test_an_invalid_host_is_refused(open_http: Opener) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        open_http(in_turn(httpx.Response(200))[0]).fetch("https://☃.com/a")


def test_the_origin_shows_where_the_bytes_come_from_and_no_password(open_http: Opener, folder: Path) -> None:
    assert "network" == open_http().origin
    assert "http://m.test:8080/nascar" == open_http(mirror="http://me:secret@m.test:8080/nascar/").origin
    assert str(folder) == FolderMirror(f"{folder}/../mirror/").origin


def test_the_password_of_a_mirror_is_sent_and_not_shown(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [redirect_to("/x"), canned(status=500)], "/x": [as_json({})]})
    fetcher = open_http(mirror=server.url.replace("http://", "http://me:secret@"))
    fetcher.fetch(INDEX)
    assert ["Basic bWU6c2VjcmV0"] * 2 == [request.headers["authorization"] for request in server.requests]
    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(INDEX)
    assert "secret" not in str(caught.value)


def test_proxy_settings_that_do_not_work_are_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    with pytest.raises(UsageError, match="proxy or certificate settings"):
        HttpFetcher()


@pytest.mark.parametrize(
    "mirror", ["ftp://m.test/x", "file:///tmp", "http://m.test/?url=", "https://", "/no/such/folder"]
)
def test_an_invalid_mirror_is_refused(mirror: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_fetcher(mirror)
    assert caught.value.advice


def test_the_right_fetcher_is_opened(folder: Path) -> None:
    kinds = {None: HttpFetcher, "": HttpFetcher, "HTTP://m.test": HttpFetcher, str(folder): FolderMirror}
    for mirror, kind in kinds.items():
        with closing(open_fetcher(mirror, contact="me@example.org")) as fetcher:
            assert kind is type(fetcher)


def test_a_folder_needs_no_http_client(folder: Path) -> None:
    program = (
        "import sys; from nascar_warehouse.etl.extract.mirror import open_fetcher; "
        f"open_fetcher({str(folder)!r}).fetch({INDEX!r}); print('httpx' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert "False\n" == done.stdout
