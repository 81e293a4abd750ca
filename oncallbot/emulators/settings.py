"""Which accounts, how fast, and where does the emulated world run?

Must not read the environment: everything comes from the command line or a test.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`speech_rate` is real seconds per spoken sentence; `time_scale` real seconds per simulated second.

    `is_open`: it may be reached from other machines, because whoever started it wants to.
    """

    host: str = "127.0.0.1"
    port: int = 0
    is_open: bool = False
    account_sid: str = "ACe0000000000000000000000000000001"
    auth_token: str = "e0000000000000000000000000000002"
    secondary_token: str = "e0000000000000000000000000000003"
    api_key_sid: str = "SKe0000000000000000000000000000004"
    api_key_secret: str = "e0000000000000000000000000000005"
    speech_rate: float = 0.02
    time_scale: float = 1.0
    webhook_seconds: float = 15.0
    calls_per_second: float = 0.0
    slack_request_url: str = ""
    slack_signing_secret: str = "e0000000000000000000000000000006"
    slack_token: str = "xoxb-emulated-0007"
    slack_team_id: str = "T0EXAMPLE1"
    slack_bot_id: str = "B0ONCALL01"
    slack_bot_user_id: str = "U0ONCALL01"
    slack_client_id: str = "1000000000.2000000000"
    slack_client_secret: str = "e0000000000000000000000000000008"
    slack_data: str = ""

    def __post_init__(self) -> None:
        if self.time_scale <= 0 or self.speech_rate < 0:
            raise ValueError("time_scale must be above 0, speech_rate not below")

    def real(self, simulated_seconds: float) -> float:
        """Real seconds that so many simulated seconds take."""
        return simulated_seconds * self.time_scale

    def simulated(self, real_seconds: float) -> float:
        return real_seconds / self.time_scale
