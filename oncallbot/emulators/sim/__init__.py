"""The control interface: tests and the demo page play the world through it."""
