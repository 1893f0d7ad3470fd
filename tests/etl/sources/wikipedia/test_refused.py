"""Which changes of the page, and which answers of the API, stop the list."""

from __future__ import annotations

import json

import pytest

from nascar_warehouse.etl.sources.wikipedia import COLUMNS, ClosestFinish
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import wikipedia_page as wiki
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.wikipedia_parsing import KEY, LOST, SOURCE, parse_table, refusal, refusal_of_row

# --- what stops the page


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
    parsed = SOURCE.parse(KEY, wiki.article(wiki.page(wiki.table(wiki.DARLINGTON, wiki.row(margin=margin)))))
    [_, finish] = parsed.rows["wikipedia_closest_finishes"]
    assert isinstance(finish, ClosestFinish)
    notice = (
        f"unknown margin {margin!r} of {finish.race}, stored as it is; if it has a meaning, "
        "add its form to etl/formats/margin.py"
    )
    assert (margin, [notice]) == (finish.margin_text, parsed.notices)


def test_a_blank_row_is_left_out_and_counted() -> None:
    blank = "<tr>" + "<td></td>" * len(COLUMNS) + "</tr>"
    parsed = SOURCE.parse(KEY, wiki.article(wiki.page(wiki.table(wiki.DARLINGTON, blank, wiki.KANSAS))))
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


# --- a page that is not the list


def refusal_of_bytes(content: bytes) -> str:
    with pytest.raises(SourceChanged) as refused:
        SOURCE.parse(KEY, content)
    return refused.value.problem


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"", ""),
        (b" \n", ""),
        (b"<!DOCTYPE html><title>Wikimedia Error</title><h1>Our servers</h1>", "Wikimedia Error"),
        (CHALLENGE_PAGE, "Just a moment..."),
    ],
)
def test_a_page_that_is_no_article_is_refused_with_its_title(content: bytes, title: str) -> None:
    assert f"unexpected content: not an article of Wikipedia; its title is {title!r}" == refusal_of_bytes(content)


def test_an_article_in_another_encoding_is_refused() -> None:
    content = wiki.article(wiki.page(wiki.table(wiki.row(winner="Daniel Suárez")))).decode().encode("latin-1")
    assert refusal_of_bytes(content).startswith("unexpected content: not UTF-8")


# --- what the API answered instead


def test_an_error_of_the_api_is_told_with_its_code_and_words() -> None:
    content = json.dumps({"error": {"code": "ratelimited", "info": "Too fast.", "docref": "See the API."}}).encode()
    assert "the API of Wikipedia answered with an error, ratelimited: Too fast." == refusal_of_bytes(content)


def test_a_page_that_is_gone_is_told() -> None:
    content = json.dumps({"error": {"code": "missingtitle", "info": "The page does not exist."}}).encode()
    assert f'Wikipedia has no page "{wiki.TITLE}" any more' == refusal_of_bytes(content)


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
        (wiki.answer()[:-40], "is not whole JSON"),
        (b'{"parse": {"title": "\\ud800"}}', "is not whole JSON"),
        (b"{}", "missing required field `parse`"),
        (b'{"parse": {"title": "x"}}', "missing required field `pageid`"),
        (wiki.answer(revid="new"), "at `$.parse.revid`"),
        (wiki.answer({"*": "<p></p>"}), "at `$.parse.text`"),  # type: ignore[arg-type]  # the form of version 1
    ],
)
def test_an_answer_of_another_form_is_refused(content: bytes, what: str) -> None:
    assert what in refusal_of_bytes(content)


def test_a_new_field_is_a_notice() -> None:
    assert ["new field $.parse.langlinks"] == list(SOURCE.parse(KEY, wiki.answer(langlinks=[])).notices)
