"""The nouns: frozen records, and what may happen to them.

A class here is the only place where a field, its type and its limits stand. Storage, the control API, fixtures and
JSON Schema are derived from it. Nothing here does I/O, reads a clock or draws a random number.
"""
