"""A mirror that makes a run fail."""

from __future__ import annotations

import pytest

from tests.support.feed import FeedFolder, weekend


@pytest.fixture
def broken(one_race: FeedFolder) -> FeedFolder:
    """A mirror whose only weekend lacks a field, after the home got a whole one: exit 4, and nothing to publish."""
    payload = weekend()
    del payload["weekend_race"][0]["track_name"]
    one_race.put_weekend(payload)
    return one_race
