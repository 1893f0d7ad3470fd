"""Race pages that a person saved: what they say, which files are none, and that nobody is ever asked for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from hypothesis import strategies as st
from sqlglot import exp

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.formats.margin import parse_margin
from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.racing_reference_page import identify
from nascar_warehouse.etl.sources.racing_reference_pages import RacingReferencePages, SavedPages
from nascar_warehouse.warehouse.errors import SourceChanged, UsageError
from tests.conftest import Ask, Nascar, ask_file
from tests.support import racing_reference_html as rr
from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.margin_columns import margin_columns
from tests.support.misbehaving import misbehaving_server

SOURCE = RacingReferencePages()
KEY = "cup/2021/12"
EVERYTHING = Selection(date(2025, 11, 19))


def parse(text: str, key: str = KEY) -> Any:
    """The row of the race."""
    [found] = SOURCE.parse(key, text.encode()).rows["racing_reference_pages"]
    return found


def results(text: str) -> list[Any]:
    return list(SOURCE.parse(KEY, text.encode()).rows["racing_reference_pages_results"])


def refusal(text: str | bytes) -> str:
    with pytest.raises(SourceChanged) as refused:
        SOURCE.parse(KEY, text if isinstance(text, bytes) else text.encode())
    return refused.value.problem.removeprefix("unexpected content: ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for saved pages, still empty."""
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


def save(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


# --- what a page says


def test_a_race_has_its_facts_as_the_page_has_them() -> None:
    race = parse(rr.page())
    assert ("cup", 2021, 12, 36, "NASCAR Cup Series", "Goodyear 400", "May 9, 2021") == (
        race.series_id,
        race.season,
        race.race_number,
        race.races_in_season,
        race.series_name,
        race.race_name,
        race.race_date,
    )
    assert ("Darlington Raceway", "Darlington, SC", "293", False, "1.366", "paved track", "400.238") == (
        race.track,
        race.place,
        race.laps,
        race.is_shortened,
        race.lap_length,
        race.surface,
        race.distance,
    )
    assert ("3:14:21", "123.562 mph", "6 for 36 laps", "19", "metric qualifying", "2.571 sec") == (
        race.race_time,
        race.average_speed,
        race.cautions,
        race.lead_changes,
        race.pole_speed,
        race.margin_text,
    )


@pytest.mark.parametrize("lay_out", [rr.in_cells, rr.beside, rr.in_lines])
def test_what_a_label_says_is_found_however_it_is_laid_out(lay_out: Callable[[dict[str, str]], str]) -> None:
    race = parse(rr.page(details=lay_out(rr.DETAILS)))
    assert ("2.571 sec", "6 for 36 laps", "19") == (race.margin_text, race.cautions, race.lead_changes)


@pytest.mark.parametrize("lay_out", [rr.in_cells, rr.beside, rr.in_lines])
def test_a_label_that_says_nothing_is_unknown(lay_out: Callable[[dict[str, str]], str]) -> None:
    assert parse(rr.page(details=lay_out(rr.DETAILS | {"Margin of victory": ""}))).margin_text is None


@pytest.mark.parametrize(
    ("laps", "is_shortened"),
    [
        ("293 laps on a 1.366 mile paved track (400.238 miles)", False),
        ("293* laps on a 1.366 mile paved track (400.238 miles)", True),
        ("293 laps* on a 1.366 mile paved track (400.238 miles)", True),
        ("293 laps on a 1.366 mile paved track (400.238 miles)*", True),
    ],
)
def test_a_star_marks_a_shortened_race(laps: str, is_shortened: bool) -> None:
    race = parse(rr.page(laps=laps))
    assert ("293", is_shortened) == (race.laps, race.is_shortened)


@pytest.mark.parametrize("surface", ["dirt track", "road course", "paved track"])
def test_a_surface_is_kept_as_it_is_called(surface: str) -> None:
    assert surface == parse(rr.page(laps=f"90 laps on a 2.52 mile {surface} (226.8 miles)")).surface


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2.571 sec", "time"),
        ("under caution", "under_caution"),
        ("2 laps", "laps"),
        ("1 lap +", "laps"),
        ("1 car length", "car_lengths"),
    ],
)
def test_a_margin_is_kept_verbatim_and_understood(text: str, kind: str) -> None:
    margin = parse(rr.page(margin_of_victory=text)).margin_text
    assert (text, kind) == (margin, parse_margin(margin).kind)


