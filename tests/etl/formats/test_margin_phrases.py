"""What papers, wires and pages print, each phrase with its value written by hand: `~` rounded, `>` a lower bound."""

from decimal import Decimal

import pytest

from nascar_warehouse.etl.formats.margin import Margin, parse_margin

SECONDS = {
    # As the clock gave it, in many forms; the value has the decimals that were printed or named.
    ".097 of a second": "0.097",
    ".304 of a second": "0.304",
    ".411-second": "0.411",
    "0.414-seconds": "0.414",
    "0.175secs": "0.175",
    "0.186s": "0.186",
    "0.700 of a second": "0.700",
    "0.723 sec.": "0.723",
    "0.723 SEC.": "0.723",
    "4.399 secs.": "4.399",
    "0.951 secondi": "0.951",
    "0,343 segundos": "0.343",
    "1,095 Sekunden": "1.095",
    "1.103 secondes": "1.103",
    "0s139": "0.139",
    "8s315": "8.315",
    "0s17": "0.17",
    "o.006": "0.006",
    "O.006 seconds": "0.006",
    "1,214": "1.214",
    "1,214s": "1.214",
    "59,999": "59.999",
    "0,14": "0.14",
    "609 milesimas": "0.609",
    "609 milésimas": "0.609",
    "775 milésimas de segundo": "0.775",
    "1 milésima de segundo": "0.001",
    "12 centésimas": "0.12",
    "94-hundredths of a second": "0.94",
    "one-hundredth of a second": "0.01",
    "One-hundredth of a second": "0.01",
    "one hundredth": "0.01",
    "a hundredth of a second": "0.01",
    "two-thousandths of a second": "0.002",
    "nineteen-hundredths of a second": "0.19",
    "twenty-three-hundredths of a second": "0.23",
    "forty-six-hundredths of a second": "0.46",
    "fifty-three-hundredths of a second": "0.53",
    "sixty-one-hundredths of a second": "0.61",
    "7.355-second": "7.355",
    "5sec": "5",
    "10": "10",
    "20 seconds": "20",
    "12 minutes": "720",
    "1:02.5": "62.5",
    "1:02,345": "62.345",
    "1 minute, 2.5 seconds": "62.5",
    "a 1.328-second victory": "1.328",
    "a 2.5-second lead": "2.5",
    "won by just .089 seconds": "0.089",
    "0.128 second behind": "0.128",
    "1.153 seconds ahead": "1.153",
    "a mere 1.40 seconds": "1.40",
    # Rounded by the page.
    "a second": "~1",
    "by a second": "~1",
    "a full second": "~1",
    "one-second": "~1",
    "one full second": "~1",
    "about a second": "~1",
    "about 2 seconds": "~2",
    "two seconds": "~2",
    "three-second cushion": "~3",
    "six-second": "~6",
    "four seconds": "~4",
    "twelve seconds": "~12",
    "half a second": "~0.5",
    "a half second": "~0.5",
    "almost a half-second": "~0.5",
    "almost half a second": "~0.5",
    "nearly half a second": "~0.5",
    "¼ second": "~0.25",
    "1½ seconds": "~1.5",
    "one-fourth of a second": "~0.25",
    "nearly a quarter of a second": "~0.25",
    "three-quarters of a second": "~0.75",
    "two-and-a-half seconds": "~2.5",
    "two and three-tenths seconds": "~2.3",
    "a tenth of a second": "~0.1",
    "two tenths of a second": "~0.2",
    "two-tenths": "~0.2",
    "nine tenths": "~0.9",
    "4 tenths of a second": "~0.4",
    "7/10ths of a second": "~0.7",
    "around three-tenths of a second": "~0.3",
    "almost two-tenths of a second": "~0.2",
    "almost 1.4": "~1.4",
    "almost four seconds": "~4",
    "nearly four seconds": "~4",
    "nearly 10 seconds": "~10",
    "nearly a full second": "~1",
    "just under a second": "~1",
    "just under six seconds": "~6",
    "just under two-seconds": "~2",
    "a little less than two seconds": "~2",
    "approximately 3 seconds": "~3",
    "~0.5": "~0.5",
    "0.5 (approx.)": "~0.5",
    # At least as much, and rounded.
    "over four seconds": ">~4",
    "more than 1.5": ">~1.5",
    "more than a second": ">~1",
    "more than a half-second": ">~0.5",
    "more than two and a half seconds": ">~2.5",
    "over half a second": ">~0.5",
    "over an eight-second": ">~8",
    "a little over a second": ">~1",
    "just over one second": ">~1",
    "just over a half a second": ">~0.5",
    "well over two seconds": ">~2",
    "at least three-tenths of a second": ">~0.3",
}
MEASURES = {
    "one lap": "1 laps",
    "7 laps": "7 laps",
    "thirteen laps": "13 laps",
    "more than three laps": ">3 laps",
    "over three laps": ">3 laps",
    "1 lap, 3 seconds": ">1 laps",
    "one lap and three seconds": ">1 laps",
    "two laps plus": ">2 laps",
    "nearly two laps": "~2 laps",
    "about three laps": "~3 laps",
    "a car length": "1 car_lengths",
    "one-car length": "1 car_lengths",
    "a half car length": "0.5 car_lengths",
    "half-car length": "0.5 car_lengths",
    "half a car's length": "0.5 car_lengths",
    "1½ car lengths": "1.5 car_lengths",
    "1\u00a0\u00bd\u00a0car\u00a0lengths": "1.5 car_lengths",
    "two and a half car-lengths": "2.5 car_lengths",
    "three car-length": "3 car_lengths",
    "two-car-length win": "2 car_lengths",
    "five lengths": "5 car_lengths",
    "a five-length victory": "5 car_lengths",
    "10 car lengths": "10 car_lengths",
    "about two car lengths": "~2 car_lengths",
    "about eight car-lengths": "~8 car_lengths",
    "a couple of car-lengths": "~2 car_lengths",
    "more than a car length": ">~1 car_lengths",
    "8 inches": "8 inches",
    "eighteen inches": "18 inches",
    "five feet": "5 feet",
    "2 feet": "2 feet",
    "3 ft 6 in": "42 inches",
    "about six feet": "~6 feet",
    "100 yards": "100 yards",
    "100-yard victory": "100 yards",
    "a 50-yard victory": "50 yards",
    "two hundred yards": "200 yards",
    "about 150 yards": "~150 yards",
    "a quarter mile": "0.25 miles",
    "nearly a quarter mile": "~0.25 miles",
    "two-tenths of a mile": "0.2 miles",
}
KINDS = {
    "under caution (rain)": "under_caution",
    "under yellow flag, rain": "under_caution",
    "under red flag (rain)": "under_caution",
    "two car lengths, under caution": "under_caution",
    "Under  caution": "under_caution",
    "a dead heat": "dead_heat",
    "a fender": "unknown",
    "by a nose": "unknown",
    "half a fender": "unknown",
    "nearly a straightaway": "unknown",
    "inches": "unknown",
    "a photo finish": "unknown",
    "within seven tenths of a second": "unknown",
    "less than a half-second": "unknown",
    "less than two tenths of a second": "unknown",
    "61,500": "unknown",
    "1,214 yards": "unknown",
    "half": "unknown",
    "eleven tenths of a second": "unknown",
    "1/0 second": "unknown",
    "no tenths of a second": "unknown",
    "zero seconds": "unknown",
    "0 milésimas": "unknown",
    "a third of a second": "unknown",
}


