"""The spans of any table are resolved, and dates are read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.html import parse_html, rows_of, text_of
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import wikipedia_page as wiki
from tests.support.wikipedia_parsing import one, refusal_of_row

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