@pytest.mark.parametrize(
    ("series", "series_id"),
    [
        ("NASCAR Cup Series", "cup"),
        ("NASCAR Strictly Stock Series", "cup"),
        ("NASCAR Grand National Series", "cup"),
        ("NASCAR Winston Cup Series", "cup"),
        ("NASCAR Nextel Cup Series", "cup"),
        ("NASCAR Sprint Cup Series", "cup"),
        ("Monster Energy NASCAR Cup Series", "cup"),
        ("NASCAR Busch Grand National Series", "nxs"),
        ("NASCAR XFINITY Series", "nxs"),
        ("NASCAR O'Reilly Auto Parts Series", "nxs"),
        ("NASCAR Craftsman Truck Series", "truck"),
        ("NASCAR Gander RV &amp; Outdoors Truck Series", "truck"),
    ],
)
def test_a_series_is_known_by_the_name_of_its_time(series: str, series_id: str) -> None:
    assert series_id == identify(rr.page(series=f"{series} race number 12 of 36").encode()).series_id


@pytest.mark.parametrize("heading", ["h1", "h2", "h3"])
def test_the_name_of_a_race_is_its_heading(heading: str) -> None:
    text = rr.page(title="2021 Goodyear 400").replace("h1>", f"{heading}>")
    assert "Goodyear 400" == parse(text).race_name


def test_without_a_heading_the_name_of_a_race_is_the_title_of_the_page() -> None:
    assert "Goodyear 400" == parse(rr.page().replace("<h1>2021 Goodyear 400</h1>", "")).race_name


def test_a_season_need_not_be_the_year_of_the_race() -> None:
    text = rr.page(
        "1959 Fayetteville",
        "NASCAR Grand National Series race number 1 of 44",
        "Sunday, November 9, 1958 at Champion Speedway, Fayetteville, NC",
    )
    assert (1959, "November 9, 1958") == (parse(text, "cup/1959/01").season, parse(text, "cup/1959/01").race_date)


def test_a_result_has_its_texts_as_the_page_has_them() -> None:
    [first, _] = results(rr.page())
    assert ("1", "4", "19", "Martin Truex, Jr.", "Auto-Owners Insurance (Joe Gibbs)", "Toyota", "293") == (
        first.position,
        first.start,
        first.car_number,
        first.driver,
        first.sponsor_owner,
        first.car,
        first.laps,
    )
    assert ("running", "248", "59", "7", None) == (
        first.status,
        first.led,
        first.points,
        first.playoff_points,
        first.money,
    )


def test_results_had_money_until_2015() -> None:
    header = (*rr.HEADER[:7], "Money", *rr.HEADER[7:])
    row = (*rr.RESULTS[0][:7], "$323,140", *rr.RESULTS[0][7:])
    [first] = results(rr.page(results=rr.results_table([row], header)))
    assert ("$323,140", "running") == (first.money, first.status)


def test_columns_of_results_are_known_by_their_header() -> None:
    table = rr.results_table([tuple(reversed(rr.RESULTS[0]))], tuple(reversed(rr.HEADER)))
    [first] = results(rr.page(results=table))
    assert ("1", "Martin Truex, Jr.", "59") == (first.position, first.driver, first.points)


def test_a_new_column_of_results_is_a_notice() -> None:
    table = rr.results_table([(*rr.RESULTS[0], "101.1")], (*rr.HEADER, "Rating"))
    assert ["new field results column Rating"] == list(SOURCE.parse(KEY, rr.page(results=table).encode()).notices)


