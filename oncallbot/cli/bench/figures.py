"""How is a figure said? Percentiles and medians of what was measured, and tables that can be pasted into documents.

It must not measure, nor know what a figure means.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds: the median, two percentiles, and the longest."""

    p50: float
    p90: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """The spread of these; by nearest rank, so that each figure is one that was measured."""
        ordered = sorted(one * 1000 for one in seconds)

        def at(percent: int) -> float:
            return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

        return cls(at(50), at(90), at(99), ordered[-1])

    def document(self) -> dict[str, float]:
        """For programs."""
        return {
            "p50_ms": rounded(self.p50),
            "p90_ms": rounded(self.p90),
            "p99_ms": rounded(self.p99),
            "longest_ms": rounded(self.longest),
        }


def median_ms(seconds: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return statistics.median(seconds) * 1000


def rounded(figure: float) -> float:
    """Three digits that count: more would be noise."""
    return float(f"{figure:.3g}")


def ms(figure: float) -> str:
    """Milliseconds, with three digits at most."""
    return f"{rounded(figure):g} ms"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as documents have it."""
    cells = [tuple(headings), *(tuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
