"""The night of `tests.engine.stage`."""

from tests.engine.outside import connected as connected
from tests.engine.outside import emulator as emulator
from tests.engine.outside import front as front
from tests.engine.outside import product as product
from tests.engine.outside import sim as sim
from tests.engine.outside import twilio as twilio
from tests.engine.stage import clock as clock
from tests.engine.stage import database as database
from tests.engine.stage import night as night
from tests.engine.stage import night_url as night_url
from tests.engine.stage import postgresql_night as postgresql_night
from tests.engine.stage import second_process as second_process
from tests.engine.stage import sqlite_night as sqlite_night
from tests.slack_stage import chat_night as chat_night
from tests.slack_stage import slack_night as slack_night
from tests.slack_stage import sqlite_slack_night as sqlite_slack_night
