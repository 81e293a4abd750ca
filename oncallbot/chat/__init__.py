"""Speaks Slack; nothing else imports its libraries: `client`, `app`, `card`, `blocks`, `texts`, `bodies`, `manifest`."""
