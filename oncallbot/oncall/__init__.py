"""Who is on call at this instant, and why? Pure: no clock, no log, no database, nothing beyond the standard library."""
