"""Speaks Twilio; nothing else imports it. `client`, `signature`, `twiml`, `numbers`, `codes` and more."""
