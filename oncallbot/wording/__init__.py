"""Says and understands: every sentence that a person reads or hears, by reader and language, and the reply parser."""