def test_results_may_stand_in_a_table_of_the_layout() -> None:
    assert 2 == len(results(rr.page(results=f"<table><tr><td>{rr.results_table()}</td></tr></table>")))


# --- encodings


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "windows-1252"),
        ("<meta charset=iso-8859-1>", "windows-1252"),
        ('<meta charset="windows-1252">', "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_has(head: str, encoding: str) -> None:
    text = rr.page(head=head, results=rr.results_table([(*rr.WINNER[:3], "Daniel Suárez", *rr.WINNER[4:], "1", "0")]))
    [first] = SOURCE.parse(KEY, text.encode(encoding)).rows["racing_reference_pages_results"]
    assert "Daniel Suárez" == getattr(first, "driver", None)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (rr.page(head='<meta charset="shift_jis">').encode(), "not cp932 that can be read"),
        (rr.page(head="").encode() + b"\xe9", "not utf-8 that can be read"),
    ],
)
def test_an_encoding_that_cannot_be_is_refused(content: bytes, what: str) -> None:
    assert refusal(content).startswith(what)


# --- what stops a page


def test_a_page_that_is_something_else_is_refused_with_its_title() -> None:
    assert "it is not a race page: no line like `race number 12 of 36`; its title is 'Just a moment...'" == refusal(
        rr.CHALLENGE
    )


BAD_PAGES = [
    ({"series": "ARCA Menards Series race number 12 of 36"}, "the series 'ARCA Menards Series' is none of the three"),
    ({"series": "NASCAR Cup Series race number 37 of 36"}, "it is race number 37 of 36"),
    ({"series": "NASCAR Cup Series race number 0 of 36"}, "it is race number 0 of 36"),
    ({"title": "Goodyear 400"}, "no title like `2021 Goodyear 400`"),
    ({"day": "May 9"}, "no line like `Sunday, May 9, 2021 at Darlington Raceway`"),
    ({"day": "Sunday, May 32, 2021 at Darlington"}, "the date of a race of 2021 is 'May 32, 2021'"),
    ({"day": "Sunday, May 9, 1921 at Darlington"}, "the date of a race of 2021 is 'May 9, 1921'"),
    ({"laps": "many laps"}, "no line like `293 laps on a 1.366 mile paved track (400.238 miles)`"),
    ({"margin_of_victory": None}, "no line `Margin of victory: …`"),
    ({"time_of_race": None}, "no line `Time of race: …`"),
    ({"results": ""}, "0 tables with the header cells Pos, St, #"),
    ({"results": rr.results_table([])}, "the results have no rows"),
    ({"results": rr.results_table() * 2}, "2 tables with the header cells Pos, St, #"),
    ({"results": rr.results_table(header=(*rr.HEADER[:3], "Name", *rr.HEADER[4:]))}, "0 tables with the header cells"),
    ({"results": rr.results_table([rr.RESULTS[0], rr.RESULTS[1][:-1]])}, "row 2 of the results has not the 11 cells"),
    ({"results": rr.results_table([("DNS", *rr.RESULTS[0][1:])])}, "row 1 of the results has the position 'DNS'"),
    ({"results": rr.results_table([("1", "2", "3", "", *rr.RESULTS[0][4:])])}, "row 1 of the results has no driver"),
]


@pytest.mark.parametrize(("changes", "what"), BAD_PAGES)
def test_a_page_of_another_form_is_refused_with_what_is_wrong(changes: dict[str, Any], what: str) -> None:
    # The title names the season and may be the only place that does.
    text = rr.page(**changes).replace("<li>2021 Season</li><li>2021 NASCAR schedule</li>", "")
    assert refusal(text).startswith(what)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Time of race", "three hours"),
        ("Average speed", "123.562"),
        ("Cautions", "six"),
        ("Lead changes", "many"),
    ],
)
def test_a_text_of_an_unknown_form_is_stored_and_reported(label: str, text: str) -> None:
    changes = {label.replace(" ", "_").lower(): text}
    parsed = SOURCE.parse(KEY, rr.page(**changes).encode())
    assert [f"{KEY}: unknown text {text!r} after `{label}`, stored as it is and not used"] == parsed.notices


