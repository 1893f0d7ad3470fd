"""A landing without room or with damaged bytes says so and gives no wrong bytes."""

from __future__ import annotations

import gzip
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from nascar_warehouse.etl.documents import Version
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.warehouse.errors import MachineFailure
from tests.support.landings import BODY, arrive, contents, document, kept_bytes, overwrite, reply


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """A disk without room, as far as this process can tell."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


FAILS_AT_THE_END, FAILS_ON_THE_WAY = 100_000, 3_000_000
"""Sizes of a row: the index writes a small one when it knows that nothing more comes."""


@pytest.mark.parametrize("size", [FAILS_AT_THE_END, FAILS_ON_THE_WAY])
def test_an_index_without_room_is_said_to_have_trouble_with_the_disk(landing: Landing, size: int) -> None:
    batch = [(document(), reply(etag="x" * size))]
    with files_of_at_most(4096), pytest.raises(MachineFailure, match=r"documents\.sqlite: .*disk"):
        landing.put(batch, "network")


@pytest.mark.parametrize("size", [FAILS_AT_THE_END, FAILS_ON_THE_WAY])
def test_what_an_index_had_no_room_for_can_be_noted_once_there_is_some(landing: Landing, size: int) -> None:
    batch = [(document(), reply(etag="x" * size))]
    with files_of_at_most(4096), pytest.raises(MachineFailure):
        landing.put(batch, "network")
    landing.put(batch, "network")
    assert [[BODY]] == contents(landing)


def cut(packed: bytes) -> bytes:
    return packed[:-9]


def flip_in_the_data(packed: bytes) -> bytes:
    return packed[:14] + bytes([packed[14] ^ 0xFF]) + packed[15:]


def flip_in_the_checksum(packed: bytes) -> bytes:
    return packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]


def empty(_: bytes) -> bytes:
    return b""


def replace_with_zeros(packed: bytes) -> bytes:
    return bytes(len(packed))


def replace_with_other_content(_: bytes) -> bytes:
    return gzip.compress(b"something else")


Damage = Callable[[bytes], bytes]
DAMAGES = [cut, flip_in_the_data, flip_in_the_checksum, empty, replace_with_zeros, replace_with_other_content]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bytes_are_not_handed_out(landing: Landing, damage: Damage) -> None:
    [version] = arrive(landing, reply())
    overwrite(landing, damage(kept_bytes(landing)))
    with pytest.raises(MachineFailure) as failure:
        landing.read(version)
    assert str(landing.path) in str(failure.value)
    assert version.document_id in str(failure.value)


def test_removed_bytes_are_said_to_be_missing_with_path_and_document(landing: Landing) -> None:
    [version] = arrive(landing, reply())
    with closing(sqlite3.connect(landing.path)) as db, db:
        db.execute("DELETE FROM objects")
    with pytest.raises(MachineFailure) as failure:
        landing.read(version)
    assert str(landing.path) in str(failure.value)
    assert version.document_id in str(failure.value)


def read_or_refuse(landing: Landing, version: Version) -> bytes:
    try:
        return landing.read(version)
    except MachineFailure:
        return BODY


def test_no_flipped_byte_anywhere_gives_other_bytes_or_another_error(landing: Landing) -> None:
    [version] = arrive(landing, reply())
    whole = kept_bytes(landing)
    read = set()
    for place in range(len(whole)):
        overwrite(landing, whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        read.add(read_or_refuse(landing, version))
    assert {BODY} == read


def test_bytes_cut_off_anywhere_are_refused(landing: Landing) -> None:
    [version] = arrive(landing, reply())
    whole = kept_bytes(landing)
    for length in range(len(whole)):
        overwrite(landing, whole[:length])
        with pytest.raises(MachineFailure):
            landing.read(version)


def test_an_index_that_is_no_database_is_said_to_be_unusable(tmp_path: Path) -> None:
    index = tmp_path / "documents.sqlite"
    index.write_bytes(b"no database, but long enough to have a header of a hundred bytes" * 40)
    with pytest.raises(MachineFailure, match=r"documents\.sqlite"):
        Landing(tmp_path)


def test_an_index_that_is_a_folder_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "documents.sqlite").mkdir()
    with pytest.raises(MachineFailure, match=r"documents\.sqlite"):
        Landing(tmp_path)


def test_a_file_where_a_folder_is_due_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "landing").write_text("a file")
    with pytest.raises(MachineFailure, match="landing"):
        Landing(tmp_path / "landing")
