"""What there is to browse: every season, track and winner."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.published import Record, Snapshot

_SEASONS = """
SELECT series_id, season, count(*) AS races
FROM core.races
GROUP BY series_id, season
ORDER BY series_id, season DESC
"""
_TRACKS = """
SELECT tracks.track_id, tracks.track_name, count(races.race_id) AS races
FROM core.tracks AS tracks
LEFT JOIN core.races AS races ON tracks.track_id = races.track_id
GROUP BY tracks.track_id, tracks.track_name
ORDER BY tracks.track_name, tracks.track_id
"""
_WINNERS = """
SELECT drivers.driver_id, drivers.driver_name, sum(careers.wins)::BIGINT AS wins
FROM core.drivers AS drivers
JOIN marts.driver_careers AS careers ON drivers.driver_id = careers.driver_id
GROUP BY drivers.driver_id, drivers.driver_name
HAVING wins > 0
ORDER BY wins DESC, drivers.driver_name, drivers.driver_id
"""


def browse_lists(snapshot: Snapshot) -> dict[str, list[Record]]:
    """The lists of the template `browse_lists.html`."""
    return {
        "seasons": snapshot.kept_rows(_SEASONS),
        "tracks": snapshot.kept_rows(_TRACKS),
        "winners": snapshot.kept_rows(_WINNERS),
    }