def test_unknown_words_of_a_page_are_stored_and_reported() -> None:
    row = (*rr.RESULTS[1][:5], "'20 Spyker", "293", "abducted", *rr.RESULTS[1][8:])
    text = rr.page(
        margin_of_victory="a bit",
        day="Sunday, May 9, 2021 at Moon Base, Moon",
        results=rr.results_table([rr.RESULTS[0], row]),
    )
    parsed = SOURCE.parse(KEY, text.encode())
    assert [
        f"{KEY}: unknown margin 'a bit', stored as it is and not used",
        "unknown track 'Moon Base' (Moon Base), its id is made of its name; add a row to sql/seeds/track_aliases.csv",
        "unknown status 'abducted', stored as it is; add a row to sql/seeds/result_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
    ] == parsed.notices


@pytest.mark.parametrize(("letter", "series_id"), [("W", "cup"), ("B", "nxs"), ("C", "truck")])
def test_a_series_with_a_new_sponsor_is_known_by_the_address_of_the_page(letter: str, series_id: str) -> None:
    text = rr.page(series="NASCAR Acme Series race number 12 of 36", canonical=f"{rr.URL.removesuffix('W')}{letter}")
    assert series_id == identify(text.encode()).series_id


@pytest.mark.parametrize("address", [None, f"{rr.URL}/x", rr.URL.removesuffix("W") + "A"])
def test_a_series_with_a_new_sponsor_and_no_such_address_is_refused(address: str | None) -> None:
    text = rr.page(series="NASCAR Acme Series race number 12 of 36", canonical=address)
    assert "the series 'NASCAR Acme Series' is none of the three" == refusal(text)


def test_a_row_of_results_without_a_driver_and_a_place_is_left_out_and_counted() -> None:
    table = rr.results_table([rr.RESULTS[0], ("",) * len(rr.HEADER), rr.RESULTS[1]])
    parsed = SOURCE.parse(KEY, rr.page(results=table).encode())
    assert (2, [f"{KEY}: 1 row left out: neither a driver nor a place"]) == (
        len(parsed.rows["racing_reference_pages_results"]),
        parsed.notices,
    )


def test_a_page_that_says_two_things_is_refused() -> None:
    assert "2 different lines `Lead changes: …`" == refusal(rr.page().replace("</body>", "<p>Lead changes: 20</p>"))


def test_a_page_of_another_race_than_its_document_is_refused() -> None:
    assert "this is the page of cup/2021/13" == refusal(rr.page(series="NASCAR Cup Series race number 13 of 36"))


@pytest.mark.parametrize("text", ["n/a", "N/A"])
def test_not_available_is_no_other_form(text: str) -> None:
    assert text == parse(rr.page(cautions=text)).cautions


PIECES = st.lists(
    st.one_of(
        st.text(max_size=10),
        st.sampled_from(
            [rr.page(), rr.results_table(), rr.in_cells(rr.DETAILS), "<table>", "<h1>2021 X</h1>", "</td>"]
        ),
        st.sampled_from(
            ["<p>NASCAR Cup Series race number 12 of 36", "<td rowspan=2 colspan=3>", "<p>Cautions:", "<title>"]
        ),
    ),
    max_size=6,
)


# --- the folder


def keys(folder: Path, selection: Selection = EVERYTHING) -> list[str]:
    return [root.key for root in RacingReferencePages(SavedPages(folder)).index_documents(selection)]


def test_without_a_folder_there_is_nothing_to_ask_for() -> None:
    assert [] == SOURCE.index_documents(EVERYTHING)


