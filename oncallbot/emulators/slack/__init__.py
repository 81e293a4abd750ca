"""Emulated Slack: one workspace, the one app installed in it, and everybody who can be met there."""
