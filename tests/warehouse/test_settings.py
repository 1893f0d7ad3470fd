"""The environment sets what no argument does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.settings import DEFAULT_SNAPSHOTS, Settings, read_settings

HOME = {"NASCAR_HOME": "/srv/nascar"}


def test_without_settings_the_home_is_a_folder_of_the_users_data() -> None:
    settings = read_settings({})
    assert Settings(settings.home, None, None, DEFAULT_SNAPSHOTS) == settings
    assert ("nascar-warehouse", True) == (settings.home.name, settings.home.is_absolute())


def test_every_setting_is_read() -> None:
    environment = HOME | {
        "NASCAR_MIRROR": "https://mirror.example/nascar",
        "NASCAR_CONTACT": "stats@example.org",
        "NASCAR_SNAPSHOTS": "12",
        "NASCAR_HOOK": "mail -s 'look' jo@example.org",
        "NASCAR_LOG": "json",
    }
    expected = Settings(
        Path("/srv/nascar"),
        "https://mirror.example/nascar",
        "stats@example.org",
        12,
        hook="mail -s 'look' jo@example.org",
        log="json",
    )
    assert expected == read_settings(environment)


@pytest.mark.parametrize(
    "name", ["NASCAR_HOME", "NASCAR_MIRROR", "NASCAR_CONTACT", "NASCAR_SNAPSHOTS", "NASCAR_HOOK", "NASCAR_LOG"]
)
def test_a_blank_setting_is_none(name: str) -> None:
    assert read_settings({}) == read_settings({name: ""})


def test_other_variables_mean_nothing() -> None:
    assert read_settings(HOME) == read_settings(HOME | {"NASCAR_SNAPSHOT": "3", "SNAPSHOTS": "x"})


def test_the_environment_of_the_process_is_read_without_another(home: Path) -> None:
    assert home == read_settings().home


def test_a_home_of_the_user_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jo")
    assert Path("/home/jo/nascar") == read_settings({"NASCAR_HOME": "~/nascar"}).home


def test_a_home_of_an_unknown_user_is_refused_with_its_variable() -> None:
    with pytest.raises(UsageError, match="NASCAR_HOME"):
        read_settings({"NASCAR_HOME": "~nobody-of-this-name/nascar"})


def test_a_relative_home_is_below_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tmp_path / "nascar" == read_settings({"NASCAR_HOME": "nascar"}).home


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("1", 1), ("007", 7), ("100", 100)])
def test_a_number_of_snapshots_is_read(text: str, count: int) -> None:
    assert count == read_settings(HOME | {"NASCAR_SNAPSHOTS": text}).snapshots


@pytest.mark.parametrize(
    "text", ["-1", "+1", "1.0", "five", " 5", "5 ", "1_000", "\N{ARABIC-INDIC DIGIT FIVE}", "²", "9" * 5000]
)
def test_what_is_no_number_of_snapshots_is_refused_with_its_variable(text: str) -> None:
    with pytest.raises(UsageError, match="NASCAR_SNAPSHOTS"):
        read_settings(HOME | {"NASCAR_SNAPSHOTS": text})


@given(st.text())
def test_any_number_of_snapshots_is_zero_or_more_or_refused(text: str) -> None:
    try:
        snapshots = read_settings(HOME | {"NASCAR_SNAPSHOTS": text}).snapshots
    except UsageError:
        snapshots = 0
    assert snapshots >= 0


def test_reading_settings_makes_nothing(tmp_path: Path) -> None:
    read_settings({"NASCAR_HOME": str(tmp_path / "home")})
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["JSON", "yes", "json "])
def test_a_form_of_the_log_that_is_not_known_is_refused_with_its_variable(text: str) -> None:
    with pytest.raises(UsageError, match="NASCAR_LOG"):
        read_settings(HOME | {"NASCAR_LOG": text})
