"""Wikipedia's list of the closest finishes: which cells mean what, and which changes of the page stop it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.urls import file_parts
from nascar_warehouse.etl.formats.html import parse_html, rows_of, text_of
from nascar_warehouse.etl.sources.wikipedia import COLUMNS, ClosestFinish, Wikipedia
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Ask, Nascar, ask_file
from tests.support import wikipedia_page as wiki
from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.misbehaving import as_json, misbehaving_server

SOURCE = Wikipedia()
KEY = "closest_finishes"
TODAY = date(2025, 11, 19)


def parse(text: str | None = None, **changes: object) -> list[Any]:
    """The rows of the list on a page of this HTML."""
    return list(SOURCE.parse(KEY, wiki.answer(text, **changes)).rows["wikipedia_closest_finishes"])


def parse_table(*rows: str) -> list[Any]:
    return parse(wiki.page(wiki.table(*rows)))


def one(**changes: Any) -> Any:
    [finish] = parse_table(wiki.row(**changes))
    return finish


def refusal(text: str | None = None, **changes: object) -> str:
    with pytest.raises(SourceChanged) as refused:
        parse(text, **changes)
    return refused.value.problem


def refusal_of_row(**changes: Any) -> str:
    return refusal(wiki.page(wiki.table(wiki.DARLINGTON, wiki.row(**changes))))


# --- which document


def test_the_list_is_asked_for_at_the_api_and_is_of_no_season() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY))
    assert (KEY, None, True) == (root.key, root.season, root.is_index)
    assert f"https://{wiki.FILE}" == root.url


def test_in_a_folder_the_file_has_the_query_in_its_name() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY))
    assert wiki.FILE.split("/") == file_parts(root.url)


def test_the_list_leads_nowhere_and_is_about_no_season() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY))
    assert ([], None) == (SOURCE.detail_documents(root, b"", Selection(TODAY)), SOURCE.season_of(KEY))


# --- what a row says


def test_a_row_has_its_texts_as_the_page_has_them() -> None:
    [finish] = parse_table(wiki.KANSAS)
    assert (1, "1", "2024 AdventHealth 400", "2024 AdventHealth 400", False, "0.001", "Kyle Larson") == (
        finish.row_number,
        finish.rank,
        finish.race,
        finish.race_page,
        finish.is_outside_season,
        finish.margin_text,
        finish.winner,
    )
    assert ("Chris Buescher", "Kansas Speedway", "May 5, 2024", 1311111111) == (
        finish.runner_up,
        finish.track,
        finish.race_date,
        finish.revision_id,
    )


def test_rows_are_counted_from_the_header_on() -> None:
    assert [1, 2] == [finish.row_number for finish in parse()]


def test_races_that_tie_share_the_rank_and_the_margin() -> None:
    first = wiki.row("2", "2003 Carolina Dodge Dealers 400", "0.002", race_date="March 16, 2003", span=2)
    second = wiki.row(None, "2011 Aaron's 499", None, race_date="April 17, 2011")
    last = wiki.row("4", "2024 Ambetter Health 400", "0.003")
    assert [("2", "0.002"), ("2", "0.002"), ("4", "0.003")] == [
        (finish.rank, finish.margin_text) for finish in parse_table(first, second, last)
    ]


def test_three_races_may_tie() -> None:
    rows = [wiki.row(span=3), wiki.row(None, margin=None), wiki.row(None, margin=None)]
    assert ["0.001"] * 3 == [finish.margin_text for finish in parse_table(*rows)]


def test_a_cell_of_no_rows_goes_on_to_the_end() -> None:
    rows = [wiki.row(span=9).replace('"9"', '"0"'), wiki.row(None, margin=None), wiki.row(None, margin=None)]
    assert ["0.001"] * 3 == [finish.margin_text for finish in parse_table(*rows)]


def test_a_cell_that_spans_more_rows_than_there_are_ends_with_the_table() -> None:
    assert 1 == len(parse_table(wiki.row(span=5)))


@pytest.mark.parametrize("mark", ["*", " *", "<sup>*</sup>", "&nbsp;*", '*<sup class="reference">[2]</sup>'])
def test_a_star_marks_a_race_outside_the_season(mark: str) -> None:
    assert one(mark=mark).is_outside_season


def test_a_race_without_a_page_has_none() -> None:
    plain = wiki.row().replace(wiki.link("2024 AdventHealth 400"), "2024 AdventHealth 400")
    [finish] = parse_table(plain)
    assert ("2024 AdventHealth 400", None) == (finish.race, finish.race_page)


@pytest.mark.parametrize(
    "margin",
    [
        "0.001",
        "0.001\n",
        "&nbsp;0.001",
        "0.001<sup class='reference'><a href='#n'>[1]</a></sup>",
        "0.001[1]",
        "0.001 [a]",
        "0.001 [note 1]",
        "<span style='display:none'>0001</span>0.001",
        "<span style='Display : None;'>0001</span>0.001",
        "<span class='sortkey'>0001</span>0.001",
        "<style>.x{}</style>0.001",
        "0.001<!-- since 2024 -->",
        "<b>0.</b>001",
        "0.001\u200b",
    ],
)
def test_a_reader_sees_no_footnote_sort_key_or_blank_around_a_text(margin: str) -> None:
    assert "0.001" == one(margin=margin).margin_text


def test_a_flag_beside_a_name_is_not_part_of_it() -> None:
    flag = '<span class="flagicon"><img alt="United States" src="x.png"></span>&nbsp;'
    [finish] = parse_table(
        wiki.row().replace("<td>" + wiki.link("Kyle Larson"), f"<td>{flag}{wiki.link('Kyle Larson')}")
    )
    assert "Kyle Larson" == finish.winner


def test_what_stands_beside_the_link_of_a_name_is_not_part_of_it() -> None:
    [finish] = parse_table(wiki.row().replace("Kyle Larson</a>", "Kyle Larson</a> (2)"))
    assert "Kyle Larson" == finish.winner


def test_a_text_that_is_wrapped_is_one_line() -> None:
    [finish] = parse_table(wiki.row(track="Daytona International\nSpeedway"))
    assert "Daytona International Speedway" == finish.track


def test_accents_are_kept() -> None:
    assert "Daniel Suárez" == one(winner="Daniel Suárez").winner


@pytest.mark.parametrize("rank", ["", "&nbsp;", "-", "\u2013", "\u2014"])
def test_a_race_may_have_no_rank(rank: str) -> None:
    assert one(rank=rank).race == "2024 AdventHealth 400"


# --- which table


@pytest.mark.parametrize(
    "names",
    [
        ("Rank", "Race", "Margin", "Winner", "2nd<br>Place", "Track", "Date"),
        ("RANK", "race", "Margin<sup class='reference'>[1]</sup>", "Winner", "2nd&nbsp;place", "Track", "Date"),
    ],
)
def test_header_cells_are_known_by_what_a_reader_sees(names: tuple[str, ...]) -> None:
    assert 1 == len(parse(wiki.page(wiki.table(wiki.KANSAS, names=names))))


def test_the_order_of_the_columns_does_not_matter() -> None:
    names = ("Date", "Track", "2nd Place", "Winner", "Margin", "Race", "Rank")
    cells = ["May 5, 2024", "Kansas Speedway", "Chris Buescher", "Kyle Larson", "0.001", "2024 AdventHealth 400", "1"]
    line = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    [finish] = parse(wiki.page(wiki.table(line, names=names)))
    assert ("1", "Kyle Larson") == (finish.rank, finish.winner)


def test_a_column_more_does_not_matter() -> None:
    names = (*wiki.HEADER, "Ref")
    line = wiki.KANSAS.replace("</tr>", "<td>[1]</td></tr>")
    assert 1 == len(parse(wiki.page(wiki.table(line, names=names))))


def test_another_table_under_the_heading_does_not_matter() -> None:
    other = "<table><tr><th>Key</th></tr><tr><td>* outside the season</td></tr></table>"
    assert 1 == len(parse(wiki.page(other, wiki.table(wiki.KANSAS))))


def test_a_table_around_the_list_is_looked_into_no_further() -> None:
    around = f"<table><tr><td>{wiki.table(wiki.KANSAS)}</td></tr></table>"
    assert (
        'no table with the header cells Rank, Race, Margin, Winner, 2nd Place, Track, Date under "Closest finishes"'
        == (refusal(wiki.page(around)))
    )


def test_the_heading_may_have_its_old_form() -> None:
    text = wiki.page().replace(
        "<h2>Closest finishes</h2>",
        '<h2><span class="mw-headline">Closest finishes</span><span class="mw-editsection">[edit]</span></h2>',
    )
    assert 2 == len(parse(text))


def test_a_heading_below_the_heading_is_part_of_it() -> None:
    assert 1 == len(parse(wiki.page("<h3>Since 1993</h3>", wiki.table(wiki.KANSAS))))


# --- what stops the page


LOST = [
    ("Rank", "Race", "Margin", "Winner", "Runner-up", "Track", "Date"),
    ("Rank", "Race", "Margin", "Winner", "Track", "Date"),
    ("Rank", "Race", "Margin", "Winner", "2nd Place", "2nd Place", "Track", "Date"),
]


@pytest.mark.parametrize("names", LOST)
def test_a_header_cell_that_is_lost_changed_or_doubled_is_named(names: tuple[str, ...]) -> None:
    assert 'the table under "Closest finishes" has no header cell 2nd Place' == refusal(
        wiki.page(wiki.table(wiki.KANSAS, names=names))
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>nothing</p>",
        wiki.page("<p>There was a table here.</p>"),
        wiki.page(heading="The closest"),
    ],
)
def test_a_page_without_the_table_is_refused(text: str) -> None:
    assert refusal(text).startswith("no table with the header cells Rank, Race")


def test_two_such_tables_are_refused() -> None:
    assert '2 tables under "Closest finishes" have the header cells of the list' == refusal(
        wiki.page(wiki.table(wiki.KANSAS), wiki.table(wiki.DARLINGTON))
    )


BAD_ROWS = [
    ({"race_date": "5 May 2024"}, "the date '5 May 2024' is not like May 5, 2024"),
    ({"race_date": "May 32, 2024"}, "the date 'May 32, 2024' is not like May 5, 2024"),
    ({"race_date": ""}, "the date '' is not like May 5, 2024"),
    ({"race_date": "May 5, 2014"}, "the race '2024 AdventHealth 400' is dated May 5, 2014"),
    ({"race": "AdventHealth 400"}, "the race 'AdventHealth 400' does not begin with its season"),
    ({"race": "2024"}, "the race '2024' does not begin with its season"),
    ({"rank": "first"}, "the rank is 'first'"),
    ({"winner": ""}, "the winner is blank"),
    ({"runner_up": "&nbsp;"}, "the runner-up is blank"),
    ({"track": ""}, "the track is blank"),
]


@pytest.mark.parametrize(("change", "what"), BAD_ROWS)
def test_a_row_of_another_form_is_named(change: dict[str, str], what: str) -> None:
    assert f'the table under "Closest finishes", row 2: {what}' == refusal_of_row(**change)


@pytest.mark.parametrize("margin", ["a bit", "", "0"])
def test_a_margin_that_cannot_be_read_is_stored_and_reported(margin: str) -> None:
    parsed = SOURCE.parse(KEY, wiki.answer(wiki.page(wiki.table(wiki.DARLINGTON, wiki.row(margin=margin)))))
    [_, finish] = parsed.rows["wikipedia_closest_finishes"]
    assert isinstance(finish, ClosestFinish)
    notice = (
        f"unknown margin {margin!r} of {finish.race}, stored as it is; if it has a meaning, "
        "add its form to etl/formats/margin.py"
    )
    assert (margin, [notice]) == (finish.margin_text, parsed.notices)


def test_a_blank_row_is_left_out_and_counted() -> None:
    blank = "<tr>" + "<td></td>" * len(COLUMNS) + "</tr>"
    parsed = SOURCE.parse(KEY, wiki.answer(wiki.page(wiki.table(wiki.DARLINGTON, blank, wiki.KANSAS))))
    assert (2, [f"{KEY}: 1 row left out: the row is blank"]) == (
        len(parsed.rows["wikipedia_closest_finishes"]),
        parsed.notices,
    )


def test_a_row_with_too_few_cells_is_named_with_what_it_lacks() -> None:
    short = wiki.KANSAS.replace("<td>May 5, 2024</td>", "")
    assert 'the table under "Closest finishes", row 2: there is no cell for Date' == refusal(
        wiki.page(wiki.table(wiki.DARLINGTON, short))
    )


def test_cells_that_overlap_are_refused() -> None:
    over = wiki.row(None, margin=None).replace("<td>", '<td colspan="3">', 1)
    assert "row 3 of a table: cells overlap in column 3" == refusal(wiki.page(wiki.table(wiki.row(span=2), over)))


def test_a_list_without_rows_is_left_to_the_load_to_judge() -> None:
    assert [] == parse_table()


# --- what the API may answer instead


def api_refusal(content: bytes) -> str:
    with pytest.raises(SourceChanged) as refused:
        SOURCE.parse(KEY, content)
    return refused.value.problem


def test_an_error_of_the_api_is_told_with_its_code_and_words() -> None:
    content = json.dumps({"error": {"code": "ratelimited", "info": "Too fast.", "docref": "See the API."}}).encode()
    assert "the API of Wikipedia answered with an error, ratelimited: Too fast." == api_refusal(content)


def test_a_page_that_is_gone_is_told() -> None:
    content = json.dumps({"error": {"code": "missingtitle", "info": "The page does not exist."}}).encode()
    assert f'Wikipedia has no page "{wiki.TITLE}" any more' == api_refusal(content)


def test_a_title_that_leads_to_another_page_is_told() -> None:
    assert f'the page "{wiki.TITLE}" leads to another one now, "Closest finishes"' == refusal(title="Closest finishes")


def test_a_page_that_is_a_redirect_is_told_with_its_target() -> None:
    text = (
        '<div class="mw-parser-output"><div class="redirectMsg"><p>Redirect to:</p><ul class="redirectText"><li>'
        '<a href="/wiki/X" title="X">Photo finishes</a></li></ul></div></div>'
    )
    assert f'the page "{wiki.TITLE}" is a redirect now, to "Photo finishes"' == refusal(text)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is not whole JSON"),
        (b"<!DOCTYPE html><title>Wikimedia Error</title>", "is not whole JSON"),
        (wiki.answer()[:-40], "is not whole JSON"),
        (b'{"parse": {"title": "\\ud800"}}', "is not whole JSON"),
        (b"{}", "missing required field `parse`"),
        (b'{"parse": {"title": "x"}}', "missing required field `pageid`"),
        (wiki.answer(revid="new"), "at `$.parse.revid`"),
        (wiki.answer({"*": "<p></p>"}), "at `$.parse.text`"),  # type: ignore[arg-type]  # the form of version 1
    ],
)
def test_an_answer_of_another_form_is_refused(content: bytes, what: str) -> None:
    assert what in api_refusal(content)


def test_a_new_field_is_a_notice() -> None:
    assert ["new field $.parse.langlinks"] == list(SOURCE.parse(KEY, wiki.answer(langlinks=[])).notices)


# --- spans, on any table


CELLS = st.builds(
    lambda tag, rows, columns, text: f'<{tag} rowspan="{rows}" colspan="{columns}">{text}</{tag}>',
    st.sampled_from(["td", "th"]),
    st.sampled_from(["", "0", "1", "2", "3", "-1", "1.5", "many", "99999999999"]),
    st.sampled_from(["", "0", "1", "2", "3", "-1", "200", "many"]),
    st.sampled_from(["", "x", "<b>y", "<table><tr><td>z</td></tr></table>"]),
)
TABLES = st.lists(st.lists(CELLS, max_size=6), max_size=6).map(
    lambda rows: "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"
)
PIECES = st.lists(
    st.one_of(
        CELLS,
        st.sampled_from(["<table>", "<tr>", "<thead>", "<tfoot>", "</table>", "<p>", "<h2>Closest finishes</h2>"]),
        st.text(),
    ),
    max_size=20,
).map("".join)


@given(st.one_of(TABLES, PIECES))
def test_the_spans_of_any_table_are_resolved_or_refused(text: str) -> None:
    for table in parse_html(text.encode(errors="replace").decode()).css("table"):
        try:
            rows = rows_of(table)
        except SourceChanged:
            continue
        assert all(cell is None or isinstance(cell.text, str) for row in rows for cell in row)


@given(st.text().map(lambda text: text.encode(errors="replace").decode()))
def test_a_text_has_no_blanks_around_it(text: str) -> None:
    seen = text_of(parse_html(f"<p>{text}</p>"))
    assert " ".join(seen.split()) == seen


def test_a_cell_over_several_columns_is_in_each_of_them() -> None:
    [table] = parse_html('<table><tr><td colspan="2">a</td><td>b</td></tr></table>').css("table")
    assert [["a", "a", "b"]] == [[cell.text if cell else None for cell in row] for row in rows_of(table)]


def test_a_cell_over_rows_and_columns_is_in_each_place() -> None:
    text = '<table><tr><td>a</td><td rowspan="2" colspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></table>'
    [table] = parse_html(text).css("table")
    assert [["a", "b", "b"], ["c", "b", "b", "d"]] == [
        [cell.text if cell else None for cell in row] for row in rows_of(table)
    ]


def test_a_place_that_no_cell_covers_is_none() -> None:
    text = '<table><tr><td>a</td><td>b</td><td rowspan="2">c</td></tr><tr><td>d</td></tr></table>'
    [table] = parse_html(text).css("table")
    assert [["a", "b", "c"], ["d", None, "c"]] == [
        [cell.text if cell else None for cell in row] for row in rows_of(table)
    ]


def test_a_cell_does_not_go_on_into_another_section() -> None:
    text = '<table><thead><tr><th rowspan="3">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>'
    [table] = parse_html(text).css("table")
    assert [["a"], ["b"]] == [[cell.text if cell else None for cell in row] for row in rows_of(table)]


def test_a_table_that_is_too_wide_is_refused() -> None:
    [table] = parse_html('<table><tr><td colspan="101">a</td></tr></table>').css("table")
    with pytest.raises(SourceChanged, match="row 1 of a table: more than 100 columns"):
        rows_of(table)


# --- dates


@pytest.mark.parametrize("month", ["January", "March", "May", "August", "October", "December"])
def test_a_date_has_an_english_month(month: str) -> None:
    assert f"{month} 5, 2024" == one(race_date=f"{month} 5, 2024").race_date


@pytest.mark.parametrize(
    "text", ["February 29, 2023", "May 5 2024", "2024-05-05", "May 5, 0000", "Mai 5, 2024", "May 5, 202\u0664"]
)
def test_a_date_of_another_form_is_refused(text: str) -> None:
    assert f"row 2: the date {text!r} is not like May 5, 2024" in refusal_of_row(race_date=text)


def test_a_date_is_read_whatever_the_locale_of_the_user_is(tmp_path: Path) -> None:
    localedef = shutil.which("localedef")
    if localedef is None:
        pytest.skip("there is no localedef to make a German locale with")
    made = subprocess.run(  # noqa: S603
        [localedef, "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("there is no German locale to make")
    page = tmp_path / "page.json"
    page.write_bytes(wiki.answer(wiki.page(wiki.table(wiki.row(race_date="May 5, 2024")))))
    # The command itself starts first, so that whatever it sets is set.
    code = (
        "import sys, pathlib, nascar_warehouse.etl.cli\n"
        "from nascar_warehouse.etl.sources.wikipedia import Wikipedia\n"
        "print(len(Wikipedia().parse('closest_finishes', pathlib.Path(sys.argv[1]).read_bytes()).rows))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(page)],
        env=os.environ | {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("1\n", "") == (done.stdout, done.stderr)


# --- through the whole job


@pytest.fixture(scope="module")
def home_of_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the list was ingested, beside the mirror that it came from; to be read or copied."""
    folder = tmp_path_factory.mktemp("list")
    put_list(folder / "mirror")
    left = run_on(folder / "home", "ingest", "wikipedia", "--mirror", folder / "mirror")
    assert 0 == left.code
    assert "1 documents asked for, 1 new" in left.err
    return folder / "home"


