"""What makes up one emulated world?

Must not serve anything: `app` puts HTTP in front of it.
"""

from dataclasses import dataclass

from oncallbot.emulators.faults import Faults
from oncallbot.emulators.handsets import Handsets
from oncallbot.emulators.journal import Journal
from oncallbot.emulators.postman import Answer, Postman, Webhook
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.slack import couriers
from oncallbot.emulators.slack.service import Slack, new_slack
from oncallbot.emulators.stage import Stage
from oncallbot.emulators.twilio.exchange import Exchange, judge, new_account


@dataclass(slots=True)
class World:
    settings: Settings
    journal: Journal
    faults: Faults
    postman: Postman
    handsets: Handsets
    twilio: Exchange
    slack: Slack
    stage: Stage

    async def reset(self) -> None:
        """As new: everything that happened is forgotten, everything under way stops. The stage stays."""
        self.faults.clear()
        await self.postman.stop()
        await self.twilio.clear()
        self.slack.clear()
        self.handsets.clear()
        self.journal.clear()

    async def stop(self) -> None:
        self.journal.stop()
        self.faults.clear()
        await self.postman.stop()
        await self.twilio.stop()
        self.slack.stop()
        for handset in self.handsets.known.values():
            handset.stop()


def new_world(settings: Settings) -> World:
    journal = Journal()
    faults = Faults(journal)

    def on_answer(webhook: Webhook, answer: Answer) -> None:
        if webhook.vendor == "twilio":
            judge(journal, webhook, answer)
        else:
            couriers.judge(slack.workspace, webhook, answer)

    postman = Postman(journal, faults, settings.webhook_seconds, on_answer)
    handsets = Handsets(journal, settings)
    exchange = Exchange(settings, journal, postman, handsets, new_account(settings))
    slack = new_slack(settings, journal, postman)
    return World(settings, journal, faults, postman, handsets, exchange, slack, Stage(journal))
