"""Fetching from a folder, also one with bad files in it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from nascar_warehouse.etl.documents import Answer, Validators
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.warehouse.errors import MachineFailure, SourceChanged, SourceUnavailable, UsageError
from tests.support.fetching import INDEX, INDEX_PATH


def test_a_folder_gives_the_file_at_host_and_path(folder: Path) -> None:
    response = FolderMirror(folder).fetch(INDEX)
    assert (INDEX, 200, b'{"series_1": []}') == (response.url, response.status, response.body)
    assert timedelta(0) == response.fetched_at.utcoffset()


def test_a_relative_folder_and_a_link_to_a_folder_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "link").symlink_to(folder)
    assert [200, 200] == [FolderMirror(name).fetch(INDEX).status for name in ["mirror", "link"]]


@pytest.mark.parametrize(
    "address",
    [
        "https://cf.nascar.com/none.json",
        "https://none.test/a",
        f"{INDEX}/x",
        f"https://cf.nascar.com/{'x' * 300}",
    ],
)
def test_an_address_without_a_file_is_missing(folder: Path, address: str) -> None:
    response = FolderMirror(folder).fetch(address)
    assert (404, b"", Answer.MISSING) == (response.status, response.body, response.answer)


@pytest.mark.parametrize("address", ["https://cf.nascar.com/cacher", "https://cf.nascar.com/"])
def test_a_folder_in_the_place_of_a_file_is_a_failure_of_the_machine(folder: Path, address: str) -> None:
    with pytest.raises(MachineFailure, match=f"there is no file for {re.escape(address)}"):
        FolderMirror(folder).fetch(address)


def test_a_pipe_in_the_folder_is_a_failure_of_the_machine_and_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "cf.nascar.com" / "pipe")
    with pytest.raises(MachineFailure, match="there is no file for"):
        FolderMirror(folder).fetch("https://cf.nascar.com/pipe")


def test_a_query_is_part_of_the_file_name(folder: Path) -> None:
    (folder / "cf.nascar.com" / "api.php?page=a%20b&path=x%2Fy").write_bytes(b"{}")
    fetcher = FolderMirror(folder)
    assert b"{}" == fetcher.fetch("https://cf.nascar.com/api.php?page=a%20b&path=x/y").body
    assert 404 == fetcher.fetch("https://cf.nascar.com/api.php?page=c").status
    assert 404 == fetcher.fetch("https://cf.nascar.com/api.php?../../../x").status


def test_an_encoded_name_is_decoded(folder: Path) -> None:
    (folder / "cf.nascar.com" / "a b.json").write_bytes(b"{}")
    assert b"{}" == FolderMirror(folder).fetch("https://cf.nascar.com/a%20b.json").body


def test_an_unchanged_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetcher = FolderMirror(folder)
    first = fetcher.fetch(INDEX)
    monkeypatch.delattr(Path, "read_bytes")
    again = fetcher.fetch(INDEX, validators=Validators(first.etag, first.last_modified))
    assert (b"", Answer.UNCHANGED, first.etag) == (again.body, again.answer, again.etag)


def test_a_changed_file_is_read_again_even_when_its_size_and_time_are_the_same(folder: Path) -> None:
    fetcher, file = FolderMirror(folder), folder / INDEX_PATH[1:]
    first, times = fetcher.fetch(INDEX), file.stat()
    other = file.with_name("other")
    other.write_bytes(b'{"series_2": []}')
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    again = fetcher.fetch(INDEX, validators=Validators(first.etag))
    assert (200, b'{"series_2": []}') == (again.status, again.body)


def test_a_link_within_the_folder_is_followed_and_one_that_leaves_it_refused(folder: Path) -> None:
    secret = folder.parent / "secret.json"
    secret.write_bytes(b"{}")
    (folder / "cf.nascar.com" / "inside").symlink_to(folder / INDEX_PATH[1:])
    (folder / "cf.nascar.com" / "outside").symlink_to(secret)
    (folder / "away.test").symlink_to(folder.parent)
    fetcher = FolderMirror(folder)
    assert 200 == fetcher.fetch("https://cf.nascar.com/inside").status
    for address in ["https://cf.nascar.com/outside", "https://away.test/secret.json"]:
        with pytest.raises(MachineFailure, match="leads out of the mirror"):
            fetcher.fetch(address)


def test_links_in_a_circle_are_a_failure_of_the_machine(folder: Path) -> None:
    (folder / "circle").symlink_to(folder / "circle")
    with pytest.raises(MachineFailure, match="https://circle/a cannot be read"):
        FolderMirror(folder).fetch("https://circle/a")


@pytest.mark.parametrize(("owner", "name"), [(Path, "read_bytes"), (os, "lstat")])
def test_an_unreadable_file_is_a_failure_of_the_machine(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    fetcher = FolderMirror(folder)
    monkeypatch.setattr(owner, name, refuse)
    with pytest.raises(MachineFailure, match=f"{re.escape(INDEX)} cannot be read: .*Permission denied"):
        fetcher.fetch(INDEX)


def test_a_folder_that_disappears_does_not_make_documents_missing(folder: Path) -> None:
    fetcher = FolderMirror(folder)
    folder.rename(folder.parent / "elsewhere")
    with pytest.raises(SourceUnavailable, match="is gone"):
        fetcher.fetch(INDEX)


def test_a_file_over_the_limit_is_refused(folder: Path) -> None:
    with pytest.raises(SourceChanged, match="larger than 10 bytes"):
        FolderMirror(folder, body_limit_bytes=10).fetch(INDEX)


def test_a_file_is_not_a_mirror(folder: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        FolderMirror(folder / INDEX_PATH[1:])


def test_names_that_lead_nowhere_else_are_left_out(folder: Path) -> None:
    address = INDEX.replace("https://cf.nascar.com/", "https://cf.nascar.com/" + "./" * 1200)
    assert 200 == FolderMirror(folder).fetch(address).status
