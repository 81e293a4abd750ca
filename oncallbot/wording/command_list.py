"""Which commands of `/oncall` are there, by which words, and how is each written?

It must not read anybody's text: `commands` does. Every example is understood at any time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """How a command is written: its grammar, an example with gaps, what it does, and its other names."""

    grammar: str
    example: str
    says: str
    aliases: tuple[str, ...] = ()


FORMS = {
    "who": Form(
        "who [schedule] [at <time>]",
        "who {schedule} at Sat 20:00",
        "who is on call, until when, and who is next",
        ("whos", "who's", "who is", "on call", "oncall", "on-call"),
    ),
    "me": Form("me", "me", "your shifts and your issues", ("my shifts", "mine")),
    "shifts": Form(
        "shifts [schedule] [for 2 weeks]", "shifts {schedule} for 2 weeks", "the coming shifts", ("shift", "schedule")
    ),
    "why": Form("why <schedule> [at <time>]", "why {schedule}", "why this person is on call"),
    "page": Form("page <what> [for <customer>]", "page the server is down", "pages whoever is on call, at any hour"),
    "issues": Form("issues", "issues", "the open issues", ("list", "open issues")),
    "issue": Form("issue 1042", "issue {issue}", "one issue and what has happened", ("show", "timeline", "status")),
    "acknowledge": Form(
        "acknowledge 1042", "acknowledge {issue}", "you have it", ("ack", "acknowledged", "acked", "4")
    ),
    "pass": Form("pass 1042", "pass {issue}", "not you: others are paged at once", ("pass on", "5")),
    "resolve": Form(
        "resolve 1042 [what you did]",
        "resolve {issue} restarted the server",
        "it is fixed; the customer reads what you did",
        ("resolved", "fixed", "6"),
    ),
    "note": Form("note 1042 <words>", "note {issue} looking at the logs", "a line on the timeline", ("comment",)),
    "snooze": Form(
        "snooze 1042 until <time> | for 2 hours", "snooze {issue} for 2 hours", "you are not reminded before then"
    ),
    "hand over": Form(
        "hand over 1042 to @who",
        "hand over {issue} to @{responder}",
        "asks somebody to take it; it stays yours until they do",
        ("handover", "hand-over", "hand"),
    ),
    "hand back": Form(
        "hand back 1042",
        "hand back {issue}",
        "you cannot go on with it: others are paged",
        ("handback", "hand-back", "unacknowledge"),
    ),
    "add responder": Form(
        "add responder @who to 1042",
        "add responder @{responder} to {issue}",
        "pages one more person",
        ("add", "add-responder"),
    ),
    "take over": Form(
        "take over 1042", "take over {issue}", "you take it from whoever has it", ("takeover", "take-over")
    ),
    "escalate now": Form(
        "escalate now 1042", "escalate now {issue}", "pages the next level at once", ("escalate", "escalate-now")
    ),
    "split": Form("split 1042", "split {issue}", "makes its newest report an issue of its own", ("split off",)),
    "dismiss": Form("dismiss 1042", "dismiss {issue}", "it was no issue (managers only)"),
    "close": Form("close 1042", "close {issue}", "closes what is resolved or held", ("closed",)),
    "cover me": Form(
        "cover me [<from> to <until>] [in <schedule>] [because <reason>]",
        "cover me 20:00 to 08:00 in {schedule}",
        "asks the others to cover your shift, or a part of it; the first to accept has it",
        ("cover", "cover for me"),
    ),
    "take": Form(
        "take <schedule> until <time> | for 2 hours",
        "take {schedule} for 2 hours",
        "you are on call from now until then",
    ),
    "swap": Form(
        "swap my week | <your shift at> | <from> to <until> with @who [<theirs>] [in <schedule>] [because <reason>]",
        "swap my week with @{responder}",
        "asks somebody to swap a week of nights (any stint), a shift or a stretch of time; theirs is the next week, "
        "unless you say which: week of 2026-12-14, 20:00, 2026-12-14 to 2026-12-20",
        ("swap shifts", "swap my"),
    ),
    "absent": Form(
        "absent [@who] [<from> to <until>] [because <reason>]",
        "absent tomorrow to tomorrow",
        "somebody is away, whole days or by the hour; whoever is next covers; alone it lists who is away",
        ("away", "absence", "absences", "vacation", "sick"),
    ),
    "back": Form(
        "back [@who] [at <time>]", "back", "ends an absence, or takes the coming one away", ("not absent", "not away")
    ),
    "override": Form(
        "override <schedule> @who <from> to <until> [instead of @other] [because <reason>]",
        "override {schedule} @{responder} 20:00 to 08:00",
        "somebody is on call then, whatever the rotation says",
        ("override add",),
    ),
    "override remove": Form(
        "override remove <schedule> [@who] [at <time>]",
        "override remove {schedule} @{responder}",
        "takes away a coming override, or ends a running one",
        ("override end", "override delete", "remove override", "end override", "undo override"),
    ),
    "rotation": Form(
        "rotation [schedule]", "rotation {schedule}", "a form with everything about one rotation", ("rotations", "rota")
    ),
    "rotation show": Form(
        "rotation show <schedule>",
        "rotation show {schedule}",
        "who takes turns, how long and from when",
        ("show rotation", "rota show"),
    ),
    "rotation create": Form(
        "rotation create <name> every 1 week at Mon 09:00 @a @b @c [in <time zone>] [outside <office hours>]",
        "rotation create weekend every 1 week at Fri 18:00 @{responder}",
        "a new schedule; @a+@b are on call together, nobody is an empty turn",
        ("create rotation", "rotation new", "rota create", "new rotation"),
    ),
    "rotation add": Form(
        "rotation add <schedule> @who",
        "rotation add {schedule} @{responder}",
        "one more person, at the end of the order",
        ("rota add",),
    ),
    "rotation remove": Form(
        "rotation remove <schedule> @who",
        "rotation remove {schedule} @{responder}",
        "somebody takes no more turns",
        ("rotation delete", "rota remove"),
    ),
    "rotation order": Form(
        "rotation order <schedule> @a @b @c | fairest",
        "rotation order {schedule} fairest",
        "a new order, or the fairest one by hours worked",
        ("rotation reorder", "rota order"),
    ),
    "rotation handoff": Form(
        "rotation handoff <schedule> Tue 10:00",
        "rotation handoff {schedule} Tue 10:00",
        "when shifts change",
        ("rotation handover", "rota handoff"),
    ),
    "rotation every": Form(
        "rotation every <schedule> 2 weeks", "rotation every {schedule} 2 weeks", "how long a shift is", ("rota every",)
    ),
    "rotation windows": Form(
        "rotation windows <schedule> mon-fri 18:00-09:00, sat-sun | outside <office hours> | always",
        "rotation windows {schedule} mon-fri 18:00-09:00, sat-sun",
        "when the rotation counts",
        ("rotation window", "rota windows"),
    ),
    "hours": Form(
        "hours [office hours] [mon-fri 09:00-18:00]",
        "hours",
        "the office hours; with times it changes them",
        ("office hours", "opening hours"),
    ),
    "hours closed": Form(
        "hours <office hours> closed 2026-12-24 [to 2026-12-26] [reason]",
        "hours closed {hours} tomorrow",
        "closed on these days",
        ("hours close",),
    ),
    "hours opened": Form(
        "hours <office hours> opened 2026-12-19 10:00-14:00",
        "hours opened {hours} tomorrow 10:00-14:00",
        "open at these times, although it would be closed",
        ("hours open",),
    ),
    "hours usual": Form(
        "hours <office hours> usual 2026-12-24",
        "hours usual {hours} tomorrow",
        "that day is again as in every week",
        ("hours normal",),
    ),
    "hours holidays": Form(
        "hours <office hours> holidays DE BE | none",
        "hours holidays {hours} DE BE",
        "whose public holidays close the office: country, and part of it",
        ("hours holiday",),
    ),
    "feed": Form(
        "feed [schedule]", "feed", "the address of your shifts, or of a schedule, for a calendar program", ("calendar",)
    ),
    "feed revoke": Form(
        "feed revoke [schedule]", "feed revoke", "that address is good no more", ("calendar revoke", "revoke feed")
    ),
    "help": Form("help [command]", "help snooze", "this list", ("?", "commands", "usage")),
}

GROUPS = ("rotation", "hours", "override", "feed")
"""Commands with more of their kind behind them; help shows those together."""

VERBS = {alias: verb for verb, form in FORMS.items() for alias in (verb, *form.aliases)}
