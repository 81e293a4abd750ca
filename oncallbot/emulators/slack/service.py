"""What makes up the emulated Slack?

Must not serve anything: `api` and the control interface do.
"""

from dataclasses import dataclass

from oncallbot.emulators.journal import Journal
from oncallbot.emulators.postman import Postman
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.slack.couriers import Couriers
from oncallbot.emulators.slack.official import Official
from oncallbot.emulators.slack.workspace import Workspace, new_app


@dataclass(slots=True)
class Slack:
    workspace: Workspace
    couriers: Couriers
    official: Official | None

    def clear(self) -> None:
        """As new; only the address of the emulator stays."""
        self.stop()
        old = self.workspace
        self.workspace = Workspace(old.settings, old.journal, new_app(old.settings), old.base_url)
        self.couriers.workspace = self.workspace

    def stop(self) -> None:
        self.couriers.stop()


def new_slack(settings: Settings, journal: Journal, postman: Postman) -> Slack:
    workspace = Workspace(settings, journal, new_app(settings))
    official = Official.at(settings.slack_data) if settings.slack_data else None
    return Slack(workspace, Couriers(workspace, postman), official)
