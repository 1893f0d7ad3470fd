"""What an article about a race states: figures by their labels, and nothing that has to be guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import Parsed
from nascar_warehouse.etl.sources.wikipedia_race_article import RaceArticle
from nascar_warehouse.etl.sources.wikipedia_races import WikipediaRaces
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import wikipedia_articles as wiki
from tests.support.misbehaving import CHALLENGE_PAGE

SOURCE = WikipediaRaces()
KEY = "2003/2003_Carolina_Dodge_Dealers_400"


def parse(*parts: str, key: str = KEY, **changes: Any) -> Parsed:
    return SOURCE.parse(key, wiki.race_article(*parts, **changes))


def race(*parts: str, **changes: Any) -> RaceArticle:
    [row] = parse(*parts, **changes).rows["wikipedia_races"]
    assert isinstance(row, RaceArticle)
    return row


def notices_without_row(*parts: str, **changes: Any) -> list[str]:
    parsed = parse(*parts, **changes)
    assert ([], True) == (list(parsed.rows["wikipedia_races"]), parsed.is_preliminary)
    return list(parsed.notices)


def test_the_figures_are_kept_as_they_are_written() -> None:
    parsed = parse()
    [row] = parsed.rows["wikipedia_races"]
    assert [] == list(parsed.notices)
    assert (
        RaceArticle(
            season=2003,
            race_page="2003 Carolina Dodge Dealers 400",
            race_date="March 16, 2003",
            winner="Ricky Craven",
            track="Darlington Raceway",
            race_time="3 hours, 10 minutes and 16 seconds",
            average_speed="126.214 mph (203.122 km/h)",
            cautions="10 for 58 laps",
            lead_changes="21 among 12 different drivers",
            margin_text="0.002 seconds",
            revision_id=1300000001,
        )
        == row
    )


@pytest.mark.parametrize(
    ("line", "figure", "text"),
    [
        ("Margin of Victory: 2.571 sec", "margin_text", "2.571 sec"),
        ("Margin of victory \u2013 1 car length", "margin_text", "1 car length"),
        ("Margin of victory: Under caution", "margin_text", "Under caution"),
        ("<b>Time of race</b>: 3:14:21", "race_time", "3:14:21"),
        ("Time of race \u2014 2h 59m 3s", "race_time", "2h 59m 3s"),
        ("Cautions: 6", "cautions", "6"),
        ("Caution flags: 6 (36 laps)", "cautions", "6 (36 laps)"),
        ("Lead changes: 4", "lead_changes", "4"),
        ("Average speed: 198.854 km/h (123.562 mph)", "average_speed", "198.854 km/h (123.562 mph)"),
    ],
)
def test_a_figure_is_known_by_its_label(line: str, figure: str, text: str) -> None:
    parsed = parse(wiki.box(), wiki.statistics(line))
    [row] = parsed.rows["wikipedia_races"]
    assert (text, []) == (getattr(row, figure), list(parsed.notices))


def test_the_statistics_may_be_a_table() -> None:
    table = "<table><tr><th>Time of race</th><td>3:10:16</td></tr><tr><th>Lead changes:</th><td>21</td></tr></table>"
    found = race(wiki.box(), f"<h3>Race Statistics</h3>{table}<h2>Notes</h2>")
    assert ("3:10:16", "21") == (found.race_time, found.lead_changes)


def test_the_speed_of_the_pole_is_not_that_of_the_race() -> None:
    assert race(wiki.box(), wiki.statistics("Lead changes: 21")).average_speed is None


def test_the_box_alone_is_enough() -> None:
    found = race(wiki.box(wiki.SPEED))
    assert ("126.214 mph (203.122 km/h)", None) == (found.average_speed, found.margin_text)


def test_the_winner_may_stand_beside_the_word() -> None:
    assert "Ricky Craven" == race(wiki.box(("Winner", "Ricky Craven"), wiki.SPEED, winner=None)).winner


def test_a_heading_may_be_no_header_cell() -> None:
    plain = (
        wiki.box(wiki.SPEED)
        .replace('<th colspan="2">', '<td colspan="2">')
        .replace('<th colspan="2" class', "<td class")
    )
    found = race(plain.replace("No. 32</th>", "<b>No. 32</b></th>"))
    assert ("Ricky Craven", "126.214 mph (203.122 km/h)") == (found.winner, found.average_speed)


def test_a_race_without_a_winner_is_known_by_its_track() -> None:
    found = race(wiki.box(wiki.SPEED, winner=None, location="Darlington Raceway, Darlington, South Carolina"))
    assert (None, "Darlington Raceway") == (found.winner, found.track)


def test_an_article_that_moved_has_its_new_title() -> None:
    assert "2003 Spring Darlington race" == race(title="2003 Spring Darlington race").race_page


# --- what is said and not guessed


def test_an_article_without_figures_has_no_row_and_needs_no_notice() -> None:
    assert [] == notices_without_row(wiki.box(), "<p>Margin of victory: 0.002 seconds, they say.</p>")


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("", "no box with a date"),
        (wiki.box(wiki.SPEED) * 2, "2 boxes with a date"),
        (wiki.box(date="16 March 2003"), "no date like May 5, 2024"),
        (wiki.box(date="March 32, 2003"), "the date is 'March 32, 2003'"),
        (wiki.box(date="March 15, 2003, finished on March 16, 2003"), "2 dates, March 15, 2003, March 16, 2003"),
        (wiki.box(date="March 16, 2013"), "the date is March 16, 2013, and the season is 2003"),
        (
            wiki.box(number="Race 5 of 34 in the 2003 NASCAR Busch Series"),
            "it is a race of the 2003 NASCAR Busch Series",
        ),
        (
            wiki.box(number="Race 5 of 36 in the 2004 NASCAR Nextel Cup Series"),
            "it is a race of the 2004 NASCAR Nextel Cup Series",
        ),
    ],
)
def test_figures_of_an_unknown_race_are_a_notice_and_not_used(part: str, why: str) -> None:
    assert [f"2003/2003 Carolina Dodge Dealers 400: {why}; its figures are not used"] == notices_without_row(
        part, wiki.statistics(*wiki.LINES)
    )


@pytest.mark.parametrize(
    ("line", "figure", "text"),
    [
        ("Time of race: about three hours", "race_time", "about three hours"),
        ("Time of race: 3:14", "race_time", "3:14"),
        ("Average speed: 198.854 km/h", "average_speed", "198.854 km/h"),
        ("Cautions: several", "cautions", "several"),
        ("Lead changes: many", "lead_changes", "many"),
        ("Margin of victory: a bit", "margin_text", "a bit"),
    ],
)
def test_a_text_of_an_unknown_form_is_stored_and_said(line: str, figure: str, text: str) -> None:
    parsed = parse(wiki.box(), wiki.statistics(line))
    [row] = parsed.rows["wikipedia_races"]
    assert text == getattr(row, figure)
    assert [
        f"2003/2003 Carolina Dodge Dealers 400: unknown form of {figure} {text!r}, stored as it is and not used"
    ] == list(parsed.notices)


def test_two_figures_that_differ_are_said_and_none_is_used() -> None:
    parsed = parse(wiki.box(("Average speed", "126.9 mph")), wiki.statistics(*wiki.LINES))
    [row] = parsed.rows["wikipedia_races"]
    assert None is getattr(row, "average_speed", "")
    [notice] = parsed.notices
    assert notice.endswith(
        "2 values of average_speed, '126.9 mph', '126.214 miles per hour (203.122 km/h)': none is used"
    )


@pytest.mark.parametrize("text", ["N/A", "n/a", "\u2013", "Unknown", ""])
def test_a_blank_text_states_nothing(text: str) -> None:
    found = race(wiki.box(wiki.SPEED), wiki.statistics(f"Margin of victory: {text}"))
    assert found.margin_text is None


def test_a_track_that_no_alias_has_is_a_notice() -> None:
    assert [
        "unknown track 'The Moon' (The Moon), its id is made of its name; add a row to sql/seeds/track_aliases.csv"
    ] == (list(parse(wiki.box(wiki.SPEED, location="The Moon, Space")).notices))


def test_a_page_that_is_no_article_is_refused() -> None:
    with pytest.raises(SourceChanged, match=r"not an article of Wikipedia; its title is 'Just a moment\.\.\.'"):
        SOURCE.parse(KEY, CHALLENGE_PAGE)


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.sampled_from(
                [
                    "<h3>Race statistics</h3>",
                    "<table class=infobox>",
                    "<tr>",
                    "<th>Date",
                    "<td>",
                    "<li>",
                    "Time of race: ",
                    "3:10:16",
                ]
            ),
        ),
        max_size=15,
    ).map("".join)
)
def test_any_article_gives_rows_or_none(text: str) -> None:
    parsed = SOURCE.parse(KEY, wiki.race_article(text.encode(errors="replace").decode()))
    assert len(parsed.rows["wikipedia_races"]) <= 1
