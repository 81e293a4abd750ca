"""Is the product too fast, and how long must it wait?

Must not refuse by itself: the API asks before each method.
Tiers: https://docs.slack.dev/apis/web-api/rate-limits (checked November 2026). Slack promises that short bursts pass.
"""

import math
from collections import Counter
from dataclasses import dataclass, field

A_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}


@dataclass(slots=True)
class Limits:
    """`a_minute` by tier and, before it, by method; `posts_a_second` per channel after `burst` at once."""

    on: bool = True
    posts_a_second: float = 1.0
    burst: int = 10
    a_minute: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Bucket:
    """Holds `size` tokens, gains `a_second` of them."""

    size: float
    a_second: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """0 with a token taken, else the seconds until there is one."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.a_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.a_second


@dataclass(slots=True)
class Meter:
    """Counts every call of a method, and those that were too many."""

    limits: Limits = field(default_factory=Limits)
    asked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def set(self, limits: Limits) -> None:
        self.limits = limits
        self._buckets.clear()

    def wait(self, method: str, tier: str, channel: str, now: float) -> int:
        """Whole seconds to wait, 0 to go on. `now` in seconds of a clock that is never set back."""
        self.asked[method] += 1
        if not self.limits.on:
            return 0
        if method == "chat.postMessage":
            bucket = self._bucket((method, channel), self.limits.burst, self.limits.posts_a_second, now)
        else:
            known = self.limits.a_minute
            rate = known.get(method, known.get(tier, A_MINUTE[tier]))
            bucket = self._bucket((method, ""), max(1.0, rate), rate / 60, now)
        seconds = bucket.take(now)
        if seconds:
            self.refused[method] += 1
        return math.ceil(seconds)

    def _bucket(self, key: tuple[str, str], size: float, a_second: float, now: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(size, a_second, size, now)
        return self._buckets[key]
