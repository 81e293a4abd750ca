"""What does the emulators' one HTTP server offer?

Must not start a server: `server` does, for the command line and for tests.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from oncallbot import emulators
from oncallbot.emulators.gate import Gate, Vendor
from oncallbot.emulators.page import files
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.sim import control, handset_control, slack_control, slack_play, stage_control, watch
from oncallbot.emulators.slack import api, openid
from oncallbot.emulators.twilio import rest
from oncallbot.emulators.world import World, new_world


def create_app(settings: Settings | None = None, world: World | None = None) -> FastAPI:
    """The page, the vendors' interfaces and `/sim`. `app.state.world` is the world behind it."""
    world = world or new_world(settings or Settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await world.stop()

    app = FastAPI(title="Emulators", docs_url="/sim/docs", openapi_url="/sim/openapi.json", lifespan=lifespan)
    app.state.world = world
    app.add_api_route("/sim", lambda: PlainTextResponse(emulators.__doc__), include_in_schema=False)
    app.include_router(files.router())
    for router in (
        handset_control.router(world),
        control.router(world),
        stage_control.router(world),
        watch.router(world),
    ):
        app.include_router(router, prefix="/sim")
    for router in (slack_control.router(world), slack_play.router(world)):
        app.include_router(router, prefix="/sim/slack")
    app.router.routes.extend(rest.routes(world.twilio))
    app.router.routes.extend(openid.routes(world.slack))  # two of them lie among the methods
    app.router.routes.extend(api.routes(world.slack))
    vendors = (
        Vendor("twilio", rest.PREFIX, rest.refuse_by_fault, lambda: world.twilio.account.clock_skew),
        Vendor("slack", api.PREFIX, api.refuse_by_fault, lambda: world.slack.workspace.app.clock_skew),
        Vendor("slack", api.HOOKS, api.refuse_by_fault),
        *(Vendor("slack", prefix, api.refuse_by_fault) for prefix in openid.PREFIXES),
    )
    app.add_middleware(Gate, journal=world.journal, faults=world.faults, vendors=vendors)
    return app