def test_a_document_is_named_after_its_race_and_has_the_address_that_the_page_gives_itself(folder: Path) -> None:
    save(folder, "anything.html", rr.page())
    [root] = RacingReferencePages(SavedPages(folder)).index_documents(EVERYTHING)
    assert (KEY, rr.URL, None, 2021) == (root.key, root.url, root.season, SOURCE.season_of(root.key))


@pytest.mark.parametrize("canonical", [None, "", "/race-results/2021", "javascript:alert(1)", "https://x/ y"])
def test_a_page_without_an_address_has_the_name_of_its_file(folder: Path, canonical: str | None) -> None:
    save(folder, "2021 Goodyear 400.html", rr.page(canonical=canonical))
    assert ["2021 Goodyear 400.html"] == [
        root.url for root in RacingReferencePages(SavedPages(folder)).index_documents(EVERYTHING)
    ]


def test_pages_that_call_themselves_by_one_address_stay_apart(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.page(series="NASCAR Cup Series race number 13 of 36"))
    assert [(KEY, rr.URL), ("cup/2021/13", "b.html")] == [
        (root.key, root.url) for root in RacingReferencePages(SavedPages(folder)).index_documents(EVERYTHING)
    ]


def test_only_pages_are_looked_at(folder: Path) -> None:
    save(folder, "a.HTM", rr.page())
    save(folder, "notes.txt", "mine")
    (folder / "a_files").mkdir()
    save(folder / "a_files", "saved_resource.html", rr.CHALLENGE)
    (folder / "folder.html").mkdir()
    assert [KEY] == keys(folder)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(date(2025, 1, 1), (2021,)), [KEY]),
        (Selection(date(2025, 1, 1), (2020,)), []),
        (Selection(date(2025, 1, 1), None, ("cup",)), [KEY]),
        (Selection(date(2025, 1, 1), None, ("nxs",)), []),
    ],
)
def test_only_pages_of_wanted_seasons_and_series_are_asked_for(
    folder: Path, selection: Selection, expected: list[str]
) -> None:
    save(folder, "a.html", rr.page())
    assert expected == keys(folder, selection)


def test_the_same_page_saved_twice_is_one_document(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "a (1).html", rr.page())
    saved = SavedPages(folder)
    [root] = RacingReferencePages(saved).index_documents(EVERYTHING)
    assert rr.page().encode() == saved.fetch(root.url).body


def test_two_pages_of_one_race_that_differ_are_refused_with_both_names(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.page(margin_of_victory="2.570 sec"))
    saved = SavedPages(folder)
    [root] = RacingReferencePages(saved).index_documents(EVERYTHING)
    with pytest.raises(SourceChanged, match=r"a.html, b.html are pages of one race, cup/2021/12, and differ"):
        saved.fetch(root.url)


def test_a_folder_without_pages_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="no saved page"):
        SavedPages(folder)


def test_a_page_that_is_too_large_is_refused_with_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nascar_warehouse.etl.sources.racing_reference_pages.BODY_LIMIT_BYTES", 100)
    save(folder, "a.html", rr.page())
    saved = SavedPages(folder)
    with pytest.raises(SourceChanged, match=r"the file a.html: a.html is larger than 100 bytes"):
        saved.fetch("a.html")


# --- tables


@pytest.mark.parametrize("name", list(SOURCE.tables))
def test_a_raw_table_has_the_columns_of_its_rows_and_of_the_document(name: str) -> None:
    text = create_statement(name, SOURCE.tables[name], has_margins=name in SOURCE.margin_columns)
    create, *_ = sqlglot.parse(text, dialect="duckdb")
    assert create is not None
    columns = [*SOURCE.tables[name].columns, *margin_columns(SOURCE, name), "document_id", "loaded_at"]
    assert columns == [column.name for column in create.find_all(exp.ColumnDef)]


# --- through the whole job


