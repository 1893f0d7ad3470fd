"""Which document the list of the closest finishes is, and what its cells mean."""

from __future__ import annotations

from datetime import date

import pytest

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.urls import file_parts
from tests.support import wikipedia_page as wiki
from tests.support.wikipedia_parsing import KEY, SOURCE, one, parse, parse_table, refusal

TODAY = date(2025, 11, 19)


# --- which document


def test_the_list_is_asked_for_as_readers_get_it_and_is_of_no_season() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY))
    assert (KEY, None, True) == (root.key, root.season, root.is_index)
    assert f"https://{wiki.FILE}" == root.url


def test_in_a_folder_the_file_has_the_name_of_the_article() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY))
    assert wiki.FILE.split("/") == file_parts(root.url)


def test_the_site_is_asked_once_a_second_at_most() -> None:
    assert {"en.wikipedia.org": 1.0} == dict(SOURCE.host_rates)


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


@pytest.mark.parametrize("rank", ["T1", "T-1", "=1"])
def test_a_tie_may_be_marked_in_the_rank(rank: str) -> None:
    assert rank == one(rank=rank).rank


# --- which revision


PARSOID = (
    '<!DOCTYPE html><html prefix="dc: http://purl.org/dc/terms/"'
    ' about="https://en.wikipedia.org/wiki/Special:Redirect/revision/1322222222">'
    f'<head><title>{wiki.TITLE}</title></head><body class="mw-body-content mw-parser-output">{wiki.page()}</body></html>'
).encode()


@pytest.mark.parametrize(
    ("content", "revision_id"),
    [
        (wiki.article(), 1311111111),
        (wiki.article(script='{"wgCurRevisionId":1322222222,"wgRevisionId":1311111111}'), 1311111111),
        (wiki.article(script='{"wgRevisionId":0,"wgCurRevisionId":1322222222}'), 1322222222),
        (wiki.article(revision_id=None), None),
        (wiki.article(script='{"wgRevisionId":"new"}'), None),
        (wiki.article(script='{"wgPageName":"\\ud800"}'), None),
        (f'<div class="mw-parser-output">{wiki.page()}</div>'.encode(), None),
        (PARSOID, 1322222222),
        (wiki.answer(revid=1322222222), 1322222222),
    ],
)
def test_a_row_has_the_revision_that_its_page_states(content: bytes, revision_id: int | None) -> None:
    rows = SOURCE.parse(KEY, content).rows["wikipedia_closest_finishes"]
    assert [revision_id] * 2 == [getattr(row, "revision_id", "") for row in rows]


def test_what_readers_wrote_is_no_statement_of_the_revision() -> None:
    text = wiki.page().replace("The closest finishes.", '"wgRevisionId":5')
    assert [None, None] == [finish.revision_id for finish in parse(text, revision_id=None)]


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
