"""Folders with web archives and MHTML: which pages they give, and what is kept of them."""

from __future__ import annotations

import gzip
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from nascar_warehouse.etl.sources.racing_reference_pages import RacingReferencePages, open_pages
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Nascar, ask_file
from tests.etl.sources.racing_reference_pages.test_folder import EVERYTHING, keys
from tests.support import racing_reference_html as rr
from tests.support.racing_reference_parsing import KEY, read, save
from tests.support.warc_records import CAPTURED_AT, PAGE, mhtml, record, wacz

OLD_URL = "http://racing-reference.info/race/1996_Test_500/W"
OLD_KEY = "cup/1996/12"
BESIDE = [
    record("ROOT", "https://www.racing-reference.info/", content_type="text/plain"),
    record(rr.CHALLENGE, "https://www.racing-reference.info/driver/x"),
    record("{}", "https://example.org/race/2021_Goodyear_400/W", content_type="application/json"),
    record(b"software: test", "https://www.racing-reference.info/", kind="warcinfo"),
]
PAGES = [record(rr.page()), *BESIDE, record(rr.old_page(), OLD_URL)]


def pages_of(folder: Path) -> dict[str, bytes]:
    """The content of each page of a folder, by key."""
    with closing(open_pages(folder)) as saved:
        roots = RacingReferencePages(saved).index_documents(EVERYTHING)
        return {root.key: saved.fetch(root.url).body for root in roots}


def plain(records: list[bytes]) -> bytes:
    return b"".join(gzip.decompress(packed) for packed in records)


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.wacz", "a (1).WACZ"])
def test_the_race_pages_of_an_archive_are_documents_and_nothing_else_is(folder: Path, name: str) -> None:
    if name.lower().endswith(".wacz"):
        wacz(folder / name, {"one.warc.gz": PAGES[:3], "two.warc": [plain(PAGES[3:])]}, zipfile.ZIP_DEFLATED)
    else:
        save(folder, name, plain(PAGES) if name.endswith(".warc") else b"".join(PAGES))
    found = pages_of(folder)
    assert [KEY, OLD_KEY] == list(found)
    for key, content in found.items():
        [race] = RacingReferencePages().parse(key, content).rows["racing_reference_pages"]
        assert CAPTURED_AT == getattr(race, "captured_at", None)


def test_a_gzip_of_all_records_at_once_is_read_too(folder: Path) -> None:
    save(folder, "a.warc.gz", gzip.compress(plain(PAGES)))
    assert [KEY, OLD_KEY] == keys(folder)


def test_of_several_captures_of_a_race_the_last_one_counts(folder: Path) -> None:
    save(folder, "a.warc.gz", record(rr.page(), captured_at="2022-01-01T00:00:00Z"))
    save(folder, "b.warc.gz", record(rr.page(margin_of_victory="2.5 sec"), captured_at="2021-06-01T00:00:00Z"))
    assert b"2.571 sec" in pages_of(folder)[KEY]


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht"])
def test_a_page_saved_as_mhtml_is_read(folder: Path, name: str) -> None:
    save(folder, name, mhtml(rr.page(canonical=None)))
    saved = open_pages(folder)
    [root] = RacingReferencePages(saved).index_documents(EVERYTHING)
    assert (KEY, PAGE) == (root.key, root.url)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found"])
def test_a_redirect_or_an_error_in_an_archive_is_no_page(folder: Path, status: str) -> None:
    save(folder, "a.warc.gz", record("gone", OLD_URL, status=status) + record(rr.page()))
    assert [KEY] == keys(folder)


def test_an_archive_without_race_pages_is_a_problem_with_its_name(folder: Path) -> None:
    save(folder, "a.warc.gz", b"".join(BESIDE))
    with pytest.raises(SourceChanged, match=r"the file a.warc.gz: there is no race page in it"):
        open_pages(folder).fetch("a.warc.gz")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (PAGES[0] + PAGES[-1][:-100], "an archive that is damaged or cut off"),
        (PAGES[0] + b"garbage", "an archive that is damaged or cut off"),
        (PAGES[0] + PAGES[-1][:40] + b"\xff" * 40, "an archive that is damaged or cut off"),
    ],
)
def test_what_is_before_the_damage_of_an_archive_is_read(folder: Path, content: bytes, what: str) -> None:
    save(folder, "a.warc.gz", content)
    saved = open_pages(folder)
    assert [KEY, "a.warc.gz"] == [root.key for root in saved.documents("x", EVERYTHING)]
    with pytest.raises(SourceChanged, match=what):
        saved.fetch("a.warc.gz")


def test_a_record_with_a_wrong_digest_is_a_problem_and_the_others_are_read(folder: Path) -> None:
    wrong = plain([record(rr.old_page(), OLD_URL)]).replace(b"0.34 sec", b"0.01 sec")
    save(folder, "a.warc", wrong + plain([record(rr.page())]))
    saved = open_pages(folder)
    assert ["a.warc#0", KEY] == [root.key for root in saved.documents("x", EVERYTHING)]
    with pytest.raises(SourceChanged, match=r"the file a.warc#0: .*not what was captured"):
        saved.fetch("a.warc#0")


def test_a_file_that_is_no_zip_is_a_problem_with_its_name(folder: Path) -> None:
    save(folder, "a.wacz", "no zip")
    with pytest.raises(SourceChanged, match=r"the file a.wacz: .*damaged"):
        open_pages(folder).fetch("a.wacz")


def test_a_record_larger_than_any_page_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(folder, "a.warc.gz", record(rr.page()))
    monkeypatch.setattr("nascar_warehouse.etl.sources.saved_files.BODY_LIMIT_BYTES", 100)
    with pytest.raises(SourceChanged, match="larger than 100 bytes"):
        open_pages(folder).fetch("a.warc.gz#0")


def test_a_margin_of_an_archive_names_the_page_its_time_and_its_digest(
    nascar: Nascar, home: Path, folder: Path
) -> None:
    save(folder, "a.warc.gz", record(rr.old_page(), OLD_URL))
    left = read(nascar, folder)
    assert 0 == left.code, left.err
    [(url,)] = ask_file(
        home / "nascar.duckdb",
        "SELECT source_url FROM core.race_margins WHERE race_id = 'cup-1996-12' AND basis = 'line'",
    )
    assert url.startswith(f"{OLD_URL}#captured_at={CAPTURED_AT}&digest=sha1:")
    assert url in nascar("why", "cup-1996-12", "margin", "--format", "json").out
