"""What does this `/oncall` command order? The grammar that people type, and what is answered when it does not fit.

It must not guess: what is not understood is answered with what was, what was not, and forms that would be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from oncallbot.escalation.events import Answer
from oncallbot.wording import command_forms as forms
from oncallbot.wording import shift_commands
from oncallbot.wording.command_forms import Command, NotUnderstood
from oncallbot.wording.command_list import FORMS, VERBS
from oncallbot.wording.command_parts import Parts
from oncallbot.wording.command_words import Known, bare, nearest, phrase, readable, reference, tokens
from oncallbot.wording.hours_commands import read_hours
from oncallbot.wording.moments import Ambiguous, parse_moment
from oncallbot.wording.rotation_commands import read_rotation
from oncallbot.wording.rotation_create import read_create
from oncallbot.wording.schedule_forms import EditRotation
from oncallbot.wording.text import clean

__all__ = ["NotUnderstood", "not_understood_text", "parse"]

_LONGEST_NOTE = 1_000
_MOST_NEAREST = 3
_LONGEST_NEAREST = 250


def parse(text: str, known: Known, now: datetime, tz: str) -> Command | NotUnderstood:
    """The command in what was typed behind `/oncall`, times read in the writer's zone `tz`; never raises.

    `text` is Slack's, with its mentions (`<@U…>`), its entities (`&amp;`) resolved. Case, blanks, curly quotes and
    stops at the end do not matter.
    """
    parser = _Parser(known, now, tz)
    words = tokens(text)
    read = parser.read(words)
    if not isinstance(read, NotUnderstood):
        return read
    fitting = [
        one
        for one in dict.fromkeys(read.nearest)
        if len(one) <= _LONGEST_NEAREST and not isinstance(parser.read(tokens(one)), NotUnderstood)
    ]
    proposed = fitting[:_MOST_NEAREST] or [parser.example(_verb(words)[0] or "help")]
    return NotUnderstood(
        clean(readable([read.understood], known), 200),
        clean(readable([read.not_understood], known), 200),
        tuple(proposed),
        read.reason,
    )


def not_understood_text(wrong: NotUnderstood) -> str:
    """The answer to a command that was not understood: up to four lines of plain text."""
    lines = [f"Understood: {wrong.understood}" if wrong.understood else ""]
    if wrong.not_understood:
        lines.append(f"Not understood: {wrong.not_understood}" + (f" ({wrong.reason})" if wrong.reason else ""))
    elif wrong.reason:
        lines.append(f"Missing: {wrong.reason}")
    lines.append("Write: " + " or ".join(f"/oncall {one}" for one in wrong.nearest))
    return "\n".join(line for line in lines if line)


def _rotation(parts: Parts, verb: str, rest: list[str]) -> Command | NotUnderstood:
    """A rotation's command with the reason behind it, which proposals keep."""
    rest, reason = parts.reason(rest)
    read = read_create(parts, rest) if verb == "rotation create" else read_rotation(parts, verb, rest)
    if isinstance(read, EditRotation):
        return replace(read, reason=reason)
    if isinstance(read, NotUnderstood) and reason:
        return replace(read, nearest=tuple(f"{one} because {reason}" for one in read.nearest))
    return read


def _verb(words: list[str]) -> tuple[str | None, list[str]]:
    """The command that the first words name, the longest first, and the words behind them."""
    for count in (3, 2, 1):
        verb = VERBS.get(phrase(words[:count]) or words[0]) if len(words) >= count else None
        if verb is not None:
            return verb, words[count:]
    return None, words


