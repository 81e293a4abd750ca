"""How are the emulators started from the command line?

Must not import the product: they run beside it.
"""

import argparse
import gc
import sys

from oncallbot.emulators.app import create_app
from oncallbot.emulators.server import listen, serve, url_of
from oncallbot.emulators.settings import Settings

SLACK = (
    *("slack-request-url", "slack-signing-secret", "slack-token", "slack-team-id"),
    *("slack-bot-id", "slack-bot-user-id", "slack-client-id", "slack-client-secret", "slack-data"),
)


def main(arguments: list[str] | None = None) -> int:
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m oncallbot.emulators", description="Emulated Twilio, handsets and Slack."
    )
    for name in ("host", "account-sid", "auth-token", "secondary-token", "api-key-sid", "api-key-secret", *SLACK):
        parser.add_argument(f"--{name}", default=getattr(default, name.replace("-", "_")))
    parser.add_argument("--port", type=int, default=default.port)
    for name in ("speech-rate", "time-scale", "webhook-seconds", "calls-per-second"):
        parser.add_argument(f"--{name}", type=float, default=getattr(default, name.replace("-", "_")))
    parser.add_argument("--open", action="store_true", dest="is_open", help="other machines may reach it (see --host)")
    given = parser.parse_args(arguments)
    try:
        settings = Settings(**vars(given))
        app = create_app(settings)
        listener = listen(settings)
    except (OSError, ValueError) as error:
        print(f"cannot start on {given.host}:{given.port}: {error}; another --port or --host may do", file=sys.stderr)
        return 1
    url = url_of(settings, listener)
    gc.freeze()  # what was imported stays for good: the collector need not look at it, nor the end take it apart
    serve(settings, listener, app, lambda _: print(f"Listening on {url}/", flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
