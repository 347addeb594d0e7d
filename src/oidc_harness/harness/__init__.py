"""Realms as worlds: clock, entropy, keys, switchboard, journal; the runner that carries decisions out; verdicts."""