@dataclass(frozen=True, slots=True)
class _Parser:
    """Reads words; `nearest` of what it does not understand are proposals that nobody has tried yet."""

    known: Known
    now: datetime
    tz: str

    def read(self, words: list[str]) -> Command | NotUnderstood:
        if not words:
            return forms.ShowOverview()
        verb, rest = _verb(words)
        match verb:
            case None:
                return self._unknown(words)
            case "who" | "why" | "shifts":
                return self._about_schedule(verb, rest)
            case "page":
                return self._page(rest)
            case "help":
                return self._help(rest)
            case "me" | "issues":
                command: Command = forms.ShowMe() if verb == "me" else forms.ShowIssues()
                return NotUnderstood(verb, " ".join(rest), (verb,)) if rest else command
            case "note" | "resolve":
                return self._with_words(verb, rest)
            case "snooze":
                return self._snooze(rest)
            case "hand over" | "add responder":
                return self._with_person(verb, rest)
            case _ if verb in _OF_ISSUE:
                return self._of_issue(verb, rest)
            case _:
                return self._about_editing(verb, rest)

    def _about_editing(self, verb: str, rest: list[str]) -> Command | NotUnderstood:
        """Rotations, shifts, absences, office hours: each has a module of its own."""
        parts = Parts(self.known, self.now, self.tz)
        match verb.split()[0]:
            case "hours":
                return read_hours(parts, verb, rest)
            case "rotation":
                return _rotation(parts, verb, rest)
            case _:
                return shift_commands.READ[verb](parts, rest)

    def example(self, verb: str) -> str:
        """The command as somebody might write it here, with names that exist where there are any."""
        return FORMS[verb].example.format(
            schedule=self.known.schedules[0] if self.known.schedules else "primary",
            responder=self.known.people[0].id if self.known.people else "who",
            issue=self.known.open_issues[0] if self.known.open_issues else 1042,
            hours=next(iter(self.known.office_hours), "berlin"),
        )

    def _unknown(self, words: list[str]) -> Command | NotUnderstood:
        """No command's name: an issue's number alone shows it; else what it may have been meant to be."""
        ref = reference(words[0])
        if ref is not None and len(words) == 1:
            return forms.ShowIssue(ref.number)
        near: list[str] = []
        if ref is not None:
            verb, behind = _verb(words[1:])
            if verb is not None:
                near.append(" ".join((verb, str(ref.number), *behind)))
            return NotUnderstood(f"issue {ref.number}", " ".join(words[1:]), (*near, f"issue {ref.number}"))
        for count in (2, 1):  # two words can be meant for a name of two words only: `hnad over`, not `snoze 1042`
            names = [one for one in VERBS if one.count(" ") == count - 1]
            close = nearest(phrase(words[:count]), names, most=2, cutoff=0.75 if count > 1 else 0.6)
            near += [" ".join((VERBS[one], *words[count:])) for one in close]
            near += [self.example(VERBS[one]) for one in close]
        wrong = words[:1] if near else words
        if self.known.schedule(words[0]) is not None:
            near.append(" ".join(("who", *words)))
        if len(words) > 2:
            near.append(" ".join(("page", readable(words, self.known))))
        return NotUnderstood("", " ".join(wrong), (*near, "help"))

    def _help(self, rest: list[str]) -> Command | NotUnderstood:
        if not rest:
            return forms.ShowHelp()
        verb, behind = _verb(rest)
        if verb is not None and not behind:
            return forms.ShowHelp(verb)
        close = nearest(phrase(rest), VERBS)
        return NotUnderstood("help", " ".join(rest), (*(f"help {VERBS[one]}" for one in close), "help"))

    # Schedules and times.

    def _about_schedule(self, verb: str, rest: list[str]) -> Command | NotUnderstood:
        words = self._without_fillers(rest)
        schedule = self.known.schedule(words[0]) if words else None
        words = words[1:] if schedule is not None else words
        if schedule is None and verb == "why":
            if len(self.known.schedules) != 1:
                return self._which_schedule(words)
            schedule = self.known.schedules[0]
        head = f"{verb} {schedule}" if schedule else verb
        if not words:
            return _asking(verb, schedule, None)
        at = self._moment(head, "for" if verb == "shifts" else "at", words)
        if not isinstance(at, NotUnderstood):
            return _asking(verb, schedule, at)
        if schedule is None:  # is it a schedule's name that is misspelt, rather than a time?
            close = tuple(" ".join((verb, one, *words[1:])) for one in nearest(bare(words[0]), self.known.schedules))
            return NotUnderstood(at.understood, at.not_understood, (*close, *at.nearest), at.reason)
        return at

    def _without_fillers(self, words: list[str]) -> list[str]:
        """`is on call in primary` asks for primary."""
        while words and self.known.schedule(words[0]) is None:
            behind_is_schedule = len(words) > 1 and self.known.schedule(words[1]) is not None
            is_filler = bare(words[0]) in ("is", "on", "call", "on-call", "oncall", "in", "schedule")
            if not is_filler and not (behind_is_schedule and bare(words[0]) in ("for", "of", "the")):
                break
            words = words[1:]
        return words

    def _which_schedule(self, words: list[str]) -> NotUnderstood:
        close = nearest(bare(words[0]), self.known.schedules) if words else []
        near = [" ".join(("why", one, *words[1:])) for one in close]
        near += [f"why {one}" for one in (*close, *self.known.schedules)]
        return NotUnderstood("why", " ".join(words), tuple(near), "" if words else "which schedule")

    def _moment(self, head: str, joint: str, words: list[str]) -> datetime | NotUnderstood:
        """The time in these words, with or without `at`, `until` or `for` before it."""
        spoken = words[1:] if bare(words[0]) in ("at", "until", "till", "to", "by") else words
        text = " ".join(spoken)
        meant = parse_moment(text, self.now, self.tz)
        if isinstance(meant, datetime):
            return meant
        near: tuple[str, ...]
        if not spoken:
            near, reason = ("tomorrow 08:00", "in 2 hours"), "when"
        elif isinstance(meant, Ambiguous):
            near, reason = meant.choices, meant.reason
        else:
            near, reason = ("tomorrow 08:00", "in 2 hours"), "not a time"
        if joint == "for":
            near = (*(f"for {text.split()[-1]} {unit}" for unit in ("weeks", "days")), *near, "for 2 weeks")
        written = [f"{head} {_joined(one, joint)}" for one in near]
        return NotUnderstood(head, text, tuple(written), reason)

    # Issues.

    def _with_person(self, verb: str, rest: list[str]) -> Command | NotUnderstood:
        """`1042 to @who`, `@who to 1042`, `@who`: the reference stands at either end."""
        number, words = None, list(rest)
        for end in (0, -1):
            ref = reference(words[end]) if words else None
            if ref is not None:
                number = ref.number
                words.pop(end)
                break
        while words and bare(words[0]) in ("to", "responder", "over", "issue"):
            words.pop(0)
        while words and bare(words[-1]) in ("to", "issue"):
            words.pop()
        head = verb if number is None else f"{verb} {number}"
        text = " ".join(words)
        people = self.known.person(text) if words else ()
        if len(people) == 1:
            to = people[0].id
            return forms.HandOver(number, to) if verb == "hand over" else forms.AddResponder(number, to)
        if people:
            reason = "several people have this name"
        else:
            reason = "nobody of that name is a responder" if words else "whom"
        if verb == "hand over" and bare(text) == "back":
            return NotUnderstood(head, text, (head.replace("over", "back", 1),))
        ids = [one.id for one in people] or self.known.people_near(text) or [one.id for one in self.known.people]
        joint = " to" if verb == "hand over" else ""
        near = [f"{head}{joint} @{one}" for one in ids]
        if verb == "add responder" and any(map(self.known.schedule, words)):
            near.insert(0, f"rotation add {text}")
        return NotUnderstood(head, text, tuple(near), reason)

    def _snooze(self, rest: list[str]) -> Command | NotUnderstood:
        number, words = None, rest
        whole = self._moment("snooze", "until", rest) if rest else None
        if isinstance(whole, datetime):
            return forms.SnoozeIssue(None, whole)
        ref = reference(rest[0]) if rest else None
        if ref is not None:
            number, words = ref.number, rest[1:]
        head = "snooze" if number is None else f"snooze {number}"
        if not words:
            near = tuple(f"{head} {one}" for one in ("for 2 hours", "until tomorrow 08:00"))
            return NotUnderstood(head, "", near, "until when")
        until = self._moment(head, "until", words)
        return until if isinstance(until, NotUnderstood) else forms.SnoozeIssue(number, until)

    def _with_words(self, verb: str, rest: list[str]) -> Command | NotUnderstood:
        """The first word is the issue only when it can be nothing else: `note 4 disks replaced` names none."""
        number, behind = None, rest
        ref = reference(rest[0]) if rest else None
        if ref is not None:
            is_certain = ref.is_named or ref.number in self.known.open_issues or ref.number > 999
            if is_certain or len(rest) == 1 or rest[0][-1] == ":":
                number, behind = ref.number, rest[1:]
        words = clean(readable(behind, self.known).lstrip(":-–— "), _LONGEST_NOTE)
        if verb == "resolve":
            return forms.AnswerIssue(Answer.RESOLVE, number, words)
        if words:
            return forms.AnswerIssue(Answer.NOTE, number, words)
        head = "note" if number is None else f"note {number}"
        return NotUnderstood(head, "", (f"{head} looking at it",), "what to note")

    def _of_issue(self, verb: str, rest: list[str]) -> Command | NotUnderstood:
        """Commands that name an issue and nothing else."""
        words = rest[1:] if len(rest) > 1 and bare(rest[0]) == "issue" else rest
        if not words or (len(words) == 1 and bare(words[0]) in ("it", "this", "that")):
            return _OF_ISSUE[verb](None)
        ref = reference(words[0])
        if ref is not None and len(words) == 1:
            return _OF_ISSUE[verb](ref.number)
        named = [one.number for one in map(reference, words) if one is not None]
        close = nearest(bare(words[0]), map(str, self.known.open_issues)) if ref is None else []
        near = [f"{verb} {one}" for one in (*named, *close, *self.known.open_issues[:_MOST_NEAREST])]
        if ref is not None:
            reason = "one issue at a time" if len(named) > 1 else ""
            return NotUnderstood(f"{verb} {ref.number}", " ".join(words[1:]), tuple(near), reason)
        return NotUnderstood(verb, " ".join(words), tuple(near), "not an issue's number")

    def _page(self, rest: list[str]) -> Command | NotUnderstood:
        """Everything is words, but for a last `for <customer>` that we know. A page is never kept waiting by a name."""
        words, customer, hotline = rest, None, None
        last = max((index for index, word in enumerate(rest) if word.casefold() == "for"), default=0)
        if last:
            name = " ".join(rest[last + 1 :])
            customer = self.known.customer(name)
            hotline = None if customer else self.known.hotline(name)
            words = rest[:last] if customer or hotline else rest
        text = readable(words, self.known)
        if not any(one.isalnum() for one in text):
            return NotUnderstood("page", "", (self.example("page"),), "what has happened")
        return forms.PageOnCall(text, customer, hotline)


_OF_ISSUE: dict[str, Callable[[int | None], Command]] = {
    "acknowledge": lambda number: forms.AnswerIssue(Answer.ACKNOWLEDGE, number),
    "pass": lambda number: forms.AnswerIssue(Answer.PASS, number),
    "issue": forms.ShowIssue,
    "hand back": forms.HandBack,
    "take over": forms.TakeOver,
    "escalate now": forms.EscalateNow,
    "split": forms.SplitIssue,
    "dismiss": forms.DismissIssue,
    "close": forms.CloseIssue,
}


def _asking(verb: str, schedule: str | None, at: datetime | None) -> Command:
    if verb == "shifts":
        return forms.ShowShifts(schedule, at)
    if verb == "why" and schedule is not None:
        return forms.ShowWhy(schedule, at)
    return forms.ShowWho(schedule, at)


def _joined(time: str, joint: str) -> str:
    """`until tomorrow 08:00`, but `for 2 hours` and `at 20:00`, whatever the time began with."""
    if time.startswith(("in ", "for ")):
        return time if joint == "at" else f"for {time.split(' ', 1)[1]}"
    return f"until {time}" if joint == "for" else f"{joint} {time}"
