"""Speed as a ratio against a named peer in one run. Never a timed test."""