@pytest.fixture
def mirror(tmp_path: Path, home: Path, home_of_list: Path) -> Path:
    """A folder mirror that has the list and nothing else; the home of the test has it already."""
    copy_home(home_of_list, home)
    put_list(tmp_path / "mirror")
    return tmp_path / "mirror"


def put_list(mirror: Path, **changes: object) -> None:
    outside = wiki.row(
        "3", "2001 Gatorade Duel 2", "0.004", "Mike Skinner", "Dale Earnhardt Jr.", "Daytona", "February 15, 2001", "*"
    )
    wiki.put(mirror, wiki.answer(wiki.page(wiki.table(wiki.KANSAS, wiki.DARLINGTON, outside)), **changes))


def test_the_list_is_ingested_from_a_folder(home_of_list: Path) -> None:
    assert [
        (1, 1, 2024, "AdventHealth 400", False, "0.001", "Kyle Larson", "Chris Buescher", date(2024, 5, 5)),
        (2, 2, 2003, "Carolina Dodge Dealers 400", False, "0.002", "Ricky Craven", "Kurt Busch", date(2003, 3, 16)),
        (3, 3, 2001, "Gatorade Duel 2", True, "0.004", "Mike Skinner", "Dale Earnhardt Jr.", date(2001, 2, 15)),
    ] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT row_number, rank, season, race_name, is_outside_season, margin_text, winner, runner_up, race_date"
        " FROM staging.wikipedia_closest_finishes ORDER BY row_number",
    )


