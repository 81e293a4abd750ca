"""Which lines of a file belong to an entry? Its own, the comment right above it, and what is indented deeper below.

It must not change the text. A comment that a blank line parts from what follows it belongs to nobody, and stays.
"""

from __future__ import annotations

from oncallbot.schedule_files.layout import Node


class Stretches:
    """Answers for one text, in which every line ends with a line break."""

    def __init__(self, text: str) -> None:
        self._text = text

    def column(self, at: int) -> int:
        """How many characters stand before it in its line."""
        return at - self._begin_of_line(at)

    def is_first_of_line(self, at: int) -> bool:
        """Whether only blanks stand before it in its line."""
        return not self._text[self._begin_of_line(at) : at].strip()

    def end_of_line(self, at: int) -> int:
        """Behind the line break."""
        return self._text.index("\n", at) + 1 if at < len(self._text) else len(self._text)

    def of(self, node: Node, number: int) -> tuple[int, int]:
        """`[start, end)` of a block node's entry: whole lines."""
        entry = node.entries[number]
        column = self.column(entry.start)
        start = self._begin_of_line(entry.start) if self.is_first_of_line(entry.start) else entry.start
        while self._comment_column(above := self._begin_of_line(start - 1) if start else 0) == column and above < start:
            start = above
        end = self.end_of_line(entry.value.end)
        while (found := self._comment_column(end)) is not None and found > column:
            end = self.end_of_line(end)
        return self._without_double_gap(start, end), end

    def _without_double_gap(self, start: int, end: int) -> int:
        """If blank lines stand before and behind it, those before go as well."""
        is_before_gap = end >= len(self._text) or self._text[end] == "\n"
        while is_before_gap and self._text[:start].endswith("\n\n"):
            start -= 1
        return start

    def _begin_of_line(self, at: int) -> int:
        return self._text.rfind("\n", 0, max(at, 0)) + 1

    def _comment_column(self, at: int) -> int | None:
        """Where the comment begins if that line is nothing else."""
        line = self._text[at : self.end_of_line(at)] if at < len(self._text) else ""
        bare = line.lstrip(" ")
        return len(line) - len(bare) if bare.startswith("#") else None