def read(nascar: Nascar, folder: Path, *arguments: object) -> Any:
    return nascar("ingest", "racing_reference_pages", "--pages", folder, *arguments)


@pytest.fixture(scope="module")
def home_of_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which one page was read; to be read or copied."""
    base = tmp_path_factory.mktemp("page")
    save(base, "a.html", rr.page())
    left = run_on(base / "home", "ingest", "racing_reference_pages", "--pages", base)
    assert 0 == left.code
    assert "1 documents asked for, 1 new" in left.err
    return base / "home"


@pytest.fixture
def kept(home: Path, folder: Path, home_of_page: Path) -> Path:
    """A page in the folder; the home of the test has read it already."""
    copy_home(home_of_page, home)
    return save(folder, "a.html", rr.page())


def page_of(season: int, number: int, **changes: str) -> str:
    """The page of another race at Darlington."""
    return rr.page(
        title=f"{season} Goodyear 400",
        series=f"NASCAR Cup Series race number {number} of 36",
        day=f"Sunday, May {number}, {season} at Darlington Raceway, Darlington, SC",
        canonical=None,
        **changes,
    )


NOTHING_KNOWN = dict.fromkeys(("time_of_race", "average_speed", "cautions", "lead_changes"), "n/a")
MARGINS = ["1 lap +", "2 laps", "about 1 car length", "under caution", ""]
ROUNDED = {2018: "about 0.05 seconds", 2019: "0.05 seconds"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of pages with an oddity each; for reading only."""
    base = tmp_path_factory.mktemp("pages")
    header = (*rr.HEADER[:7], "Money", *rr.HEADER[7:])
    row = (*rr.RESULTS[0][:7], "$323,140", *rr.RESULTS[0][7:])
    found = [
        page_of(2021, 13, margin_of_victory="", **NOTHING_KNOWN),
        page_of(2021, 14, time_of_race="9:05", margin_of_victory="0.571 sec"),
        page_of(2021, 15, results=rr.results_table([row], header)),
        # Laps: nobody wins by one any more.
        *(page_of(1981, number, margin_of_victory=text) for number, text in enumerate(MARGINS, start=1)),
        *(page_of(season, 12, margin_of_victory=text) for season, text in ROUNDED.items()),
    ]
    for number, text in enumerate(found):
        save(base, f"{number}.html", text)
    assert 0 == run_on(base / "home", "ingest", "racing_reference_pages", "--pages", base).code
    return base / "home" / "nascar.duckdb"


def test_saved_pages_are_ingested(home_of_page: Path) -> None:
    assert [("cup", 2021, 12, date(2021, 5, 9), "Goodyear 400", "Darlington Raceway", 293, False, "paved")] == ask_file(
        home_of_page / "nascar.duckdb",
        "SELECT series_id, season, race_number, race_date, race_name, track_name, laps_completed, is_shortened, surface"
        " FROM staging.racing_reference_pages",
    )


def test_the_figures_of_a_page_are_numbers(home_of_page: Path) -> None:
    assert [(Decimal("1.366"), Decimal("400.238"), 11661, Decimal("123.562"), 6, 36, 19, "2.571 sec")] == ask_file(
        home_of_page / "nascar.duckdb",
        "SELECT lap_length_miles, distance_miles, race_time_seconds, average_speed_mph, cautions, caution_laps,"
        " lead_changes, margin_text FROM staging.racing_reference_pages",
    )


def test_what_a_page_does_not_know_is_null(pages: Path) -> None:
    assert [(None,) * 6] == ask_file(
        pages,
        "SELECT race_time_seconds, average_speed_mph, cautions, caution_laps, lead_changes, margin_text"
        " FROM staging.racing_reference_pages WHERE season = 2021 AND race_number = 13",
    )


def test_a_race_of_less_than_an_hour_has_its_seconds(pages: Path) -> None:
    assert [(545,)] == ask_file(
        pages,
        "SELECT race_time_seconds FROM staging.racing_reference_pages WHERE season = 2021 AND race_number = 14",
    )