def test_a_row_of_the_list_says_which_revision_and_document_it_is_from(home_of_list: Path) -> None:
    assert [(1311111111, f"https://{wiki.FILE}", "Wikipedia", "CC BY-SA 4.0")] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT DISTINCT finishes.revision_id, documents.url, documents.publisher, credits.licence"
        " FROM staging.wikipedia_closest_finishes AS finishes"
        " INNER JOIN ops.documents AS documents USING (document_id)"
        " INNER JOIN seeds.source_credits AS credits USING (source_id)",
    )


def test_the_margins_of_the_list_are_typed(home_of_list: Path) -> None:
    assert [("0.004", "time")] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT margin_text, margin_kind FROM raw.wikipedia_closest_finishes WHERE margin_text = '0.004'",
    )


def test_the_list_asked_for_again_publishes_nothing(nascar: Nascar, mirror: Path) -> None:
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 0 == left.code
    assert left.err.endswith("nothing new, nothing published\n")


@pytest.mark.usefixtures("mirror")
def test_rebuild_reads_the_kept_list(nascar: Nascar, ask: Ask) -> None:
    assert 0 == nascar("rebuild").code
    assert [(3,)] == ask("SELECT count(*) FROM staging.wikipedia_closest_finishes")


def test_a_plain_ingest_asks_for_the_list_too(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    put_list(one_race.root)
    assert 0 == nascar("ingest", "--mirror", one_race).code
    assert [(1, 3)] == ask(
        "SELECT (SELECT count(*) FROM raw.nascar_feed_weekends), count(*) FROM raw.wikipedia_closest_finishes"
    )


@pytest.mark.parametrize(
    "arguments", [pytest.param((), id="a mirror need not have every source"), ("--season", "2024")]
)
def test_a_mirror_without_the_list_is_no_problem_for_who_does_not_ask_for_it(
    nascar: Nascar, one_race: FeedFolder, arguments: tuple[str, ...]
) -> None:
    left = nascar("ingest", "--mirror", one_race, *arguments)
    assert 0 == left.code
    assert "problem" not in left.err


def test_a_mirror_without_the_list_is_exit_3_for_who_asks_for_it(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "wikipedia", "--mirror", one_race)
    assert 3 == left.code
    assert "none of the 1 documents of wikipedia that were due is there" in left.err


def test_a_mirror_over_http_is_asked_with_the_query(nascar: Nascar, mirror: Path) -> None:
    content = json.loads((mirror / wiki.FILE).read_bytes())
    with misbehaving_server({f"/{wiki.FILE}": [as_json(content)]}) as server:
        left = nascar("ingest", "wikipedia", "--mirror", server.url)
        asked = [request.path for request in server.requests]
    assert 0 == left.code
    assert f"/{wiki.FILE}" in asked


BAD_ANSWERS: dict[str, Callable[[], bytes]] = {
    "no header cell 2nd Place": lambda: wiki.answer(wiki.page(wiki.table(wiki.KANSAS, names=LOST[0]))),
    "row 1: the winner is blank": lambda: wiki.answer(wiki.page(wiki.table(wiki.row(winner="")))),
    "no table with the header cells": lambda: wiki.answer("<p>gone</p>"),
    "has no page": lambda: b'{"error": {"code": "missingtitle", "info": "gone"}}',
    "is a redirect now": lambda: wiki.answer('<div class="redirectMsg">Redirect to: X</div>'),
    "leads to another one now": lambda: wiki.answer(title="X"),
    "is not whole JSON": lambda: b"<html>Are you a robot?</html>",
}


@pytest.mark.parametrize("said", BAD_ANSWERS)
def test_a_page_that_means_nothing_is_exit_4_and_leaves_the_published_file_alone(
    nascar: Nascar, mirror: Path, home: Path, said: str
) -> None:
    before = hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()
    wiki.put(mirror, BAD_ANSWERS[said]())
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 4 == left.code
    assert f"problem: wikipedia {KEY}: " in left.err
    assert said in left.err
    assert before == hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


def test_a_page_that_is_repaired_is_exit_0(nascar: Nascar, mirror: Path, ask: Ask) -> None:
    wiki.put(mirror, BAD_ANSWERS["is a redirect now"]())
    assert 4 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    put_list(mirror, revid=1322222222)
    assert 0 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    assert [(1322222222, 3)] == ask("SELECT revision_id, count(*) FROM staging.wikipedia_closest_finishes GROUP BY ALL")


def test_a_list_that_lost_many_rows_is_exit_5_and_publishes_nothing(nascar: Nascar, mirror: Path) -> None:
    wiki.put(mirror, wiki.answer(wiki.page(wiki.table(wiki.KANSAS))))
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 5 == left.code
    assert "would shrink from 3 rows to 1" in left.err
