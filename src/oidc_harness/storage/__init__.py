"""One port (`port.py`) and the stores behind it.

Nothing above `harness/` and `web/` knows which store is used.
"""