def test_the_results_of_a_page_are_cast(pages: Path) -> None:
    assert [(1, 4, "19", "Auto-Owners Insurance", "Joe Gibbs", 293, 323140, "running", 248, 59, 7)] == ask_file(
        pages,
        "SELECT finish_position, start_position, car_number, sponsor, owner_name, laps_completed, winnings_usd, status,"
        " laps_led, points, playoff_points FROM staging.racing_reference_pages_results"
        " WHERE season = 2021 AND race_number = 15",
    )


def test_the_margins_of_pages_are_typed(pages: Path) -> None:
    assert [
        ("1 lap +", "laps", Decimal(1), True, False),
        ("2 laps", "laps", Decimal(2), False, False),
        ("about 1 car length", "car_lengths", Decimal(1), False, True),
        ("under caution", "under_caution", None, False, False),
        (None, None, None, None, None),
    ] == ask_file(
        pages,
        "SELECT margin_text, margin_kind, margin_value, is_lower_bound, is_approximate"
        " FROM raw.racing_reference_pages WHERE season = 1981 ORDER BY margin_text",
    )


@pytest.mark.parametrize(("season", "is_approximate", "ranked"), [(2018, True, 0), (2019, False, 1)])
def test_a_margin_that_its_page_rounded_is_known_and_not_ranked(
    pages: Path, season: int, is_approximate: bool, ranked: int
) -> None:
    assert [("time", Decimal("0.05"), is_approximate)] == ask_file(
        pages,
        "SELECT margin_kind, margin_seconds, is_approximate FROM core.race_margins"
        f" WHERE source_id = 'racing_reference_pages' AND basis = 'line' AND race_id LIKE 'cup-{season}-%'",
    )
    assert [(ranked,)] == ask_file(
        pages,
        f"SELECT count(*) FROM marts.closest_finishes WHERE source_id = 'racing_reference_pages' AND season = {season}",
    )
    assert [(0,)] == ask_file(pages, f"SELECT sum(margins_unknown) FROM marts.margin_coverage WHERE season = {season}")


def test_a_page_that_is_saved_again_corrects_it(nascar: Nascar, folder: Path, kept: Path, ask: Ask) -> None:
    kept.unlink()
    save(folder, "another name.html", rr.page(margin_of_victory="2.570 sec"))
    assert 0 == read(nascar, folder).code
    assert [("2.570 sec",)] == ask("SELECT margin_text FROM staging.racing_reference_pages")
    assert [("margin_text", "2.571 sec", "2.570 sec")] == ask(
        "SELECT column_name, old_value, new_value FROM ops.changes"
    )


@pytest.mark.usefixtures("kept")
def test_pages_read_again_publish_nothing(nascar: Nascar, folder: Path) -> None:
    left = read(nascar, folder)
    assert 0 == left.code
    assert left.err.endswith("nothing new, nothing published\n")


@pytest.mark.parametrize("command", ["build", "rebuild"])
def test_kept_pages_are_built_without_their_folder(nascar: Nascar, kept: Path, ask: Ask, command: str) -> None:
    kept.unlink()
    assert 0 == nascar(command).code
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


