"""The emulated Twilio: its REST interface, its exchange, its text network."""