EXACT = {text: value for text, value in SECONDS.items() if value[0] not in ">~"}


def marks(margin: Margin) -> str:
    return (">" if margin.is_lower_bound else "") + ("~" if margin.is_approximate else "")


@pytest.mark.parametrize(("text", "expected"), SECONDS.items())
def test_a_phrase_is_the_seconds_that_its_page_meant(text: str, expected: str) -> None:
    margin = parse_margin(text)
    seconds = Decimal(expected.lstrip(">~"))
    assert ("time", "seconds", seconds, seconds) == (margin.kind, margin.unit, margin.value, margin.seconds)
    assert expected.rstrip("0123456789.") == marks(margin)


@pytest.mark.parametrize(("text", "expected"), EXACT.items())
def test_an_exact_time_has_the_decimals_printed_or_named(text: str, expected: str) -> None:
    decimals = len(expected.partition(".")[2])
    assert decimals == parse_margin(text).decimals


@pytest.mark.parametrize(("text", "expected"), MEASURES.items())
def test_a_phrase_is_the_measure_that_its_page_meant(text: str, expected: str) -> None:
    margin = parse_margin(text)
    amount, unit = expected.split()
    assert (Decimal(amount.lstrip(">~")), unit, None) == (margin.value, margin.unit, margin.seconds)
    assert amount.rstrip("0123456789.") == marks(margin)


@pytest.mark.parametrize(("text", "expected"), KINDS.items())
def test_a_phrase_without_a_value_has_its_kind_only(text: str, expected: str) -> None:
    assert Margin(kind=expected) == parse_margin(text)