@pytest.mark.usefixtures("kept")
def test_kept_pages_stay_when_other_sources_are_ingested(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race()
    assert 0 == nascar("ingest", "--mirror", feed).code
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


def test_pages_may_be_read_along_with_what_is_fetched(nascar: Nascar, folder: Path, feed: FeedFolder, ask: Ask) -> None:
    save(folder, "a.html", rr.page())
    feed.put_one_race()
    assert 0 == nascar("ingest", "--pages", folder, "--mirror", feed).code
    assert [(1, 1)] == ask(
        "SELECT count(*), (SELECT count(*) FROM raw.nascar_feed_weekends) FROM staging.racing_reference_pages"
    )


def test_a_dry_run_names_the_pages_and_keeps_nothing(nascar: Nascar, folder: Path, home: Path) -> None:
    save(folder, "a.html", rr.page())
    left = read(nascar, folder, "--dry-run", "--format", "csv")
    assert (0, []) == (left.code, list(home.rglob("*")))
    assert KEY in left.out


@pytest.mark.usefixtures("kept")
def test_no_request_leaves_for_a_saved_page(nascar: Nascar, folder: Path) -> None:
    save(folder, "b.html", rr.CHALLENGE)
    with misbehaving_server({}) as server:
        first = read(nascar, folder, "--mirror", server.url)
        again = read(nascar, folder, "--mirror", server.url, "--season", "2021")
    assert ([], 4, 4) == (server.requests, first.code, again.code)


@pytest.mark.usefixtures("kept")
def test_a_kept_page_is_never_asked_for_where_it_came_from(nascar: Nascar) -> None:
    with misbehaving_server({}) as server:
        nascar("ingest", "--mirror", server.url, "--season", "2021")
    assert [] == [request.path for request in server.requests if "racing-reference" in request.path]


# --- bad input


def test_pages_that_are_named_without_a_folder_are_wrong_usage(nascar: Nascar) -> None:
    left = nascar("ingest", "racing_reference_pages")
    assert 2 == left.code
    assert "racing_reference_pages is never fetched" in left.err


@pytest.mark.parametrize("place", ["nowhere", "a.html"])
def test_a_folder_that_is_none_is_wrong_usage(nascar: Nascar, folder: Path, place: str) -> None:
    save(folder, "a.html", rr.page())
    left = read(nascar, folder / place)
    assert 2 == left.code
    assert "cannot be opened" in left.err


def test_a_page_that_is_something_else_is_exit_4_with_its_name_and_the_others_are_loaded(
    nascar: Nascar, folder: Path, ask: Ask
) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.CHALLENGE)
    left = read(nascar, folder)
    said = "problem: racing_reference_pages b.html: the file b.html: unexpected content: it is not a race page"
    assert 4 == left.code
    assert said in left.err
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


@pytest.mark.usefixtures("kept")
def test_a_page_that_is_something_else_is_forgotten_when_it_is_taken_away(nascar: Nascar, folder: Path) -> None:
    bad = save(folder, "b.html", rr.CHALLENGE)
    assert 4 == read(nascar, folder).code
    bad.unlink()
    assert 0 == read(nascar, folder).code


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"margin_of_victory": None}, "no line `Margin of victory: …`"),
        ({"results": ""}, "0 tables with the header cells"),
        ({"laps": "some laps"}, "no line like `293 laps"),
    ],
)
def test_a_page_that_breaks_is_exit_4_and_leaves_the_published_file_alone(
    nascar: Nascar, folder: Path, home: Path, changes: dict[str, Any], said: str
) -> None:
    before = hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()
    save(folder, "a.html", rr.page(**changes))
    left = read(nascar, folder)
    assert 4 == left.code
    assert f"racing_reference_pages {KEY}: " in left.err
    assert said in left.err
    assert before == hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


@pytest.mark.usefixtures("kept")
def test_a_page_that_is_saved_whole_again_is_exit_0(nascar: Nascar, folder: Path) -> None:
    save(folder, "a.html", rr.page(results=""))
    assert 4 == read(nascar, folder).code
    save(folder, "a.html", rr.page())
    assert 0 == read(nascar, folder).code


@pytest.mark.usefixtures("kept")
def test_a_page_that_lost_many_of_its_results_is_exit_5_and_publishes_nothing(nascar: Nascar, folder: Path) -> None:
    save(folder, "a.html", rr.page(results=rr.results_table(rr.RESULTS[:1])))
    left = read(nascar, folder)
    assert 5 == left.code
    assert "raw.racing_reference_pages_results would shrink from 2 rows to 1" in left.err
