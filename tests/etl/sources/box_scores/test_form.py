"""What a box score says, as a page, a text or a PDF, and what is refused."""

from __future__ import annotations

import builtins
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.margin import parse_margin
from nascar_warehouse.etl.sources.box_score import is_box_score, read_box_score
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import racing_reference_html as rr
from tests.support.box_scores import LEAGUE, PAGE, WIRE, pdf
from tests.support.warc_records import mhtml

FORMS = {
    "league": LEAGUE.encode(),
    "wire": WIRE.encode(),
    "page": PAGE.encode(),
    "pdf": pdf(LEAGUE),
    "mhtml": mhtml(PAGE),
    "utf-8-sig": LEAGUE.encode("utf-8-sig"),
}


def refusal(text: str | bytes) -> str:
    with pytest.raises(SourceChanged) as refused:
        read_box_score(text if isinstance(text, bytes) else text.encode())
    return refused.value.problem.removeprefix("unexpected content: ")


@pytest.mark.parametrize("content", FORMS.values(), ids=list(FORMS))
def test_the_figures_are_found_by_their_labels_in_every_form(content: bytes) -> None:
    identity, box, notices = read_box_score(content)
    assert ("cup/1996/1996-06-02", "Dover Downs International Speedway") == (identity.key, box.track)
    assert ("122.792", "9 for 61 laps", "23", []) == (
        str(box.average_speed)[:7],
        box.cautions,
        str(box.lead_changes)[:2],
        notices,
    )
    margin = parse_margin(box.margin_text)
    assert ("time", "0.1230") == (margin.kind, str(margin.seconds))


@pytest.mark.parametrize(
    ("form", "winner"), [("league", None), ("pdf", None), ("wire", "Ann Winner"), ("page", "Ann Winner")]
)
def test_the_winner_is_the_first_of_the_results_where_it_can_be_known(form: str, winner: str | None) -> None:
    assert winner == read_box_score(FORMS[form])[1].winner


def test_without_a_date_the_race_is_known_by_season_name_and_winner() -> None:
    text = WIRE.replace("Date: June 2, 1996", "Race: 1996 Test 500")
    identity, box, _ = read_box_score(text.encode())
    assert ("cup/1996/test 500", "Test 500", None, "Ann Winner") == (
        identity.key,
        box.race_name,
        box.race_date,
        box.winner,
    )


@pytest.mark.parametrize(
    ("line", "series_id"),
    [
        ("NASCAR Cup Series", "cup"),
        ("NASCAR Nextel Cup", "cup"),
        ("Monster Energy NASCAR Cup Series", "cup"),
        ("NASCAR Busch Series, Grand National Division", "nxs"),
        ("NASCAR Xfinity Series", "nxs"),
        ("NASCAR Craftsman Truck Series", "truck"),
    ],
)
def test_the_series_is_known_by_its_name(line: str, series_id: str) -> None:
    assert series_id == read_box_score(LEAGUE.replace("NASCAR Winston Cup Series", line).encode())[0].series_id


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Margin of Victory", "Margin", "no line `Margin of Victory: …`"),
        ("Winston Cup Series", "Something", "it does not say of which series it is"),
        ("Sunday, June 2, 1996", "Sunday", "it does not say of which race it is"),
        (
            "Sunday, June 2, 1996",
            "June 2, 1996, printed June 3, 1996",
            "it has several dates: June 2, 1996, June 3, 1996",
        ),
        ("June 2, 1996", "June 31, 1996", "the date 'June 31, 1996'"),
        ("Caution Flags", "Margin of Victory: .124 Seconds\nCaution Flags", "it states two things after"),
    ],
)
def test_a_box_score_that_does_not_say_what_it_must_is_refused(old: str, new: str, what: str) -> None:
    assert refusal(LEAGUE.replace(old, new)).startswith(what)


def test_a_text_of_an_unknown_form_is_stored_and_reported() -> None:
    text = LEAGUE.replace(".123 Seconds", "a nose").replace("9 for 61 laps", "nine")
    _, box, notices = read_box_score(text.encode())
    assert ("a nose", "nine") == (box.margin_text, box.cautions)
    assert [
        "cup/1996/1996-06-02: unknown text 'nine' for cautions, stored as it is and not used",
        "cup/1996/1996-06-02: unknown margin 'a nose', stored as it is and not used",
    ] == notices


@pytest.mark.parametrize("content", [rr.page().encode(), rr.old_page().encode(), b"my notes", b"", b"Margin: 2"])
def test_other_pages_and_texts_are_no_box_scores(content: bytes) -> None:
    assert not is_box_score(content)


# --- PDF


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", pdf(LEAGUE)[:400], b"%PDF-1.4\n" + b"\xff" * 1000])
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert "PDF" in refusal(content) or "no line" in refusal(content)


def test_without_pypdf_a_pdf_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "pypdf":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SourceChanged) as refused:
        read_box_score(pdf(LEAGUE))
    assert "pip install 'nascar-warehouse[pdf]'" in refused.value.advice


@given(
    st.text() | st.text().map(lambda tail: LEAGUE + tail) | st.text().map(lambda middle: LEAGUE.replace(":", middle))
)
def test_any_text_is_a_box_score_or_refused(text: str) -> None:
    with suppress(SourceChanged):
        assert read_box_score(text.encode(errors="replace"))[1].margin_text
