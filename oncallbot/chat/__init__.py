"""Speaks Slack; only here are its libraries: `client`, `app`, `card`, `blocks`, `texts`, `bodies`, `manifest`."""
