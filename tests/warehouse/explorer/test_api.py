"""The API: coverage beside each ranking, formats, pages, parts, and values that cannot be."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nascar_warehouse.warehouse.read.questions import read_questions
from tests.warehouse.explorer.conftest import Visit

EXAMPLES = {
    "track": "talladega",
    "event": "daytona-500",
    "driver": "kyle-larson",
    "other": "ricky-craven",
    "make": "ford",
    "team": "hendrick",
}


def test_a_ranking_has_its_coverage_and_a_link_to_the_next_rows(visit: Visit) -> None:
    first = visit("/api/v1/closest?limit=2").json()
    assert ["cup-2024-12", "cup-2003-05"] == [row["race_id"] for row in first["rows"]]
    assert first["coverage"].keys() == {"races", "margins_known", "races_not_here"}
    assert first["coverage"]["races"] >= first["total"] > 400
    second = visit(first["next"]).json()
    assert ["cup-2011-08", "cup-2024-02"] == [row["race_id"] for row in second["rows"]]
    assert first["snapshot"] == second["snapshot"]
    assert visit(f"/api/v1/closest?offset={first['total']}").json()["next"] is None


def test_csv_and_parquet_have_every_row_with_the_same_values(visit: Visit) -> None:
    as_json = visit("/api/v1/closest?track=kansas").json()
    as_csv = visit("/api/v1/closest.csv?track=kansas")
    table = pq.read_table(io.BytesIO(visit("/api/v1/closest.parquet?track=kansas").content))
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert as_json["total"] == table.num_rows == len(rows)
    assert (
        [row["race_id"] for row in as_json["rows"]] == table["race_id"].to_pylist() == [row["race_id"] for row in rows]
    )
    assert ("decimal128(9, 4)", "date32[day]") == tuple(
        str(table.schema.field(name).type) for name in ("margin_seconds", "race_date")
    )
    assert as_json["coverage"] == json.loads(as_csv.headers["x-coverage"])


def test_parquet_may_be_read_in_parts(visit: Visit) -> None:
    whole = visit("/api/v1/closest.parquet").content
    assert "bytes" == visit("/api/v1/closest.parquet", method="HEAD").headers["accept-ranges"]
    for wanted, part in (("bytes=0-3", whole[:4]), ("bytes=-8", whole[-8:]), (f"bytes={len(whole) - 2}-", whole[-2:])):
        answer = visit("/api/v1/closest.parquet", headers={"range": wanted})
        assert (206, part) == (answer.status_code, answer.content)
    beyond = visit("/api/v1/closest.parquet", headers={"range": f"bytes={len(whole)}-"})
    assert (416, f"bytes */{len(whole)}") == (beyond.status_code, beyond.headers["content-range"])
    assert whole == visit("/api/v1/closest.parquet", headers={"range": "bytes=0-1,4-5"}).content


def test_text_is_compressed_where_the_client_can_read_it(visit: Visit) -> None:
    plain = visit("/api/v1/closest", headers={"accept-encoding": "identity"})
    small = visit("/api/v1/closest", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 5
    assert plain.json() == small.json()


@pytest.mark.parametrize("name", sorted(read_questions()))
def test_every_question_is_answered_with_its_coverage(visit: Visit, name: str) -> None:
    needed = {key: value for key, value in EXAMPLES.items() if key in read_questions()[name].defaults}
    answer = visit(f"/api/v1/questions/{name}?{urlencode(needed)}")
    if answer.status_code == 400:  # The facts that come with the program have no teams, and few drivers.
        assert "in the warehouse" in answer.json()["problem"]
    else:
        assert {"snapshot", "question", "coverage", "total", "next", "rows"} == answer.json().keys()


def test_a_race_has_its_finishes_on_both_bases(visit: Visit) -> None:
    found = visit("/api/v1/races/cup-2023-31").json()
    assert ["line", "official"] == [finish["basis"] for finish in found["finishes"]]
    assert "cup-2023-31" == found["race"]["race_id"]


def test_a_statement_is_answered_in_every_form(visit: Visit) -> None:
    sql = quote("SELECT race_id, margin_seconds FROM marts.closest_finishes WHERE rank = 1")
    assert [{"race_id": "cup-2024-12", "margin_seconds": 0.001}] == visit(f"/api/v1/sql?sql={sql}").json()["rows"]
    assert "race_id,margin_seconds\ncup-2024-12,0.0010\n" == visit(f"/api/v1/sql.csv?sql={sql}").text
    assert 1 == pq.read_table(io.BytesIO(visit(f"/api/v1/sql.parquet?sql={sql}").content)).num_rows


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("COPY core.races TO '/tmp/x.csv'", "only a statement that reads"),
        ("FROM read_csv('/etc/passwd')", ""),
        ("SELECT nothing FROM core.races", "LINE 1: SELECT nothing"),
        ("", "sql is missing"),
        ("SELECT 1; SELECT 2", ""),
        ("SELECT repeat('x', 30000000)", "the answer is larger than 20 MB"),
    ],
)
def test_a_statement_that_cannot_run_is_refused_with_the_reason(visit: Visit, sql: str, problem: str) -> None:
    answer = visit(f"/api/v1/sql?sql={quote(sql)}")
    assert 400 == answer.status_code
    assert problem in answer.json()["problem"]


def test_a_long_answer_of_a_statement_is_cut_off_and_says_so(visit: Visit) -> None:
    answer = visit(f"/api/v1/sql?sql={quote('FROM range(20000)')}").json()
    assert (True, 10_000) == (answer["is_cut_off"], len(answer["rows"]))
    for form in ("csv", "parquet"):
        cut_off, whole = (visit(f"/api/v1/sql.{form}?sql={quote(f'FROM range({rows})')}") for rows in (20_000, 10_000))
        assert ("true", None) == (cut_off.headers.get("x-is-cut-off"), whole.headers.get("x-is-cut-off"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/closest?season_from=2020", 400),
        ("/api/v1/closest?limit=0", 400),
        ("/api/v1/closest?limit=1e3", 400),
        ("/api/v1/closest.xml", 404),
        ("/api/v1/questions/none", 404),
        ("/api/v1/questions/closest-at-track", 400),
        ("/api/v1/questions/most-wins?season=2024-", 400),
        ("/api/v1/questions/photo-finishes-by-driver?seconds=NaN", 400),
        ("/api/v1/races/none", 404),
        ("/api/v1/search", 400),
        ("/api/v1/nothing", 404),
    ],
)
def test_what_cannot_be_is_refused_as_json(visit: Visit, path: str, status: int) -> None:
    answer = visit(path)
    assert status == answer.status_code
    assert {"problem", "advice"} == answer.json().keys()


def test_the_document_has_every_path_and_they_answer(visit: Visit) -> None:
    document = visit("/api/v1/openapi.json").json()
    assert "3.1.0" == document["openapi"]
    for path in ("/api/v1/closest", "/api/v1/questions/most-wins.csv", "/api/v1/freshness", "/api/v1/questions"):
        assert path in document["paths"]
        assert 200 == visit(path).status_code
    assert len(document["paths"]) == 10 + 3 * len(read_questions())


def _operations(visit: Visit) -> list[tuple[str, list[dict[str, Any]]]]:
    paths = visit("/api/v1/openapi.json").json()["paths"]
    return [(path, item["get"]["parameters"]) for path, item in paths.items() if "/sql" not in path and "{" not in path]


ODD = st.one_of(
    st.text(max_size=30),
    st.integers(-5, 200_000).map(str),
    st.sampled_from(
        ["cup", "nxs", "talladega", "kyle-larson", "2018-2025", "0.1", "1e400", "-0", "' OR 1=1 --", "\x00", "٣"]
    ),
)


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_makes_an_unexpected_error(visit: Visit, data: st.DataObject) -> None:
    path, parameters = data.draw(st.sampled_from(_operations(visit)))
    query = {one["name"]: data.draw(ODD) for one in parameters if data.draw(st.booleans())}
    text = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in query.items()})
    assert visit(f"{path}?{text}").status_code in (200, 400)
