"""When a host may be asked: its turns under a rate, and the pause that it asks for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory


def rate_limiter(interval_ms: int) -> Limiter:
    """Give one turn every `interval_ms`, without the thread that would tidy up behind it."""
    bucket = InMemoryBucket([Rate(1, interval_ms)])
    return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)


def retry_after_seconds(text: str, now: datetime) -> float:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); 0 if it says nothing that can be followed."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    return min(max(0.0, seconds), 999_999_999.0)
