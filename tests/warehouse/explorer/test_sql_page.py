"""The console: answers, errors at their place, and the statements of named questions."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.warehouse.explorer.conftest import Visit


def test_a_statement_is_answered_as_a_table_with_links_to_files(visit: Visit) -> None:
    page = LexborHTMLParser(visit(f"/sql?sql={quote('SELECT NULL AS a, 0.5 AS b, [1] AS c')}").text)
    assert ["NULL", "0.5", "[1]"] == [cell.text() for cell in page.css("table.answer tbody td")]
    links = [str(link.attributes["href"]) for link in page.css("section[aria-labelledby=answer] p a")]
    assert 3 == len(links)
    assert {200} == {visit(link).status_code for link in links}


def test_an_error_shows_its_place_in_the_statement(visit: Visit) -> None:
    answer = visit(f"/sql?sql={quote('SELECT nothing FROM core.races')}")
    assert 400 == answer.status_code
    [text] = [node.text() for node in LexborHTMLParser(answer.text).css("section[role=alert] pre")]
    assert "LINE 1: SELECT nothing FROM core.races\n               ^" in text


def test_a_statement_that_writes_is_refused(visit: Visit) -> None:
    answer = visit(f"/sql?sql={quote('CREATE TABLE x AS SELECT 1')}")
    assert 400 == answer.status_code
    assert "only a statement that reads" in answer.text


def test_hostile_values_stay_text(visit: Visit) -> None:
    sql = "SELECT '<script>alert(1)</script>' AS \"<img src=x>\""
    answer = visit(f"/sql?sql={quote(sql)}")
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text


@pytest.mark.parametrize("name", ["closest-at-track", "photo-finishes-by-driver", "record-progression"])
def test_a_named_question_is_shown_as_a_statement_that_runs(visit: Visit, name: str) -> None:
    answer = visit(f"/sql?question={name}")
    assert 200 == answer.status_code
    [statement] = [node.text() for node in LexborHTMLParser(answer.text).css("textarea")]
    assert "$" not in statement
    assert 404 == visit("/sql?question=none").status_code


def test_the_console_lists_relations_and_questions(visit: Visit) -> None:
    text = visit("/sql").text
    assert "<code>marts.closest_finishes</code>" in text
    assert "/sql?question=closest-at-track" in text
