"""The demo page: `static/` is the page itself, `files` serves it."""
