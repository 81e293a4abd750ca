"""What does Slack answer to auth.test, users.*, usergroups.*, bots.info and team.info?

Must not look at conversations.
"""

from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.arguments import Arguments
from oncallbot.emulators.slack.conversations import page
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Json, User, UserGroup
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

LONGEST_NAME, LONGEST_DESCRIPTION = 21, 140


def api_test(_: Slack, args: Arguments) -> Json:
    if args.has("error"):
        return {"ok": False, "error": args.text("error"), "args": args.given}
    return {"args": args.given}


def auth_test(slack: Slack, _: Arguments) -> Json:
    app = slack.workspace.app
    return {
        "url": f"https://{app.team_domain}.slack.com/",
        "team": app.team_name,
        "user": app.app_name,
        "team_id": app.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def bot_info(slack: Slack, args: Arguments) -> Json:
    app = slack.workspace.app
    if args.text("bot", app.bot_id) != app.bot_id:
        raise Refused("bot_not_found", about=args.text("bot"))
    bot = {"id": app.bot_id, "deleted": False, "name": app.app_name, "app_id": app.app_id, "user_id": app.bot_user_id}
    return {"bot": bot}


def team_info(slack: Slack, args: Arguments) -> Json:
    app = slack.workspace.app
    if args.text("team", app.team_id) != app.team_id:
        raise Refused("team_not_found", about=args.text("team"))
    return {
        "team": {"id": app.team_id, "name": app.team_name, "domain": app.team_domain, "email_domain": "", "icon": {}}
    }


def user_info(slack: Slack, args: Arguments) -> Json:
    user = slack.workspace.users.get(args.text("user"))
    if user is None:
        raise Refused("user_not_found", about=args.text("user"))
    return {"user": _shown(slack.workspace, user)}


def user_list(slack: Slack, args: Arguments) -> Json:
    own = [user for user in slack.workspace.users.values() if user.team_id == slack.workspace.app.team_id]
    shown, after = page(own, args)
    users = [_shown(slack.workspace, user) for user in shown]
    return {"members": users, "response_metadata": {"next_cursor": after}}


def lookup_by_email(slack: Slack, args: Arguments) -> Json:
    workspace, wanted = slack.workspace, args.text("email").lower()
    for user in workspace.users.values():
        if user.email.lower() == wanted and user.team_id == workspace.app.team_id and not user.deleted:
            return {"user": _shown(workspace, user)}
    raise Refused("users_not_found", about=wanted)


def _shown(workspace: Workspace, user: User) -> Json:
    """The e-mail address only with the scope for it."""
    return render.user(workspace, user, "users:read.email" in workspace.app.scopes)


def _group(slack: Slack, args: Arguments) -> UserGroup:
    group = slack.workspace.groups.get(args.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam", about=args.text("usergroup"))
    return group


def _may_edit(slack: Slack) -> None:
    if not slack.workspace.app.is_paid:
        raise Refused("plan_upgrade_required")
    if not slack.workspace.app.may_edit_groups:
        raise Refused("permission_denied")


def group_list(slack: Slack, args: Arguments) -> Json:
    groups = [
        render.group(slack.workspace, group, args.flag("include_users"), args.flag("include_count"))
        for group in slack.workspace.groups.values()
        if not group.is_disabled or args.flag("include_disabled")
    ]
    return {"usergroups": groups}


def group_users(slack: Slack, args: Arguments) -> Json:
    group = _group(slack, args)
    if group.is_disabled and not args.flag("include_disabled"):
        raise Refused("no_such_subteam", about=f"{group.id} is disabled")
    return {"users": list(group.users)}


def group_set_users(slack: Slack, args: Arguments) -> Json:
    """Replaces the list, which may not be empty nor hold bots, guests or people from elsewhere."""
    group = _group(slack, args)
    _may_edit(slack)
    users = list(dict.fromkeys(args.listed("users")))
    if not users:
        raise Refused("no_users_provided")
    if wrong := [id for id in users if not _may_be_in_group(slack.workspace, id)]:
        raise Refused("invalid_users", about=", ".join(wrong))
    group.users, group.updates = users, group.updates + 1
    slack.workspace.journal.note("slack_usergroup", id=group.id, users=users)
    return {"usergroup": render.group(slack.workspace, group, True, args.flag("include_count"))}


def _may_be_in_group(workspace: Workspace, user_id: str) -> bool:
    user = workspace.users.get(user_id)
    if user is None or user.team_id != workspace.app.team_id:
        return False
    return not (user.is_bot or user.is_guest or user.deleted)


def group_create(slack: Slack, args: Arguments) -> Json:
    _may_edit(slack)
    workspace = slack.workspace
    name = args.text("name")
    made = UserGroup(workspace.new_id("S"), name, args.text("handle") or name.lower().replace(" ", "-"))
    if any(group.name == name for group in workspace.groups.values()):
        raise Refused("name_already_exists")
    if any(group.handle == made.handle for group in workspace.groups.values()):
        raise Refused("handle_already_exists")
    _describe(made, args)
    workspace.groups[made.id] = made
    return {"usergroup": render.group(workspace, made, True, args.flag("include_count"))}


def group_update(slack: Slack, args: Arguments) -> Json:
    group = _group(slack, args)
    _may_edit(slack)
    _describe(group, args)
    return {"usergroup": render.group(slack.workspace, group, True, args.flag("include_count"))}


def _describe(group: UserGroup, args: Arguments) -> None:
    group.name = args.text("name") or group.name
    group.handle = args.text("handle") or group.handle
    group.description = args.text("description", group.description)
    if len(group.description) > LONGEST_DESCRIPTION:
        raise Refused("description_too_long")
    if args.has("channels"):
        group.channels = args.listed("channels")


def group_enable(slack: Slack, args: Arguments) -> Json:
    return _switch(slack, args, is_disabled=False)


def group_disable(slack: Slack, args: Arguments) -> Json:
    return _switch(slack, args, is_disabled=True)


def _switch(slack: Slack, args: Arguments, is_disabled: bool) -> Json:
    group = _group(slack, args)
    _may_edit(slack)
    group.is_disabled = is_disabled
    return {"usergroup": render.group(slack.workspace, group, True, args.flag("include_count"))}


HANDLERS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "bots.info": bot_info,
    "team.info": team_info,
    "users.info": user_info,
    "users.list": user_list,
    "users.lookupByEmail": lookup_by_email,
    "usergroups.list": group_list,
    "usergroups.users.list": group_users,
    "usergroups.users.update": group_set_users,
    "usergroups.create": group_create,
    "usergroups.update": group_update,
    "usergroups.enable": group_enable,
    "usergroups.disable": group_disable,
}
