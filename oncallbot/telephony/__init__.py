"""Speaks Twilio; nothing else in the project imports it. `client`, `signature`, `twiml`, `numbers`, `codes`."""
